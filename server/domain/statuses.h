/* domain/statuses.h: who is there: online, away, do not disturb, offline; and who is typing. */
#pragma once
#include "domain/sessions.h"

/* The user's first socket opened, or the last one closed. */
Err status_connection_changed(Ctx *ctx, Str user_id, bool is_online);
/* The client says that its user is (not) at the desk. */
Err status_set_active(Ctx *ctx, bool is_active, bool is_manual);
/* {"<user id>":"online",…}: all that are not offline; or of the asked ids. */
Err statuses_write_online(Ctx *ctx, Buf *out);
Err statuses_write_by_ids(Ctx *ctx, const json_t *ids, Buf *out);
/* One entry for each asked id; who was never seen is offline. */
Err status_list(Ctx *ctx, const Str *ids, size_t count, Status **ret_statuses);

/* Tells the channel that the user is writing. */
Err typing_publish(Ctx *ctx, Str user_id, Str channel_id, Str parent_id);
