/* api/statuses_api.c: presence and custom statuses on the wire. */
#include "api/route.h"
#include "domain/custom_status.h"
#include "domain/statuses.h"
#include "store/user_store.h"

enum { IDS_LIMIT = 10000 };

static Err need_user(Req *req, Str user_id)
{
    User user;
    DbTx *tx;
    TRY(ctx_read(&req->ctx, &tx));
    TRY_ABSENT(&req->ctx, store_user_get(tx, req->arena, user_id, &user),
               ERR_API_STATUS_USER_NOT_FOUND);
    return OK;
}

static Err api_status_get(Req *req)
{
    Str user_id;
    Status status;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(need_user(req, user_id));
    TRY(status_get(&req->ctx, user_id, &status));
    return req_reply_entity(req, 200, &status_entity, &status);
}

static Err api_statuses_by_ids(Req *req)
{
    StrVec ids;
    Status *statuses;
    TRY(req_texts(req, "user_ids", true, IDS_LIMIT, &ids));
    if (ids.len == 0)
        return fail_body(&req->ctx, "user_ids");
    TRY(status_list(&req->ctx, ids.items, ids.len, &statuses));
    return req_reply_entities(req, 200, &status_entity, statuses, ids.len);
}

static Err api_status_update(Req *req)
{
    Str user_id;
    Status asked = {0}, status;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(req_body(req, &status_entity, NEW, &asked, NULL));
    json_t *body;
    Str body_user;
    TRY(req_json(req, "status", &body));
    TRY(req_text_of(req, body, "user_id", &body_user));
    if (!str_eq(body_user, user_id))
        return fail_body(&req->ctx, "user_id");
    TRY(need_self_or_edit(&req->ctx, user_id));
    TRY(need_user(req, user_id));
    if (asked.dnd_end_time < 0 ||
        str_eq(asked.status, STR("ooo"))) /* out of office is the auto-responder's to set */
        return fail_body(&req->ctx, "status");
    TRY(status_choose(&req->ctx, user_id, asked.status, asked.dnd_end_time, &status));
    return req_reply_entity(req, 200, &status_entity, &status);
}

/* ---- custom statuses ---- */
static Err read_custom(Req *req, const char *what, Str *ret_user_id, CustomStatus *ret_status)
{
    json_t *body;
    TRY(req_param_id(req, "user_id", ret_user_id));
    TRY(req_json(req, what, &body));
    if (!json_is_object(body))
        return fail_body(&req->ctx, what);
    TRY(req_text_of(req, body, "emoji", &ret_status->emoji));
    TRY(req_text_of(req, body, "text", &ret_status->text));
    TRY(req_text_of(req, body, "duration", &ret_status->duration));
    TRY(req_text_of(req, body, "expires_at", &ret_status->expires_at));
    return need_self_or_edit(&req->ctx, *ret_user_id);
}

static Err api_custom_status_set(Req *req)
{
    Str user_id;
    CustomStatus status;
    TRY(read_custom(req, "custom_status", &user_id, &status));
    TRY(custom_status_set(&req->ctx, user_id, &status));
    return req_reply_ok(req);
}

static Err api_custom_status_clear(Req *req)
{
    Str user_id;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(need_self_or_edit(&req->ctx, user_id));
    TRY(custom_status_clear(&req->ctx, user_id));
    return req_reply_ok(req);
}

static Err api_custom_status_forget(Req *req)
{
    Str user_id;
    CustomStatus status;
    TRY(read_custom(req, "recent_custom_status", &user_id, &status));
    TRY(custom_status_forget(&req->ctx, user_id, &status));
    return req_reply_ok(req);
}

static Err api_typing(Req *req)
{
    Str user_id, channel_id, parent_id;
    json_t *body;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(req_json(req, "typing", &body));
    TRY(req_text_of(req, body, "channel_id", &channel_id));
    TRY(req_text_of(req, body, "parent_id", &parent_id));
    if (!str_eq(user_id, req->ctx.user_id))
        TRY(need(&req->ctx, PERM_MANAGE_SYSTEM));
    TRY(typing_publish(&req->ctx, user_id, channel_id, parent_id));
    return req_reply_ok(req);
}

/* clang-format off */
const Route STATUS_ROUTES[] = {
    { GET, "/api/v4/users/{user_id}/status", api_status_get, "GetUserStatus", "Status", "", .summary = "Is somebody there?" },
    { PUT, "/api/v4/users/{user_id}/status", api_status_update, "UpdateUserStatus", "Status", "edit_other_users",
      .body = "Status", .summary = "Choose a status" },
    { POST, "/api/v4/users/status/ids", api_statuses_by_ids, "GetUsersStatusesByIds", "[Status]", "", .body = "[string]",
      .summary = "The statuses of several users; unknown ones are offline" },
    { PUT, "/api/v4/users/{user_id}/status/custom", api_custom_status_set, "UpdateUserCustomStatus", "StatusOK",
      "edit_other_users", .body = "object", .summary = "Set a custom status" },
    { DELETE, "/api/v4/users/{user_id}/status/custom", api_custom_status_clear, "UnsetUserCustomStatus", "StatusOK",
      "edit_other_users", .summary = "Clear the custom status" },
    { DELETE, "/api/v4/users/{user_id}/status/custom/recent", api_custom_status_forget, "RemoveRecentCustomStatus", "StatusOK",
      "edit_other_users", .body = "object", .summary = "Forget a recent custom status" },
    { POST, "/api/v4/users/{user_id}/status/custom/recent/delete", api_custom_status_forget, "PostUserRecentCustomStatusDelete",
      "StatusOK", "edit_other_users", .body = "object", .summary = "Forget a recent custom status" },
    { POST, "/api/v4/users/{user_id}/typing", api_typing, "PublishUserTyping", "StatusOK", "create_post", .body = "object",
      .summary = "Tell a channel that one is typing" },
    { 0 },
};
/* clang-format on */
