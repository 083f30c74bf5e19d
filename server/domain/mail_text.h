/* domain/mail_text.h: what a mail says: the texts mail.<kind>.* of model/i18n, as plain text and as HTML. */
#pragma once
#include "domain/ctx.h"

typedef struct Letter {
    const char *kind;      /* mail.<kind>.subject … */
    const char *cause;     /* of a notification: direct, group, mention, thread; NULL otherwise */
    Str to, locale;
    Str path;              /* of the link, below the site's address; empty: no button */
    Str quote;             /* what a person wrote: shown as it is, never as HTML */
    bool hides_text;
    Str names[8], values[8];
    size_t param_count;
    Str subject, text, html; /* by letter_write */
} Letter;

/* A {Name} of the texts; replaces an earlier value. */
void letter_set(Ctx *ctx, Letter *letter, const char *name, Str value);
/* Fills in subject, text and html. */
void letter_write(Ctx *ctx, Letter *letter);

/* How people are called here: TeamSettings.TeammateNameDisplay. */
Str letter_name_of(Ctx *ctx, const User *user);
/* "2026-11-24 03:04 UTC" */
Str letter_time(Arena *arena, int64_t unix_ms);
/* Everything but letters, digits and "-._~" as %XX. */
Str url_encode(Arena *arena, Str s);
