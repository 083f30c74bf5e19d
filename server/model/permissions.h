/* model/permissions.h: what a role may allow, as bits.
 *
 * Names on the wire are those of the v4 protocol; the rows stand in permission_list.h, default roles in roles.c.
 */
#pragma once
#include "base/buf.h"
#include "base/str.h"
#include "model/permission_list.h"

typedef enum PermissionScope { SCOPE_SYSTEM, SCOPE_TEAM, SCOPE_CHANNEL, SCOPE_OTHER } PermissionScope;

#define PERMISSION_NAME(name, wire, scope) name,
typedef enum Permission { PERMISSION_LIST(PERMISSION_NAME) PERMISSION_COUNT } Permission;

typedef struct PermissionSet {
    uint64_t bits[(PERMISSION_COUNT + 63) / 64];
} PermissionSet;

static inline bool permissions_has(const PermissionSet *set, Permission p)
{
    return set->bits[p / 64] >> (p % 64) & 1;
}
static inline void permissions_add(PermissionSet *set, Permission p) { set->bits[p / 64] |= 1ull << (p % 64); }
void permissions_unite(PermissionSet *into, const PermissionSet *more);

const char *permission_wire(Permission p);
PermissionScope permission_scope(Permission p);
bool permission_find(Str wire, Permission *ret_permission);
/* Reads space-separated names; unknown ones are skipped (they are kept in the role's text). */
void permissions_parse(Str names, PermissionSet *ret_set);

/* The roles of a new installation (what the server writes into an empty `roles` table). */
typedef struct RoleDefault {
    const char *name, *display_name, *permissions; /* permissions: space-separated wire names */
    bool scheme_managed; /* stands behind the scheme flags of members; cannot be assigned by name */
    bool built_in;
} RoleDefault;
extern const RoleDefault ROLE_DEFAULTS[]; /* ends with name NULL */
