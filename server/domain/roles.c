#include "domain/roles.h"
#include "base/map.h"
#include "base/vec.h"
#include "domain/access.h"
#include <stdlib.h>

/* Guarded by its lock; a lookup copies what it needs. */
struct RoleCache {
    Lock lock;
    Map by_name; /* name → PermissionSet, malloc */
};

RoleCache *roles_new(void)
{
    RoleCache *roles = calloc(1, sizeof *roles);
    ENSURE(roles != NULL);
    lock_init(&roles->lock, LOCK_CACHE);
    return roles;
}

static void empty(Map *map)
{
    MapSlot *slot;
    for (size_t i = 0; (slot = map_next(map, &i));)
        free(slot->value);
    map_deinit(map);
}

void roles_free(RoleCache *roles)
{
    if (!roles)
        return;
    empty(&roles->by_name);
    lock_deinit(&roles->lock);
    free(roles);
}

static PermissionSet *parse_permissions(Arena *arena, Str json)
{
    PermissionSet *set = calloc(1, sizeof *set);
    ENSURE(set != NULL);
    json_t *list;
    if (json_parse(arena, json, &list) != OK)
        return set;
    size_t i;
    json_t *name;
    json_array_foreach(list, i, name)
    {
        Permission p;
        if (permission_find(json_text(name), &p))
            permissions_add(set, p);
    }
    return set;
}

Err roles_load(App *app, Ctx *ctx)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    Role *rows;
    size_t count;
    TRY(entity_list(tx, &role_entity, ctx->arena, &rows, &count,
                    ENTITY_SQL(&role_entity, "SELECT $ FROM roles WHERE delete_at = 0")));
    Map fresh = {0};
    for (size_t i = 0; i < count; i++)
        map_set(&fresh, rows[i].name, parse_permissions(ctx->arena, rows[i].permissions));
    lock_take(&app->roles->lock);
    Map old = app->roles->by_name;
    app->roles->by_name = fresh;
    lock_release(&app->roles->lock);
    empty(&old);
    return OK;
}

PermissionSet roles_permissions(const App *app, Str names)
{
    PermissionSet all = {0};
    lock_take(&app->roles->lock);
    for (Str rest = names; rest.ptr;) {
        Str name = str_split(&rest, ' ');
        const PermissionSet *set = name.len ? map_find(&app->roles->by_name, name) : NULL;
        if (set)
            permissions_unite(&all, set);
    }
    lock_release(&app->roles->lock);
    return all;
}

bool roles_exists(const App *app, Str name)
{
    lock_take(&app->roles->lock);
    bool exists = map_find(&app->roles->by_name, name) != NULL;
    lock_release(&app->roles->lock);
    return exists;
}

bool roles_has(Str names, Str name)
{
    for (Str rest = names; rest.ptr;)
        if (str_eq(str_split(&rest, ' '), name))
            return true;
    return false;
}

static Str permissions_json(Arena *arena, Str names)
{
    Buf out;
    buf_init(&out, 256 * 1024);
    json_open_array(&out);
    for (Str rest = names; rest.ptr;) {
        Str name = str_split(&rest, ' ');
        if (name.len)
            json_str(&out, name);
    }
    json_close_array(&out);
    Str text = str_copy(arena, buf_str(&out));
    buf_deinit(&out);
    return text;
}

Err roles_install(Ctx *ctx, DbTx *tx)
{
    for (const RoleDefault *d = ROLE_DEFAULTS; d->name; d++) {
        Role role = {
            .id = ctx_id(ctx),
            .name = str_of(d->name),
            .display_name = str_of(d->display_name),
            .create_at = ctx->now,
            .update_at = ctx->now,
            .permissions = permissions_json(ctx->arena, str_of(d->permissions)),
            .scheme_managed = d->scheme_managed,
            .built_in = true,
        };
        TRY(role_insert_row(tx, &role));
    }
    return OK;
}

Str roles_of_member(Arena *arena, MemberKind kind, bool is_guest, bool is_user, bool is_admin,
                    Str explicit_roles)
{
    const char *noun = kind == MEMBER_OF_TEAM ? "team" : "channel";
    Buf out;
    buf_init(&out, 4096);
    if (explicit_roles.len)
        buf_append(&out, explicit_roles);
    if (is_guest)
        buf_printf(&out, "%s%s_guest", out.len ? " " : "", noun);
    if (is_user)
        buf_printf(&out, "%s%s_user", out.len ? " " : "", noun);
    if (is_admin)
        buf_printf(&out, "%s%s_admin", out.len ? " " : "", noun);
    Str text = str_copy(arena, buf_str(&out));
    buf_deinit(&out);
    return text;
}

/* ---- reading and changing them ---- */
Err role_find_by_name(Ctx *ctx, Str name, Role *ret_role)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    return entity_get(
        tx, &role_entity, ctx->arena, ret_role,
        ENTITY_SQL(&role_entity, "SELECT $ FROM roles WHERE name = ? AND delete_at = 0"), name);
}

Err role_get_by_name(Ctx *ctx, Str name, Role *ret_role)
{
    TRY_ABSENT(ctx, role_find_by_name(ctx, name, ret_role), ERR_APP_ROLE_GET_BY_NAME);
    return OK;
}

static Err get_in(Ctx *ctx, DbTx *tx, Str id, Role *ret_role)
{
    TRY_ABSENT(
        ctx,
        entity_get(tx, &role_entity, ctx->arena, ret_role,
                   ENTITY_SQL(&role_entity, "SELECT $ FROM roles WHERE id = ? AND delete_at = 0"),
                   id),
        ERR_APP_ROLE_GET);
    return OK;
}

Err role_get(Ctx *ctx, Str id, Role *ret_role)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    return get_in(ctx, tx, id, ret_role);
}

static Err check_permissions(Ctx *ctx, const Role *role, const json_t *permissions)
{
    size_t i;
    json_t *name;
    bool manages_system = false;
    json_array_foreach((json_t *)permissions, i, name)
    {
        Permission p;
        if (!json_is_string(name) || !permission_find(json_text(name), &p))
            return fail_body(ctx, "permissions");
        manages_system |= p == PERM_MANAGE_SYSTEM;
    }
    if (str_eq(role->name, STR("system_admin")) && !manages_system)
        return fail(ctx, ERR_API_ROLES_PATCH_ROLES_NOT_ALLOWED_PERMISSION_ERROR);
    bool gives_system = manages_system && !str_eq(role->name, STR("system_admin"));
    return gives_system ? need(ctx, PERM_MANAGE_SYSTEM)
                        : OK; /* nobody makes himself more than he is */
}

Err role_change(Ctx *ctx, Str id, const json_t *permissions, Role *ret_role)
{
    DbTx *tx;
    Role role;
    if (!can(ctx, PERM_MANAGE_SYSTEM))
        TRY(need(ctx, PERM_SYSCONSOLE_WRITE_USER_MANAGEMENT_PERMISSIONS));
    TRY(ctx_write(ctx, &tx));
    TRY(get_in(ctx, tx, id, &role));
    if (permissions) {
        TRY(check_permissions(ctx, &role, permissions));
        role.permissions = json_dump(ctx->arena, permissions);
    }
    role.update_at = ctx->now;
    TRY(role_update_row(tx, &role));
    Buf *text = buf_new(ctx->arena, 256 * 1024);
    role_write_json(&role, text);
    Event *event = event_new(ctx->arena, "role_updated");
    json_key(&event->data, "role");
    json_str(&event->data, buf_str(text));
    hub_publish_on_commit(tx, ctx->hub, event);
    TRY(ctx_audit(ctx, tx, "role.change", buf_str(text)));
    TRY(ctx_commit(ctx));
    TRY(roles_load(ctx->app, ctx));
    *ret_role = role;
    return OK;
}
