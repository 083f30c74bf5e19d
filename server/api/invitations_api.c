/* api/invitations_api.c: asking people into a team by mail, on the wire. */
#include "api/dispatch.h"
#include "base/id.h"
#include "domain/invitations.h"

static Err read_texts(Req *req, const json_t *list, const char *name, bool ids, size_t limit,
                      StrVec *ret_texts)
{
    size_t i;
    json_t *item;
    StrVec texts = {0};
    if (list && !json_is_null(list) && (!json_is_array(list) || json_array_size(list) > limit))
        return fail_body(&req->ctx, name);
    json_array_foreach(list && json_is_array(list) ? (json_t *)list : NULL, i, item)
    {
        if (!json_is_string(item) || (ids && !id_is_valid(json_text(item))))
            return fail_body(&req->ctx, name);
        if (!strvec_has(&texts, json_text(item)))
            vec_push(req->arena, &texts, json_text(item));
    }
    *ret_texts = texts;
    return OK;
}

/* A list of addresses, or an object with channels and a message. */
static Err read_invite(Req *req, const char *channels_key, InviteByMail *ret_invite)
{
    json_t *body;
    InviteByMail invite = {0};
    TRY(req_json(req, "user_email", &body));
    if (json_is_array(body)) {
        TRY(read_texts(req, body, "user_email", false, INVITES_MAX, &invite.emails));
    } else if (json_is_object(body)) {
        TRY(read_texts(req, json_find(body, "emails"), "emails", false, INVITES_MAX,
                       &invite.emails));
        TRY(read_texts(req, json_find(body, channels_key), channels_key, true, INVITES_MAX,
                       &invite.channel_ids));
        TRY(req_text_of(req, body, "message", &invite.message));
    } else
        return fail(&req->ctx, ERR_API_TEAM_INVITE_MEMBERS_TO_TEAM_AND_CHANNELS_INVALID_BODY);
    if (invite.emails.len == 0)
        return fail_body(&req->ctx, "user_email");
    *ret_invite = invite;
    return OK;
}

static Err invite(Req *req, const InviteByMail *what)
{
    InviteSent *sent;
    bool graceful = req_query_flag(req, "graceful");
    TRY(team_invite_by_mail(&req->ctx, req_param(req, "team_id"), what, graceful, &sent));
    if (!graceful)
        return req_reply_ok(req);
    Buf *out = req_begin(req, 200);
    json_open_array(out);
    for (size_t i = 0; i < what->emails.len; i++) {
        json_open(out);
        json_key(out, "email");
        json_str(out, sent[i].email);
        json_key(out, "error");
        if (sent[i].err == OK)
            json_nil(out);
        else {
            req->ctx.failure = sent[i].failure;
            api_write_error(&req->ctx, sent[i].err, out);
            req->ctx.failure = (Failure){0};
        }
        json_close(out);
    }
    json_close_array(out);
    return OK;
}

static Err api_team_invite(Req *req)
{
    InviteByMail what;
    TRY(read_invite(req, "channelIds", &what));
    return invite(req, &what);
}

static Err api_team_invite_guests(Req *req)
{
    InviteByMail what;
    TRY(read_invite(req, "channels", &what));
    if (what.channel_ids.len == 0)
        return fail(&req->ctx, ERR_API_TEAM_INVITE_GUESTS_TO_CHANNELS_INVALID_BODY);
    what.is_guest = true;
    return invite(req, &what);
}

static Err api_invitations_cancel(Req *req)
{
    TRY(invitations_cancel(&req->ctx));
    return req_reply_ok(req);
}

/* clang-format off */
const Route INVITATION_ROUTES[] = {
    { POST, "/api/v4/teams/{team_id}/invite/email", api_team_invite, "InviteUsersToTeam", "StatusOK|[EmailInviteWithError]",
      "invite_user, add_user_to_team", .body = "[string]", .query = "graceful", .summary = "Ask people into a team by mail" },
    { POST, "/api/v4/teams/{team_id}/invite-guests/email", api_team_invite_guests, "InviteGuestsToTeam",
      "StatusOK|[EmailInviteWithError]", "invite_guest", .body = "object", .query = "graceful",
      .summary = "Ask guests into channels by mail" },
    { DELETE, "/api/v4/teams/invites/email", api_invitations_cancel, "InvalidateEmailInvites", "StatusOK", "invalidate_email_invite",
      .summary = "Take back all invitations sent by mail" },
    { 0 },
};
/* clang-format on */
