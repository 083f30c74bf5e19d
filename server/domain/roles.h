/* domain/roles.h: what roles allow. The `roles` table is small and read all the time, so it is held in memory. */
#pragma once
#include "domain/app.h"

RoleCache *roles_new(void);
void roles_free(RoleCache *roles);
/* Reads the table again; after a change call it from a commit hook or at start. */
Err roles_load(App *app, Ctx *ctx);
/* The union of what the roles named in `names` (space-separated) allow. Unknown roles allow nothing. */
PermissionSet roles_permissions(const App *app, Str names);
bool roles_exists(const App *app, Str name);
/* Is `name` among the space-separated `names`? */
bool roles_has(Str names, Str name);

Err role_get(Ctx *ctx, Str id, Role *ret_role);
Err role_get_by_name(Ctx *ctx, Str name, Role *ret_role);
Err role_find_by_name(Ctx *ctx, Str name, Role *ret_role); /* ERR_ABSENT */
/* Sets what a role allows: a JSON array of permission names (NULL: no change). Known to all from the commit on. What manages
 * the system cannot be taken from system_admin: nobody could give it back. */
Err role_change(Ctx *ctx, Str id, const json_t *permissions, Role *ret_role);
/* Writes the default roles into an empty table. */
Err roles_install(Ctx *ctx, DbTx *tx);

/* The roles a team or channel member has: from the flags, then the explicit ones; "team_user team_admin". */
typedef enum MemberKind { MEMBER_OF_TEAM, MEMBER_OF_CHANNEL } MemberKind;
Str roles_of_member(Arena *arena, MemberKind kind, bool is_guest, bool is_user, bool is_admin, Str explicit_roles);
