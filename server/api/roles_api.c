/* api/roles_api.c: roles on the wire. */
#include "api/route.h"
#include "domain/access.h"
#include "domain/roles.h"

enum { NAMES_LIMIT = 100 };

static Err api_roles_get(Req *req)
{
    Role *roles;
    size_t count;
    DbTx *tx;
    TRY(need(&req->ctx, PERM_MANAGE_SYSTEM));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(entity_list(
        tx, &role_entity, req->arena, &roles, &count,
        ENTITY_SQL(&role_entity, "SELECT $ FROM roles WHERE delete_at = 0 ORDER BY name")));
    return req_reply_entities(req, 200, &role_entity, roles, count);
}

static Err api_role_get(Req *req)
{
    Str id;
    Role role;
    TRY(req_param_id(req, "role_id", &id));
    TRY(role_get(&req->ctx, id, &role));
    return req_reply_entity(req, 200, &role_entity, &role);
}

static Err api_role_get_by_name(Req *req)
{
    Role role;
    TRY(role_get_by_name(&req->ctx, req_param(req, "role_name"), &role));
    return req_reply_entity(req, 200, &role_entity, &role);
}

static Err api_roles_by_names(Req *req)
{
    StrVec names;
    Role role;
    TRY(req_texts(req, "rolenames", false, SIZE_MAX, &names));
    if (names.len == 0)
        return fail_body(&req->ctx, "rolenames");
    if (names.len > NAMES_LIMIT)
        return fail_param(&req->ctx, ERR_API_ROLES_GET_MULTIPLE_BY_NAME_TOO_MANY_REQUEST_ERROR,
                          "MaxNames", STR("100"));
    for (size_t i = 0; i < names.len; i++)
        if (names.items[i].len > 64)
            return fail_body(&req->ctx, "rolename");
    Buf *out = req_begin(req, 200);
    json_open_array(out);
    for (size_t i = 0; i < names.len; i++) {
        Err err = role_find_by_name(&req->ctx, names.items[i], &role);
        if (err == ERR_ABSENT)
            continue;
        TRY(err);
        role_write_json(&role, out);
    }
    json_close_array(out);
    return OK;
}

static Err api_role_patch(Req *req)
{
    Str id;
    Role role;
    json_t *body, *permissions;
    TRY(req_param_id(req, "role_id", &id));
    TRY(req_json(req, "role", &body));
    permissions = json_find(body, "permissions");
    if (!json_is_object(body) ||
        (permissions && !json_is_null(permissions) && !json_is_array(permissions)))
        return fail_body(&req->ctx, "role");
    TRY(role_change(&req->ctx, id, json_is_array(permissions) ? permissions : NULL, &role));
    return req_reply_entity(req, 200, &role_entity, &role);
}

/* clang-format off */
const Route ROLE_ROUTES[] = {
    { GET, "/api/v4/roles", api_roles_get, "GetAllRoles", "[Role]", "manage_system", .summary = "All roles" },
    { GET, "/api/v4/roles/{role_id}", api_role_get, "GetRole", "Role", "", .summary = "A role" },
    { GET, "/api/v4/roles/name/{role_name}", api_role_get_by_name, "GetRoleByName", "Role", "", .summary = "A role by its name" },
    { POST, "/api/v4/roles/names", api_roles_by_names, "GetRolesByNames", "[Role]", "", SESSION_NO_CSRF, .body = "[string]",
      .summary = "Several roles by name; unknown ones are left out" },
    { PUT, "/api/v4/roles/{role_id}/patch", api_role_patch, "PatchRole", "Role", "sysconsole_write_user_management_permissions",
      .body = "object", .summary = "Change what a role allows" },
    { 0 },
};
/* clang-format on */
