#include "domain/invitations.h"
#include "domain/channel_members.h"
#include "domain/guests.h"
#include "domain/profiles.h"
#include "store/channel_store.h"
#include "store/team_store.h"

/* ---- what an invitation brings ---- */
Err invitation_find(Ctx *ctx, DbTx *tx, Str secret, Invited *ret_invited)
{
    json_t *extra, *id;
    size_t i;
    Invited invited = {.by_mail = true};
    Err err = token_find(ctx, tx, secret, TOKEN_TEAM_INVITATION, &invited.token);
    if (err == ERR_ABSENT) {
        err = token_find(ctx, tx, secret, TOKEN_GUEST_INVITATION, &invited.token);
        invited.is_guest = err == OK;
    }
    if (err == ERR_LIMIT)
        return fail(ctx, ERR_API_USER_CREATE_USER_SIGNUP_LINK_EXPIRED);
    TRY_AS(ctx, err, ERR_ABSENT, ERR_API_USER_CREATE_USER_SIGNUP_LINK_INVALID);
    if (invited.is_guest && !ctx->settings->GuestAccountsSettings_Enable)
        return fail(ctx, ERR_API_USER_CREATE_USER_GUEST_ACCOUNTS_DISABLED);
    TRY(json_parse(ctx->arena, invited.token.extra, &extra));
    TRY_ABSENT(
        ctx, store_team_get(tx, ctx->arena, json_text(json_find(extra, "team_id")), &invited.team),
        ERR_API_USER_CREATE_USER_SIGNUP_LINK_INVALID);
    if (invited.team.delete_at != 0)
        return fail(ctx, ERR_API_USER_CREATE_USER_SIGNUP_LINK_INVALID, "the team is archived");
    invited.email = json_text(json_find(extra, "email"));
    json_array_foreach(json_find(extra, "channel_ids"), i, id)
        vec_push(ctx->arena, &invited.channel_ids, json_text(id));
    *ret_invited = invited;
    return OK;
}

Err invitation_join_in(Ctx *ctx, DbTx *tx, const Invited *invited, const User *user)
{
    if (invited->team.id.len == 0)
        return OK;
    TRY(team_join_in(ctx, tx, &invited->team, user, NULL));
    for (size_t i = 0; i < invited->channel_ids.len; i++) {
        Channel channel;
        Err err = store_channel_get(tx, ctx->arena, invited->channel_ids.items[i], &channel);
        if (err == ERR_ABSENT ||
            (err == OK && (channel.delete_at != 0 || !str_eq(channel.team_id, invited->team.id))))
            continue; /* gone since the invitation */
        TRY(err);
        TRY(channel_join_in(ctx, tx, &channel, user, NULL, false));
    }
    return invited->by_mail ? token_use_in(tx, &invited->token) : OK;
}

Err team_join_by_token(Ctx *ctx, Str secret, TeamMember *ret_member)
{
    DbTx *tx;
    Invited invited;
    TRY(ctx_read(ctx, &tx));
    TRY(invitation_find(ctx, tx, secret, &invited));
    if (invited.is_guest && !user_is_guest(ctx->user)) /* it was meant for somebody who sees less */
        return fail(ctx, ERR_API_USER_CREATE_USER_SIGNUP_LINK_INVALID);
    TRY(ctx_write(ctx, &tx));
    TRY_ABSENT(ctx, invitation_join_in(ctx, tx, &invited, ctx->user),
               ERR_API_USER_CREATE_USER_SIGNUP_LINK_INVALID);
    TRY_ABSENT(ctx,
               store_team_member_get(tx, ctx->arena, invited.team.id, ctx->user_id, ret_member),
               ERR_APP_TEAM_GET_MEMBER_MISSING);
    team_member_fill(ctx->arena, ret_member);
    return ctx_commit(ctx);
}

/* ---- sending them ---- */
static Err need_to_invite(Ctx *ctx, Str team_id, bool is_guest)
{
    if (is_guest) {
        if (!ctx->settings->GuestAccountsSettings_Enable)
            return fail(ctx, ERR_API_TEAM_INVITE_GUESTS_TO_CHANNELS_DISABLED_ERROR);
        return need_in_team(ctx, team_id, PERM_INVITE_GUEST);
    }
    TRY(need_in_team(ctx, team_id, PERM_INVITE_USER));
    TRY(need_in_team(ctx, team_id, PERM_ADD_USER_TO_TEAM));
    return ctx->settings->ServiceSettings_EnableEmailInvitations
               ? OK
               : fail(ctx, ERR_API_TEAM_INVITE_MEMBERS_DISABLED);
}

/* Nobody is asked into a channel by somebody who could not add them. */
static Err check_channels(Ctx *ctx, Str team_id, const StrVec *ids)
{
    DbTx *tx;
    Channel *channels;
    size_t count;
    TRY(ctx_read(ctx, &tx));
    TRY(store_channel_list_by_ids(tx, ctx->arena, ids->items, ids->len, &channels, &count));
    if (count != ids->len)
        return fail(ctx, ERR_API_TEAM_INVITE_GUESTS_CHANNEL_IN_INVALID_TEAM);
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(channels[i].team_id, team_id) || channels[i].delete_at != 0)
            return fail(ctx, ERR_API_TEAM_INVITE_GUESTS_CHANNEL_IN_INVALID_TEAM);
        bool is_public = str_eq(channels[i].type, STR("O"));
        TRY(need_in_channel(ctx, &channels[i],
                            is_public ? PERM_MANAGE_PUBLIC_CHANNEL_MEMBERS
                                      : PERM_MANAGE_PRIVATE_CHANNEL_MEMBERS));
    }
    return OK;
}

static Err check_email(Ctx *ctx, const Team *team, Str email, bool is_guest)
{
    Str domains = is_guest ? ctx->settings->GuestAccountsSettings_RestrictCreationToDomains
                           : ctx->settings->TeamSettings_RestrictCreationToDomains;
    if (!email_is_valid(email))
        return fail_body(ctx, "user_email");
    if (!email_is_of_domains(email, domains) || !email_is_of_domains(email, team->allowed_domains))
        return fail(ctx, ERR_API_TEAM_INVITE_MEMBERS_INVALID_EMAIL);
    return mail_is_on(ctx)
               ? OK
               : fail(ctx, ERR_API_TEAM_INVITE_MEMBERS_UNABLE_TO_SEND_EMAIL_WITH_DEFAULTS);
}

static Err send_in(Ctx *ctx, DbTx *tx, const Team *team, const InviteByMail *invite, Str email)
{
    MailInvite mail = {
        .team = team,
        .sender = ctx->user,
        .email = email,
        .locale = ctx->user->locale,
        .is_guest = invite->is_guest,
        .channel_ids = invite->channel_ids.items,
        .channel_count = invite->channel_ids.len,
        .message = invite->message,
    };
    return mail_invite_in(ctx, tx, &mail);
}

Err team_invite_by_mail(Ctx *ctx, Str team_id, const InviteByMail *invite, bool graceful,
                        InviteSent **ret_sent)
{
    DbTx *tx;
    Team team;
    size_t count = invite->emails.len;
    TRY(need_to_invite(ctx, team_id, invite->is_guest));
    if (count == 0)
        return fail(ctx, ERR_API_TEAM_INVITE_MEMBERS_NO_ONE);
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_team_get(tx, ctx->arena, team_id, &team), ERR_APP_TEAM_GET_FIND);
    TRY(check_channels(ctx, team_id, &invite->channel_ids));
    InviteSent *sent = arena_new(ctx->arena, InviteSent, count);
    for (size_t i = 0; i < count; i++) {
        sent[i].email = str_lower(ctx->arena, str_trim(invite->emails.items[i]));
        sent[i].err = check_email(ctx, &team, sent[i].email, invite->is_guest);
        if (sent[i].err != OK && !graceful)
            return sent[i].err;
        sent[i].failure = ctx->failure;
        ctx->failure = (Failure){0};
    }
    TRY(ctx_write(ctx, &tx));
    for (size_t i = 0; i < count; i++)
        if (sent[i].err == OK)
            TRY(send_in(ctx, tx, &team, invite, sent[i].email));
    TRY(team_audit(ctx, tx, "team.invite", team_id));
    *ret_sent = sent;
    return ctx_commit(ctx);
}

Err invitations_cancel(Ctx *ctx)
{
    DbTx *tx;
    TRY(need(ctx, PERM_INVALIDATE_EMAIL_INVITE));
    TRY(ctx_write(ctx, &tx));
    TRY(mail_invites_cancel_in(ctx, tx));
    TRY(ctx_audit(ctx, tx, "team.cancel_invitations", STR_EMPTY));
    return ctx_commit(ctx);
}
