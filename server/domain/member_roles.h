/* domain/member_roles.h: the roles of a membership as clients set them: built-in ones are flags, others stand by name. */
#pragma once
#include "domain/access.h"
#include "domain/roles.h"

typedef struct MemberRoles {
    bool is_guest, is_user, is_admin;
    Str explicit_roles;
} MemberRoles;
/* What PUT …/schemeRoles asks for. */
typedef struct SchemeRoles {
    bool guest, user, admin;
} SchemeRoles;

/* Reads "channel_user channel_admin"; `was_guest`: guests stay guests, others do not become some this way. Reads the
 * database. */
Err member_roles_parse(Ctx *ctx, MemberKind kind, Str names, bool was_guest, MemberRoles *ret_roles);
/* Checks what a scheme change may do. */
Err member_roles_check_scheme(Ctx *ctx, MemberKind kind, const SchemeRoles *wanted, bool was_guest);
