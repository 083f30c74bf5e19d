/* domain/mails.c: puts mails into the jobs table, and sends them from there. What they say: domain/mail_text.c. */
#include "domain/mails.h"
#include "base/log.h"
#include "domain/mail_text.h"
#include "domain/one_time_tokens.h"
#include "domain/statuses.h"
#include "ext/mail.h"
#include "store/channel_store.h"
#include "store/post_store.h"
#include "store/team_store.h"
#include "store/token_store.h"
#include "store/user_store.h"

enum { JOB_LIMIT_BYTES = 1024 * 1024 };

bool mail_is_on(const Ctx *ctx)
{
    return ctx->settings->EmailSettings_SMTPServer.len > 0;
}

/* ---- into the table ---- */
/* The start of a mail's data: {"kind":…,"to":…,"user_id":…,"locale":… — further members and json_close follow. */
static Buf *open_mail(Ctx *ctx, const char *kind, Str to, Str user_id, Str locale)
{
    Buf *data = buf_new(ctx->arena, JOB_LIMIT_BYTES);
    json_open(data);
    json_key(data, "kind");
    json_str(data, str_of(kind));
    json_key(data, "to");
    json_str(data, to);
    json_key(data, "user_id");
    json_str(data, user_id);
    json_key(data, "locale");
    json_str(data, locale);
    return data;
}

static Err add_mail(Ctx *ctx, DbTx *tx, Buf *data)
{
    json_close(data);
    if (!mail_is_on(ctx) || data->overflowed)
        return OK;
    return job_add_in(ctx, tx, "mail", 0, buf_str(data));
}

static Err add_account_mail(Ctx *ctx, DbTx *tx, const char *kind, const User *user)
{
    return add_mail(ctx, tx, open_mail(ctx, kind, user->email, user->id, user->locale));
}

Err mail_welcome_in(Ctx *ctx, DbTx *tx, const User *user)
{
    return add_account_mail(ctx, tx, "welcome", user);
}
Err mail_verification_in(Ctx *ctx, DbTx *tx, const User *user)
{
    return add_account_mail(ctx, tx, "verification", user);
}
Err mail_password_reset_in(Ctx *ctx, DbTx *tx, const User *user)
{
    return add_account_mail(ctx, tx, "password_reset", user);
}
Err mail_password_changed_in(Ctx *ctx, DbTx *tx, const User *user)
{
    return add_account_mail(ctx, tx, "password_changed", user);
}
Err mail_deactivated_in(Ctx *ctx, DbTx *tx, const User *user)
{
    return add_account_mail(ctx, tx, "deactivated", user);
}
Err mail_mfa_changed_in(Ctx *ctx, DbTx *tx, const User *user)
{
    return add_account_mail(ctx, tx, "mfa_changed", user);
}

Err mail_access_token_added_in(Ctx *ctx, DbTx *tx, const User *user)
{
    return add_account_mail(ctx, tx, "access_token_added", user);
}

Err mail_email_changed_in(Ctx *ctx, DbTx *tx, const User *user, Str old_email)
{
    Buf *data = open_mail(ctx, "email_changed", old_email, user->id, user->locale);
    json_key(data, "Email");
    json_str(data, user->email);
    return add_mail(ctx, tx, data);
}

Err mail_invite_in(Ctx *ctx, DbTx *tx, const MailInvite *invite)
{
    Buf *data = open_mail(ctx, invite->is_guest ? "guest_invitation" : "invitation", invite->email,
                          STR_EMPTY, invite->locale);
    json_key(data, "team_id");
    json_str(data, invite->team->id);
    json_key(data, "sender_id");
    json_str(data, invite->sender->id);
    json_key(data, "channel_ids");
    json_strs(data, invite->channel_ids, invite->channel_count);
    json_key(data, "message");
    json_str(data, invite->message);
    return add_mail(ctx, tx, data);
}

Err mail_invites_cancel_in(Ctx *ctx, DbTx *tx)
{
    (void)ctx;
    TRY(store_token_delete_type(tx, STR(TOKEN_TEAM_INVITATION)));
    TRY(store_token_delete_type(tx, STR(TOKEN_GUEST_INVITATION)));
    return db_exec(
        tx, "DELETE FROM jobs WHERE type = 'mail' AND (data LIKE '{\"kind\":\"invitation\",%' OR "
            "data LIKE '{\"kind\":\"guest_invitation\",%')");
}

Err mail_notify_in(Ctx *ctx, DbTx *tx, const Post *post, const StrVec *called,
                   const StrVec *followers)
{
    if (called->len + followers->len == 0 || !mail_is_on(ctx) ||
        !ctx->settings->EmailSettings_SendEmailNotifications)
        return OK;
    Buf *data = buf_new(ctx->arena, JOB_LIMIT_BYTES);
    json_open(data);
    json_key(data, "post_id");
    json_str(data, post->id);
    json_key(data, "called");
    json_strs(data, called->items, called->len);
    json_key(data, "followers");
    json_strs(data, followers->items, followers->len);
    json_close(data);
    return data->overflowed ? OK
                            : job_add_in(ctx, tx, "mail_notify", 0,
                                         buf_str(data)); /* over 30,000 people: no mails */
}

/* ---- whom a message is worth a mail ---- */
static Str prop(Ctx *ctx, Str props, const char *name)
{
    json_t *map;
    return json_parse(ctx->arena, props, &map) == OK ? json_text(json_find(map, name)) : STR_EMPTY;
}

static bool is_off(Str wish)
{
    return str_eq(wish, STR("false")) || str_eq(wish, STR("none"));
}

static bool wants_mail(Ctx *ctx, const User *user, const ChannelMember *member, bool is_follower)
{
    if (user->delete_at != 0 || user->is_bot || user->email.len == 0)
        return false;
    if (ctx->settings->EmailSettings_RequireEmailVerification && !user->email_verified)
        return false;
    Str wish = prop(ctx, user->notify_props, "email"),
        in_channel = prop(ctx, member->notify_props, "email");
    if (in_channel.len && !str_eq(in_channel, STR("default")))
        wish = in_channel;
    if (is_follower && str_eq(prop(ctx, user->notify_props, "email_threads"), STR("mention")))
        return false;
    return !is_off(wish);
}

static Err add_notification(Ctx *ctx, DbTx *tx, const User *user, const Post *post,
                            bool is_follower)
{
    Buf *data = open_mail(ctx, "notification", user->email, user->id, user->locale);
    json_key(data, "post_id");
    json_str(data, post->id);
    json_key(data, "is_follower");
    json_bool(data, is_follower);
    return add_mail(ctx, tx, data);
}

typedef struct Receiver {
    User user;
    bool is_follower;
} Receiver;
typedef VEC(Receiver) ReceiverVec;

static bool has_receiver(const ReceiverVec *list, Str user_id)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->items[i].user.id, user_id))
            return true;
    return false;
}

/* Of these people those who are away, may read it, and want a mail of it. */
static Err choose_receivers(Ctx *ctx, DbTx *tx, const Post *post, const json_t *ids,
                            bool is_follower, ReceiverVec *list)
{
    size_t i;
    json_t *id;
    json_array_foreach((json_t *)ids, i, id)
    {
        User user;
        ChannelMember member;
        Str user_id = json_text(id);
        Err err = store_user_get(tx, ctx->arena, user_id, &user);
        if (err == OK)
            err = store_channel_member_get(tx, ctx->arena, post->channel_id, user_id, &member);
        if (err == ERR_ABSENT)
            continue;
        TRY(err);
        if (!str_eq(user_id, post->user_id) && !has_receiver(list, user_id) &&
            status_lets_mail_through(ctx, user_id) && wants_mail(ctx, &user, &member, is_follower))
            vec_push(ctx->arena, list, (Receiver){user, is_follower});
    }
    return OK;
}

Err mail_notify_job_run(Ctx *ctx, const Job *job)
{
    json_t *data;
    DbTx *tx;
    Post post;
    ReceiverVec list = {0};
    TRY(json_parse(ctx->arena, job->data, &data));
    TRY(ctx_read(ctx, &tx));
    Err err = store_post_get(tx, ctx->arena, json_text(json_find(data, "post_id")), &post);
    if (err == ERR_ABSENT || (err == OK && post.delete_at != 0))
        return OK; /* taken back meanwhile */
    TRY(err);
    TRY(choose_receivers(ctx, tx, &post, json_find(data, "called"), false, &list));
    TRY(choose_receivers(ctx, tx, &post, json_find(data, "followers"), true, &list));
    TRY(ctx_write(ctx, &tx));
    for (size_t i = 0; i < list.len; i++)
        TRY(add_notification(ctx, tx, &list.items[i].user, &post, list.items[i].is_follower));
    TRY(job_end_in(tx, job));
    return ctx_commit(ctx);
}

/* ---- out ---- */
static MailServer server_of(const Settings *s)
{
    bool is_tls = str_eq(s->EmailSettings_ConnectionSecurity, STR("TLS"));
    bool is_starttls = str_eq(s->EmailSettings_ConnectionSecurity, STR("STARTTLS"));
    return (MailServer){
        .host = s->EmailSettings_SMTPServer,
        .port = s->EmailSettings_SMTPPort.len ? s->EmailSettings_SMTPPort : STR("25"),
        .security = is_tls        ? MAIL_TLS
                    : is_starttls ? MAIL_STARTTLS
                                  : MAIL_PLAIN,
        .user = s->EmailSettings_EnableSMTPAuth ? s->EmailSettings_SMTPUsername : STR_EMPTY,
        .password = s->EmailSettings_SMTPPassword,
        .trusts_anybody = s->EmailSettings_SkipServerCertificateVerification,
        .timeout_s =
            s->EmailSettings_SMTPServerTimeout > 0 ? s->EmailSettings_SMTPServerTimeout : 10,
    };
}

static Err send_letter(Ctx *ctx, const Settings *settings, const Letter *letter, Str id)
{
    MailServer server = server_of(settings);
    server.is_ending = &ctx->app->is_ending;
    Mail mail = {
        .from = settings->EmailSettings_FeedbackEmail.len ? settings->EmailSettings_FeedbackEmail
                                                          : STR("noreply@localhost.localdomain"),
        .from_name = settings->EmailSettings_FeedbackName.len ? settings->EmailSettings_FeedbackName
                                                              : settings->TeamSettings_SiteName,
        .reply_to = settings->EmailSettings_ReplyToAddress,
        .to = letter->to,
        .subject = letter->subject,
        .text = letter->text,
        .html = letter->html,
        .id = id,
        .date_ms = ctx->now,
    };
    Str reason;
    Err err = mail_send(ctx->arena, &server, &mail, &reason);
    if (err != OK)
        (void)fail(ctx, err, STR_FMT, STR_ARG(reason)); /* for the job's last_error */
    return err;
}

static Err make_token(Ctx *ctx, const char *type, Str subject, Str extra, Str *ret_secret)
{
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(token_make_in(ctx, tx, type, subject, extra, ret_secret));
    return ctx_commit(ctx);
}

/* What the link of an invitation carries beside its secret, for the sign-up page; and what the token remembers. */
static Err make_invitation(Ctx *ctx, const json_t *data, bool is_guest, Letter *letter)
{
    Team team;
    User sender;
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    Err err = store_team_get(tx, ctx->arena, json_text(json_find(data, "team_id")), &team);
    if (err == OK)
        err = store_user_get(tx, ctx->arena, json_text(json_find(data, "sender_id")), &sender);
    if (err == ERR_ABSENT || (err == OK && (team.delete_at != 0 || sender.delete_at != 0)))
        return ERR_ABSENT;
    TRY(err);
    Buf *extra = buf_new(ctx->arena, JOB_LIMIT_BYTES);
    json_open(extra);
    json_key(extra, "team_id");
    json_str(extra, team.id);
    json_key(extra, "email");
    json_str(extra, letter->to);
    json_key(extra, "sender_id");
    json_str(extra, sender.id);
    json_key(extra, "channel_ids");
    json_raw(extra, json_dump(ctx->arena, json_find(data, "channel_ids")));
    json_close(extra);
    Str secret;
    TRY(make_token(ctx, is_guest ? TOKEN_GUEST_INVITATION : TOKEN_TEAM_INVITATION,
                   str_printf(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(team.id),
                              STR_ARG(str_slice(letter->to, 0, 100))),
                   buf_str(extra), &secret));
    letter_set(ctx, letter, "TeamName", team.display_name);
    letter_set(ctx, letter, "SenderName", letter_name_of(ctx, &sender));
    letter->quote = json_text(json_find(data, "message"));
    Buf *d = buf_new(ctx->arena, JOB_LIMIT_BYTES);
    json_open(d);
    json_key(d, "display_name");
    json_str(d, team.display_name);
    json_key(d, "email");
    json_str(d, letter->to);
    json_key(d, "name");
    json_str(d, team.name);
    json_close(d);
    letter->path = str_printf(ctx->arena, "/signup_user_complete/?d=" STR_FMT "&t=" STR_FMT,
                              STR_ARG(url_encode(ctx->arena, buf_str(d))), STR_ARG(secret));
    return OK;
}

static Err make_notification(Ctx *ctx, const json_t *data, Letter *letter)
{
    Post post;
    Channel channel;
    User sender;
    Team team = {0};
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY(store_post_get(tx, ctx->arena, json_text(json_find(data, "post_id")), &post));
    TRY(store_channel_get(tx, ctx->arena, post.channel_id, &channel));
    TRY(store_user_get(tx, ctx->arena, post.user_id, &sender));
    if (channel.team_id.len)
        TRY(store_team_get(tx, ctx->arena, channel.team_id, &team));
    if (post.delete_at != 0)
        return ERR_ABSENT;
    bool is_follower = json_is_true(json_find(data, "is_follower"));
    letter->cause = str_eq(channel.type, STR("D"))   ? "direct"
                    : str_eq(channel.type, STR("G")) ? "group"
                    : is_follower                    ? "thread"
                                                     : "mention";
    letter_set(ctx, letter, "SenderName", letter_name_of(ctx, &sender));
    letter_set(ctx, letter, "ChannelName", channel.display_name);
    letter_set(ctx, letter, "Time", letter_time(ctx->arena, post.create_at));
    letter->hides_text =
        !str_eq(ctx->settings->EmailSettings_EmailNotificationContentsType, STR("full"));
    if (!letter->hides_text)
        letter->quote = post.message;
    letter->path =
        str_printf(ctx->arena, "/" STR_FMT "/pl/" STR_FMT,
                   STR_ARG(team.name.len ? team.name : STR("_redirect")), STR_ARG(post.id));
    return OK;
}

/* What depends on the kind: the link, names in the text. ERR_ABSENT: there is no reason any more to send it. */
static Err fill_letter(Ctx *ctx, const json_t *data, Letter *letter)
{
    Str kind = str_of(letter->kind), secret, user_id = json_text(json_find(data, "user_id"));
    letter->path = STR("/");
    letter_set(ctx, letter, "Email", letter->to);
    if (str_eq(kind, STR("invitation")) || str_eq(kind, STR("guest_invitation")))
        return make_invitation(ctx, data, str_eq(kind, STR("guest_invitation")), letter);
    if (str_eq(kind, STR("notification")))
        return make_notification(ctx, data, letter);
    if (str_eq(kind, STR("email_changed")))
        letter_set(ctx, letter, "Email", json_text(json_find(data, "Email")));
    if (str_eq(kind, STR("password_reset"))) {
        TRY(make_token(ctx, TOKEN_PASSWORD_RECOVERY, user_id, STR("{}"), &secret));
        letter->path =
            str_printf(ctx->arena, "/reset_password_complete?token=" STR_FMT, STR_ARG(secret));
    }
    if (str_eq(kind, STR("verification"))) {
        Buf *extra = buf_new(ctx->arena, 4096);
        json_open(extra);
        json_key(extra, "email");
        json_str(extra, letter->to);
        json_close(extra);
        TRY(make_token(ctx, TOKEN_VERIFY_EMAIL, user_id, buf_str(extra), &secret));
        letter->path = str_printf(ctx->arena, "/do_verify_email?token=" STR_FMT "&email=" STR_FMT,
                                  STR_ARG(secret), STR_ARG(url_encode(ctx->arena, letter->to)));
    }
    return OK;
}

Err mail_job_run(Ctx *ctx, const Job *job)
{
    json_t *data;
    TRY(json_parse(ctx->arena, job->data, &data));
    if (!mail_is_on(ctx))
        return OK; /* switched off meanwhile */
    Letter letter = {
        .kind = str_to_c(ctx->arena, json_text(json_find(data, "kind"))),
        .to = json_text(json_find(data, "to")),
        .locale = json_text(json_find(data, "locale")),
    };
    Err err = fill_letter(ctx, data, &letter);
    if (err == ERR_ABSENT)
        return OK;
    TRY(err);
    ctx_end(ctx); /* no transaction while the mail server is spoken to */
    letter_write(ctx, &letter);
    return send_letter(ctx, ctx->settings, &letter, job->id);
}

Err mail_test(Ctx *ctx, const Settings *settings, Str to)
{
    Letter letter = {.kind = "test", .to = to, .locale = ctx->locale};
    ctx_end(ctx);
    letter_write(ctx, &letter);
    return send_letter(ctx, settings, &letter, ctx_id(ctx));
}
