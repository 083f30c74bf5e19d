/* model/permission_list.h: the rows: C name (PERM_ + the wire name in upper case), wire name, scope. */
#pragma once

/* clang-format off */
#define PERMISSION_LIST(P)                                                     \
    P(PERM_CREATE_POST,   "create_post",   SCOPE_CHANNEL)                      \
    P(PERM_MANAGE_SYSTEM, "manage_system", SCOPE_SYSTEM)
/* clang-format on */
