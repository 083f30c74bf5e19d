/* api/categories_api.c: the sidebar on the wire. */
#include "api/route.h"
#include "domain/categories.h"

static Str user_of(Req *req)
{
    return req_param(req, "user_id");
}
static Str team_of(Req *req)
{
    return req_param(req, "team_id");
}

static Err api_sidebar_get(Req *req)
{
    Sidebar sidebar;
    TRY(sidebar_get(&req->ctx, user_of(req), team_of(req), &sidebar));
    sidebar_write(&sidebar, req_begin(req, 200));
    return OK;
}

static Err api_sidebar_get_order(Req *req)
{
    Sidebar sidebar;
    TRY(sidebar_get(&req->ctx, user_of(req), team_of(req), &sidebar));
    Buf *out = req_begin(req, 200);
    json_open_array(out);
    for (size_t i = 0; i < sidebar.count; i++)
        json_str(out, sidebar.items[i].id);
    json_close_array(out);
    return OK;
}

static Err api_sidebar_set_order(Req *req)
{
    StrVec order;
    TRY(req_texts(req, "category", false, CATEGORIES_MAX + 3, &order));
    TRY(sidebar_set_order(&req->ctx, user_of(req), team_of(req), &order));
    json_strs(req_begin(req, 200), order.items, order.len);
    return OK;
}

/* Whoever names a user or team in the body must name those of the path. */
static Err check_owner(Req *req, const json_t *body)
{
    Str user_id, team_id;
    TRY(req_text_of(req, body, "user_id", &user_id));
    TRY(req_text_of(req, body, "team_id", &team_id));
    bool is_fine = (user_id.len == 0 || str_eq(user_id, user_of(req))) &&
                   (team_id.len == 0 || str_eq(team_id, team_of(req)));
    return is_fine ? OK : fail_body(&req->ctx, "category");
}

static Err read_category(Req *req, const json_t *body, SidebarCategory *ret_category)
{
    const char *bad = "category";
    if (!json_is_object(body))
        return fail_body(&req->ctx, "category");
    TRY(check_owner(req, body));
    if (entity_read_json(&sidebar_category_entity, body, NEW, req->arena, ret_category, NULL,
                         &bad) != OK)
        return fail_body(&req->ctx, bad);
    return OK;
}

static Err api_category_create(Req *req)
{
    json_t *body;
    SidebarCategory draft = {0}, category;
    TRY(req_json(req, "category", &body));
    TRY(read_category(req, body, &draft));
    TRY(category_create(&req->ctx, user_of(req), team_of(req), &draft, &category));
    return req_reply_entity(req, 200, &sidebar_category_entity, &category);
}

static Err api_category_get(Req *req)
{
    SidebarCategory category;
    TRY(category_get(&req->ctx, user_of(req), team_of(req), req_param(req, "category_id"),
                     &category));
    return req_reply_entity(req, 200, &sidebar_category_entity, &category);
}

static Err api_category_update(Req *req)
{
    json_t *body;
    SidebarCategory change = {0}, changed;
    TRY(req_json(req, "category", &body));
    TRY(read_category(req, body, &change));
    if (change.id.len && !str_eq(change.id, req_param(req, "category_id")))
        return fail_body(&req->ctx, "category");
    change.id = req_param(req, "category_id");
    TRY(categories_update(&req->ctx, user_of(req), team_of(req), &change, 1, &changed));
    return req_reply_entity(req, 200, &sidebar_category_entity, &changed);
}

static Err api_categories_update(Req *req)
{
    json_t *body, *item;
    size_t i;
    TRY(req_json(req, "category", &body));
    if (!json_is_array(body) || json_array_size(body) > CATEGORIES_MAX + 3)
        return fail_body(&req->ctx, "category");
    size_t count = json_array_size(body);
    SidebarCategory *changes = arena_new(req->arena, SidebarCategory, count),
                    *changed = arena_new(req->arena, SidebarCategory, count);
    json_array_foreach(body, i, item) TRY(read_category(req, item, &changes[i]));
    TRY(categories_update(&req->ctx, user_of(req), team_of(req), changes, count, changed));
    return req_reply_entities(req, 200, &sidebar_category_entity, changed, count);
}

static Err api_category_delete(Req *req)
{
    TRY(category_delete(&req->ctx, user_of(req), team_of(req), req_param(req, "category_id")));
    return req_reply_ok(req);
}

/* clang-format off */
#define CATEGORIES "/api/v4/users/{user_id}/teams/{team_id}/channels/categories"
const Route CATEGORY_ROUTES[] = {
    { GET, CATEGORIES, api_sidebar_get, "GetSidebarCategoriesForTeamForUser", "OrderedSidebarCategories",
      "edit_other_users, view_team", .summary = "The sidebar of a team" },
    { POST, CATEGORIES, api_category_create, "CreateSidebarCategoryForTeamForUser", "SidebarCategory", "edit_other_users, view_team",
      .body = "SidebarCategory", .summary = "Make a category of one's own" },
    { PUT, CATEGORIES, api_categories_update, "UpdateSidebarCategoriesForTeamForUser", "[SidebarCategory]",
      "edit_other_users, view_team", .body = "[SidebarCategory]", .summary = "Change several categories" },
    { GET, CATEGORIES "/order", api_sidebar_get_order, "GetSidebarCategoryOrderForTeamForUser", "[string]",
      "edit_other_users, view_team", .summary = "The order of the categories" },
    { PUT, CATEGORIES "/order", api_sidebar_set_order, "UpdateSidebarCategoryOrderForTeamForUser", "[string]",
      "edit_other_users, view_team", .body = "[string]", .summary = "Order the categories anew" },
    { GET, CATEGORIES "/{category_id}", api_category_get, "GetSidebarCategoryForTeamForUser", "SidebarCategory",
      "edit_other_users, view_team", .summary = "A category" },
    { PUT, CATEGORIES "/{category_id}", api_category_update, "UpdateSidebarCategoryForTeamForUser", "SidebarCategory",
      "edit_other_users, view_team", .body = "SidebarCategory", .summary = "Change a category and what stands in it" },
    { DELETE, CATEGORIES "/{category_id}", api_category_delete, "RemoveSidebarCategoryForTeamForUser", "StatusOK",
      "edit_other_users, view_team", .summary = "Take away a category of one's own" },
    { 0 },
};
/* clang-format on */
