/* domain/profiles.h: changing an account: profile, roles, active or not. Who may: oneself, those who edit other users; a
 * system admin's account only those who manage the system. */
#pragma once
#include "domain/access.h"
#include "domain/users.h"

/* Loads a user within the writing transaction and keeps others from changing the row until it ends; 404 when absent. */
Err user_lock_in(Ctx *ctx, DbTx *tx, Str user_id, User *ret_user);
/* Writes it (update_at, search text, roles and all) and tells everybody. */
Err user_save_in(Ctx *ctx, DbTx *tx, User *user);

/* The fields of `mask` (of user_entity, EDIT fields) get the values of `change`; notify_props are merged key by key. One's
 * own new e-mail address needs `password`; while settings ask for verification it counts only once confirmed. */
Err user_change(Ctx *ctx, Str user_id, const User *change, FieldMask mask, Str password, User *ret_user);

Err user_set_roles(Ctx *ctx, Str user_id, Str roles);
/* Deactivated: signed out everywhere, no sign-in, out of lists of the living; everything else stays. */
Err user_set_active(Ctx *ctx, Str user_id, bool is_active);
/* Deactivates, or (permanently) takes the account, its sessions, memberships and settings away. Messages stay. */
Err user_delete(Ctx *ctx, Str user_id, bool is_permanent);
Err user_reset_attempts(Ctx *ctx, Str user_id);

/* Is the domain of an e-mail address among those of a settings text ("a.example, b.example"; empty: all)? */
bool email_is_of_domains(Str email, Str domains);
