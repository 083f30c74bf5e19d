#include "model/permissions.h"
#include "base/err.h"

typedef struct PermissionRow {
    const char *wire;
    PermissionScope scope;
} PermissionRow;

static const PermissionRow ROWS[PERMISSION_COUNT] = {
#define PERMISSION_ROW(name, wire, scope) {wire, scope},
    PERMISSION_LIST(PERMISSION_ROW)};

void permissions_unite(PermissionSet *into, const PermissionSet *more)
{
    for (size_t i = 0; i < sizeof into->bits / sizeof *into->bits; i++)
        into->bits[i] |= more->bits[i];
}

const char *permission_wire(Permission p)
{
    ENSURE(p < PERMISSION_COUNT);
    return ROWS[p].wire;
}

PermissionScope permission_scope(Permission p)
{
    ENSURE(p < PERMISSION_COUNT);
    return ROWS[p].scope;
}

bool permission_find(Str wire, Permission *ret_permission)
{
    size_t from = 0, to = PERMISSION_COUNT;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_cmp(wire, str_of(ROWS[middle].wire));
        if (order == 0) {
            *ret_permission = (Permission)middle;
            return true;
        }
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return false;
}

void permissions_parse(Str names, PermissionSet *ret_set)
{
    PermissionSet set = {0};
    for (Str rest = names; rest.ptr;) {
        Permission permission;
        if (permission_find(str_split(&rest, ' '), &permission))
            permissions_add(&set, permission);
    }
    *ret_set = set;
}
