/* model/errors.h: every way a request can fail, a row per wire id that clients compare: name, HTTP status, id.
 *
 * Names are made from ids by rule, so that either can be guessed from the other: ERR_ + the id in upper case, without
 * ".app_error", every other character an underscore. Texts, with their {Parameters}, stand in i18n/ under the id.
 */
#pragma once
#include "base/err.h"
#include "base/str.h"
#include "model/error_list.h"

typedef struct Arena Arena;

#define ERROR_NAME(name, status, id) name,
enum { ERR_BEFORE_WIRE_ = ERR_WIRE_FIRST - 1, ERROR_LIST(ERROR_NAME) ERR_AFTER_WIRE_ };

typedef struct ErrorRow {
    int status;
    const char *id;
} ErrorRow;

/* The row of a wire error; for the kinds of base/err.h the row of what a client is told (ERR_NO_SPACE, ERR_UNAVAILABLE
 * and ERR_RETRY: 503 api.context.server_busy.app_error; the rest: 500 api.context.internal.app_error). */
const ErrorRow *error_row(Err err);

/* The text for people in the nearest language ("zh-CN", "zh-TW", "en"; others get English), with {Parameters}. */
Str error_text(Err err, Str locale);
/* The language, of those there are texts in, that suits a user's locale ("zh", "zh_Hant", "zh-HK", "de"), or the header
 * Accept-Language (the first that suits; its q values are not weighed, since browsers sort). */
Str text_language(Str locale);
Str text_language_of_header(Str accept_language);
/* Any translated text by its id, for e-mails and system messages; the id itself when unknown. */
Str text_get(Str id, Str locale);
/* Fills {Name} places: names[i] becomes values[i]. A place without a value stays as it is. The result lives in `arena`. */
Str text_fill(Arena *arena, Str text, const Str *names, const Str *values, size_t count);
