/* domain/statuses.h: who is there: online, away, do not disturb, offline, out of office; and who is typing.
 *
 * Model    What people do sets their status: a connection or a message makes online, UserStatusAwayTimeout without either
 *          makes away, the end of the last connection makes offline. What they choose (all but online) sticks until they
 *          choose again, or until the end they gave it. The truth is in memory; the table remembers what was chosen, which
 *          survives a restart, and every two minutes at most when somebody was last active.
 * Threads  Any; one lock (rank LOCK_CACHE), held only over memory. Events of one user are published in order.
 */
#pragma once
#include "domain/sessions.h"

Presences *presences_new(void);
void presences_free(Presences *presences); /* NULL is fine */
/* At start: reads what was chosen. The automatic statuses of the last run are over. */
Err statuses_load(Ctx *ctx);

/* Somebody did something that shows presence: posted, read, called the API. Cheap, never fails. */
void status_seen(Ctx *ctx, Str user_id);
/* The user's first socket opened, or the last one closed. */
void status_connection_changed(Ctx *ctx, Str user_id);
/* The client says that its user is (not) at the desk; `is_manual`: because the user said so, which ends what was chosen. */
Err status_set_active(Ctx *ctx, bool is_active, bool is_manual);
/* The user chooses: online, away, dnd, offline, ooo. `dnd_end_time` in Unix seconds; 0: open end. */
Err status_choose(Ctx *ctx, Str user_id, Str status, int64_t dnd_end_time, Status *ret_status);

/* {"<user id>":"online",…}: all that are not offline; or of the asked ids. */
Err statuses_write_online(Ctx *ctx, Buf *out);
Err statuses_write_by_ids(Ctx *ctx, const json_t *ids, Buf *out);
/* One entry for each asked id; who was never seen is offline. */
Err status_list(Ctx *ctx, const Str *ids, size_t count, Status **ret_statuses);
Err status_get(Ctx *ctx, Str user_id, Status *ret_status);
/* "online", "away", …: from memory. */
Str status_now(Ctx *ctx, Str user_id);
/* Neither at the desk nor asking for quiet. */
bool status_lets_mail_through(Ctx *ctx, Str user_id);

/* A tick: ends what has an end, sends the idle away, writes down last activity. */
Err statuses_tick(Ctx *ctx);

/* Tells the channel that the user is writing. */
Err typing_publish(Ctx *ctx, Str user_id, Str channel_id, Str parent_id);
