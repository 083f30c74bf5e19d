/* api/preferences_api.c: preferences on the wire. */
#include "api/route.h"
#include "domain/preferences.h"

/* The path's user, whose settings the one who asks may see and change. */
static Err own_user(Req *req, Str *ret_user_id)
{
    TRY(req_param_id(req, "user_id", ret_user_id));
    return need_self_or_edit(&req->ctx, *ret_user_id);
}

/* The body: 1 to 100 preferences. */
static Err read_list(Req *req, Preference **ret_items, size_t *ret_count)
{
    json_t *list, *item;
    size_t i;
    TRY(req_json(req, "preferences", &list));
    size_t count = json_array_size(list); /* 0 when it is no array */
    if (count == 0 || count > PREFERENCE_BATCH)
        return fail_body(&req->ctx, "preferences");
    Preference *items = arena_new(req->arena, Preference, count);
    json_array_foreach(list, i, item)
    {
        const char *bad;
        FieldMask unused;
        if (entity_read_json(&preference_entity, item, NEW, req->arena, &items[i], &unused, &bad) !=
            OK)
            return fail_body(&req->ctx, "preferences");
    }
    *ret_items = items;
    *ret_count = count;
    return OK;
}

static Err api_preferences_get(Req *req)
{
    Str user_id;
    Preference *items;
    size_t count;
    TRY(own_user(req, &user_id));
    TRY(preference_list(&req->ctx, user_id, &items, &count));
    return req_reply_entities(req, 200, &preference_entity, items, count);
}

static Err api_preferences_get_category(Req *req)
{
    Str user_id;
    Preference *items;
    size_t count;
    TRY(own_user(req, &user_id));
    TRY(preference_list_category(&req->ctx, user_id, req_param(req, "category"), &items, &count));
    return req_reply_entities(req, 200, &preference_entity, items, count);
}

static Err api_preference_get(Req *req)
{
    Str user_id;
    Preference one;
    TRY(own_user(req, &user_id));
    TRY(preference_get(&req->ctx, user_id, req_param(req, "category"),
                       req_param(req, "preference_name"), &one));
    return req_reply_entity(req, 200, &preference_entity, &one);
}

static Err api_preferences_save(Req *req)
{
    Str user_id;
    Preference *items;
    size_t count;
    TRY(own_user(req, &user_id));
    TRY(read_list(req, &items, &count));
    TRY(preferences_save(&req->ctx, user_id, items, count));
    return req_reply_ok(req);
}

static Err api_preferences_delete(Req *req)
{
    Str user_id;
    Preference *items;
    size_t count;
    TRY(own_user(req, &user_id));
    TRY(read_list(req, &items, &count));
    TRY(preferences_delete(&req->ctx, user_id, items, count));
    return req_reply_ok(req);
}

/* clang-format off */
const Route PREFERENCE_ROUTES[] = {
    { GET, "/api/v4/users/{user_id}/preferences", api_preferences_get, "GetPreferences", "[Preference]", "edit_other_users",
      .summary = "All preferences of a user" },
    { PUT, "/api/v4/users/{user_id}/preferences", api_preferences_save, "UpdatePreferences", "StatusOK", "edit_other_users",
      .body = "[Preference]", .summary = "Save up to 100 preferences" },
    { POST, "/api/v4/users/{user_id}/preferences/delete", api_preferences_delete, "DeletePreferences", "StatusOK",
      "edit_other_users", .body = "[Preference]", .summary = "Forget up to 100 preferences" },
    { GET, "/api/v4/users/{user_id}/preferences/{category}", api_preferences_get_category, "GetPreferencesByCategory",
      "[Preference]", "edit_other_users", .summary = "The preferences of one category" },
    { GET, "/api/v4/users/{user_id}/preferences/{category}/name/{preference_name}", api_preference_get,
      "GetPreferencesByCategoryByName", "Preference", "edit_other_users", .summary = "One preference" },
    { 0 },
};
/* clang-format on */
