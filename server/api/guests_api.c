/* api/guests_api.c: guests on the wire. */
#include "api/route.h"
#include "domain/guests.h"

static Err api_user_demote(Req *req)
{
    Str id;
    TRY(req_param_id(req, "user_id", &id));
    TRY(user_demote(&req->ctx, id));
    return req_reply_ok(req);
}

static Err api_user_promote(Req *req)
{
    Str id;
    TRY(req_param_id(req, "user_id", &id));
    TRY(user_promote(&req->ctx, id));
    return req_reply_ok(req);
}

/* clang-format off */
const Route GUEST_ROUTES[] = {
    { POST, "/api/v4/users/{user_id}/demote", api_user_demote, "DemoteUserToGuest", "StatusOK", "demote_to_guest",
      .summary = "Make a member a guest" },
    { POST, "/api/v4/users/{user_id}/promote", api_user_promote, "PromoteGuestToUser", "StatusOK", "promote_guest",
      .summary = "Make a guest a member" },
    { 0 },
};
/* clang-format on */
