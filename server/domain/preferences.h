/* domain/preferences.h: what people want to see and how: (category, name) → value, kept for the clients. Categories nobody
 * here knows are kept as they are. */
#pragma once
#include "domain/access.h"

enum { PREFERENCE_BATCH = 100, PREFERENCE_VALUE_RUNES = 20000 };

Err preference_list(Ctx *ctx, Str user_id, Preference **ret_items, size_t *ret_count);
/* ERR_API_PREFERENCE_PREFERENCES_CATEGORY_GET when there are none. */
Err preference_list_category(Ctx *ctx, Str user_id, Str category, Preference **ret_items, size_t *ret_count);
Err preference_get(Ctx *ctx, Str user_id, Str category, Str name, Preference *ret_preference);

/* All of them or none; tells the user's clients. Theme colours that are none are replaced in place. */
Err preferences_save(Ctx *ctx, Str user_id, Preference *items, size_t count);
Err preferences_delete(Ctx *ctx, Str user_id, const Preference *items, size_t count);

/* Within an open transaction, without checks; with the event. */
Err preferences_save_in(Ctx *ctx, DbTx *tx, Str user_id, const Preference *items, size_t count);
