/* domain/slash_commands.h: slash commands that are built in: "/join ~town-square".
 *
 * A command acts with the rights of the one who types it. What it answers to that person alone is an ephemeral message;
 * what it says to all is posted as hers. A refusal of what it does is answered in the words of the error.
 */
#pragma once
#include "domain/access.h"

typedef struct SlashAsk {
    Str text; /* with its slash */
    Str channel_id, team_id, root_id;
} SlashAsk;

typedef struct SlashReply {
    bool is_in_channel; /* else for the one who typed it */
    Str text;           /* has been sent already; clients only look at where to go */
    Str goto_location;  /* a path of the web app, or empty */
} SlashReply;

/* ERR_API_COMMAND_EXECUTE_COMMAND_NOT_FOUND: no command of that name. */
Err slash_command_run(Ctx *ctx, const SlashAsk *ask, SlashReply *ret_reply);

/* The commands by name, for completion. Texts: "command.<trigger>.desc" and, with has_hint, "command.<trigger>.hint". */
typedef struct SlashCommand {
    const char *trigger;
    bool has_hint;
} SlashCommand;
size_t slash_command_count(void);
SlashCommand slash_command_at(size_t index);
Str slash_command_text(const Ctx *ctx, const char *trigger, const char *what); /* in the reader's language */
