/* api/drafts_api.c: drafts, and the receipts of push notifications. */
#include "api/route.h"
#include "domain/drafts.h"

static Err api_draft_save(Req *req)
{
    Draft body = {0}, draft;
    bool kept;
    TRY(req_body(req, &draft_entity, NEW, &body, NULL));
    TRY(draft_save(&req->ctx, &body, &draft, &kept));
    if (!kept) {
        json_nil(req_begin(req, 201));
        return OK;
    }
    FileInfo *files;
    size_t file_count;
    TRY(draft_files(&req->ctx, &draft, 1, &files, &file_count));
    draft_write(&draft, files, file_count, req_begin(req, 201));
    return OK;
}

/* Always the caller's own, whoever is named: as v4 answers. */
static Err api_drafts_list(Req *req)
{
    Str team_id;
    TRY(req_param_id(req, "team_id", &team_id));
    return drafts_list(&req->ctx, team_id, req_begin(req, 200));
}

static Err delete_draft(Req *req, Str root_id)
{
    Str user_id, channel_id;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(req_param_id(req, "channel_id", &channel_id));
    if (!str_eq(user_id, req->ctx.user_id))
        return fail_right(&req->ctx, PERM_DELETE_POST);
    TRY(draft_delete(&req->ctx, channel_id, root_id));
    return req_reply_ok(req);
}
static Err api_draft_delete(Req *req)
{
    return delete_draft(req, STR_EMPTY);
}
static Err api_draft_delete_of_thread(Req *req)
{
    Str thread_id;
    TRY(req_param_id(req, "thread_id", &thread_id));
    return delete_draft(req, thread_id);
}

/* A phone tells that a push has arrived. Nothing is waiting for it here: the relay has its own receipts. */
static Err api_push_ack(Req *req)
{
    json_t *body;
    Str id;
    if (json_parse(req->arena, req->http->body, &body) != OK || !json_is_object(body))
        return fail(&req->ctx, ERR_API_PUSH_NOTIFICATIONS_ACK_MESSAGE_PARSE);
    if (!req->ctx.settings->EmailSettings_SendPushNotifications)
        return fail(&req->ctx, ERR_API_PUSH_NOTIFICATION_DISABLED);
    TRY(req_text_of(req, body, "id", &id));
    return req_reply_ok(req);
}

/* clang-format off */
const Route DRAFT_ROUTES[] = {
    { POST, "/api/v4/drafts", api_draft_save, "UpsertDraft", "Draft|null", "create_post, create_post_public", .success = 201,
      .body = "Draft", .summary = "Keep what one has begun to write; without a message: forget it" },
    { GET, "/api/v4/users/{user_id}/teams/{team_id}/drafts", api_drafts_list, "GetDrafts", "[Draft]", "view_team",
      .summary = "One's drafts in a team and in direct messages" },
    { DELETE, "/api/v4/users/{user_id}/channels/{channel_id}/drafts", api_draft_delete, "DeleteDraft", "StatusOK", "",
      .summary = "Forget the draft of a channel" },
    { DELETE, "/api/v4/users/{user_id}/channels/{channel_id}/drafts/{thread_id}", api_draft_delete_of_thread, "DeleteDraftOfThread",
      "StatusOK", "", .summary = "Forget the draft of a reply" },
    { POST, "/api/v4/notifications/ack", api_push_ack, "AcknowledgeNotification", "StatusOK", "", .body = "PushNotificationAck",
      .summary = "A push notification has arrived" },
    { 0 },
};
/* clang-format on */
