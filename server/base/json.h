/* base/json.h: JSON written by hand into a Buf, and read through jansson.
 *
 * Writing  json_open/json_key/json_str/…/json_close put the commas themselves: a value after '{', '[' or ':' gets none.
 * Reading  json_parse refuses NUL, invalid UTF-8, duplicate keys, depth above 64 and what follows the value.
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include <jansson.h>

void json_open(Buf *out);        /* {  */
void json_close(Buf *out);       /* }  */
void json_open_array(Buf *out);  /* [  */
void json_close_array(Buf *out); /* ]  */
void json_key(Buf *out, const char *key);
void json_key_str(Buf *out, Str key);
void json_str(Buf *out, Str value);   /* escapes; broken UTF-8 becomes U+FFFD */
void json_int(Buf *out, int64_t value);
void json_bool(Buf *out, bool value);
void json_nil(Buf *out);
void json_raw(Buf *out, Str value);   /* already JSON */
/* A whole array of texts. */
void json_strs(Buf *out, const Str *items, size_t count);

/* The value, owned by the arena (freed at its reset). ERR_SYNTAX otherwise. */
Err json_parse(Arena *arena, Str text, json_t **ret_value);
/* The member named `key`, by exact name, else ignoring ASCII case, as Go decodes; NULL when absent. */
json_t *json_find(const json_t *object, const char *key);
/* A string value as Str, borrowed from the json_t; STR_EMPTY when it is NULL or not a string. */
Str json_text(const json_t *value);
/* The text of an object with one member set to a text (or taken out, when `value` is empty); what is no object counts as {}. */
Str json_with_text(Arena *arena, Str object, const char *key, Str value);
/* Compact text of a value, in the arena. */
Str json_dump(Arena *arena, const json_t *value);
