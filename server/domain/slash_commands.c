#include "domain/slash_commands.h"
#include "domain/channel_members.h"
#include "domain/custom_status.h"
#include "domain/direct_channels.h"
#include "domain/posts.h"
#include "domain/preferences.h"
#include "domain/statuses.h"
#include "domain/teams.h"
#include "domain/users.h"
#include "store/channel_store.h"
#include "store/team_store.h"
#include "store/user_store.h"

/* A command being run. */
typedef struct Run {
    Ctx *ctx;
    const SlashAsk *ask;
    const char *trigger;
    Str rest; /* what follows the command, trimmed */
    Channel channel;
    Team team; /* id empty: in a direct message of somebody without teams */
    SlashReply reply;
} Run;

/* ---- answering ---- */
Str slash_command_text(const Ctx *ctx, const char *trigger, const char *what)
{
    return text_get(str_printf(ctx->arena, "command.%s.%s", trigger, what), ctx->locale);
}

/* An answer for the one who typed, by its text's id; with one {name}, or NULL. */
static Err answer(Run *run, const char *id, const char *name, Str value)
{
    Str text = text_get(str_of(id), run->ctx->locale), names[1] = {str_of(name)};
    run->reply.text = name ? text_fill(run->ctx->arena, text, names, &value, 1) : text;
    return OK;
}

static Err answer_done(Run *run)
{
    return answer(
        run,
        str_to_c(run->ctx->arena, str_printf(run->ctx->arena, "command.%s.done", run->trigger)),
        NULL, STR_EMPTY);
}

static Err answer_usage(Run *run)
{
    Str usage = str_printf(run->ctx->arena, "`/%s " STR_FMT "`", run->trigger,
                           STR_ARG(slash_command_text(run->ctx, run->trigger, "hint")));
    return answer(run, "command.usage", "usage", usage);
}

static void go_to(Run *run, const char *kind, Str name)
{
    Str site = run->ctx->settings->ServiceSettings_SiteURL;
    while (str_ends_with(site, STR("/")))
        site.len--;
    if (run->team.id.len)
        run->reply.goto_location =
            str_printf(run->ctx->arena, STR_FMT "/" STR_FMT "/%s/" STR_FMT, STR_ARG(site),
                       STR_ARG(run->team.name), kind, STR_ARG(name));
}

/* Says something in the channel as the one who typed. */
static Err say_in(Run *run, Str channel_id, Str root_id, Str message, const char *type)
{
    Post draft = {.channel_id = channel_id,
                  .root_id = root_id,
                  .message = message,
                  .type = str_of(type)},
         post;
    if (*type) {
        Buf props;
        buf_init(&props, 256 * 1024);
        json_open(&props);
        json_key(&props, "message");
        json_str(&props, run->rest);
        json_close(&props);
        draft.props = str_copy(run->ctx->arena, buf_str(&props));
        buf_deinit(&props);
    }
    return post_create(run->ctx, &draft, &(PostHow){0}, &post, NULL);
}

static Err say(Run *run, Str message, const char *type)
{
    run->reply.is_in_channel = true;
    run->reply.text = message;
    return say_in(run, run->channel.id, run->ask->root_id, message, type);
}

/* ---- words ---- */
/* Takes the first word off the rest. */
static Str next_word(Run *run)
{
    Str rest = run->rest, word = str_split(&rest, ' ');
    run->rest = rest.ptr ? str_trim(rest) : STR_EMPTY;
    return word;
}

static Str without_sign(Str word, char sign)
{
    return word.len && word.ptr[0] == sign ? str_slice(word, 1, word.len) : word;
}

/* ERR_ABSENT: there is nobody of that name, and the answer says so. */
static Err find_user(Run *run, Str word, User *ret_user)
{
    DbTx *tx;
    Str name = str_lower(run->ctx->arena, without_sign(str_trim(word), '@'));
    TRY(ctx_read(run->ctx, &tx));
    Err err = store_user_get_by_username(tx, run->ctx->arena, name, ret_user);
    if (err == ERR_ABSENT)
        (void)answer(run, "command.no_user", "username", name); /* cannot fail */
    return err;
}

/* The channel a word names, or the one the command was typed in. */
static Err find_channel(Run *run, Str word, Channel *ret_channel)
{
    *ret_channel = run->channel;
    if (word.len == 0)
        return OK;
    Str team_id = run->channel.team_id.len ? run->channel.team_id : run->team.id;
    return channel_by_name(run->ctx, team_id, without_sign(word, '~'), false, ret_channel);
}

/* ---- status ---- */
static Err run_status_word(Run *run)
{
    Status status;
    TRY(status_choose(run->ctx, run->ctx->user_id, str_of(run->trigger), 0, &status));
    return answer_done(run);
}

/* ":tea: on a break", "on a break", "clear" */
static Err run_status(Run *run)
{
    CustomStatus status = {0};
    if (run->rest.len == 0)
        return answer_usage(run);
    if (str_eq(run->rest, STR("clear"))) {
        TRY(custom_status_clear(run->ctx, run->ctx->user_id));
        return answer(run, "command.status.cleared", NULL, STR_EMPTY);
    }
    status.text = run->rest;
    status.emoji = STR("speech_balloon");
    ptrdiff_t end = run->rest.ptr[0] == ':' ? str_find(run->rest, STR(":"), 1) : -1;
    if (end > 1) {
        status.emoji = str_slice(run->rest, 1, (size_t)end);
        status.text = str_trim(str_slice(run->rest, (size_t)end + 1, run->rest.len));
    }
    TRY(custom_status_set(run->ctx, run->ctx->user_id, &status));
    const Str names[] = {STR("emoji"), STR("text")}, values[] = {status.emoji, status.text};
    run->reply.text = text_fill(
        run->ctx->arena, text_get(STR("command.status.done"), run->ctx->locale), names, values, 2);
    return OK;
}

/* ---- saying ---- */
static Err run_me(Run *run)
{
    if (run->rest.len == 0)
        return answer_usage(run);
    return say(run, str_printf(run->ctx->arena, "*" STR_FMT "*", STR_ARG(run->rest)), "me");
}

static Err run_shrug(Run *run)
{
    static const char shrug[] = "¯\\\\\\_(ツ)\\_/¯"; /* as Markdown wants it */
    return say(run,
               str_printf(run->ctx->arena, STR_FMT "%s%s", STR_ARG(run->rest),
                          run->rest.len ? " " : "", shrug),
               "");
}

static Err run_code(Run *run)
{
    Buf text;
    if (run->rest.len == 0)
        return answer_usage(run);
    buf_init(&text, 512 * 1024);
    for (Str rest = run->rest; rest.ptr;) {
        Str line = str_split(&rest, '\n');
        buf_printf(&text, "%s    " STR_FMT, text.len ? "\n" : "", STR_ARG(line));
    }
    Str message = str_copy(run->ctx->arena, buf_str(&text));
    buf_deinit(&text);
    return say(run, message, "");
}

/* ---- direct messages ---- */
static Err run_msg(Run *run)
{
    User user;
    Channel channel;
    Str word = next_word(run);
    if (word.len == 0)
        return answer_usage(run);
    TRY(find_user(run, word, &user));
    TRY(channel_create_direct(run->ctx, run->ctx->user_id, user.id, &channel));
    go_to(run, "messages", str_concat(run->ctx->arena, STR("@"), user.username));
    return run->rest.len ? say_in(run, channel.id, STR_EMPTY, run->rest, "") : OK;
}

/* "@a,@b message"; spaces behind commas are fine. */
static Err run_groupmsg(Run *run)
{
    StrVec ids = {0};
    Channel channel;
    bool more = true;
    if (run->rest.len == 0)
        return answer_usage(run);
    while (more && run->rest.len) {
        Str word = next_word(run);
        more = str_ends_with(word, STR(","));
        for (Str names = word; names.ptr;) {
            Str name = str_trim(str_split(&names, ','));
            User user;
            if (name.len == 0)
                continue;
            TRY(find_user(run, name, &user));
            vec_push(run->ctx->arena, &ids, user.id);
        }
    }
    bool is_pair = ids.len == 1;
    TRY(is_pair ? channel_create_direct(run->ctx, run->ctx->user_id, ids.items[0], &channel)
                : channel_create_group(run->ctx, &ids, &channel));
    go_to(run, "channels", channel.name);
    return run->rest.len ? say_in(run, channel.id, STR_EMPTY, run->rest, "") : OK;
}

/* ---- channels ---- */
static Err run_join(Run *run)
{
    Channel channel;
    ChannelMember *members;
    size_t count;
    StrVec self = {0};
    if (run->rest.len == 0)
        return answer_usage(run);
    TRY(find_channel(run, next_word(run), &channel));
    vec_push(run->ctx->arena, &self, run->ctx->user_id);
    TRY(channel_add_members(run->ctx, channel.id, &self, STR_EMPTY, &members, &count));
    go_to(run, "channels", channel.name);
    return OK;
}

static Err run_leave(Run *run)
{
    TRY(channel_remove_member(run->ctx, run->channel.id, run->ctx->user_id));
    go_to(run, "channels", STR("town-square"));
    return OK;
}

static Err update(Run *run, const char *field, const Channel *change)
{
    Channel channel;
    FieldMask mask = entity_mask_of(&channel_entity, field);
    return channel_update(run->ctx, run->channel.id, change, mask, &channel);
}

static Err run_header(Run *run)
{
    return run->rest.len ? update(run, "header", &(Channel){.header = run->rest})
                         : answer_usage(run);
}

static Err run_purpose(Run *run)
{
    return run->rest.len ? update(run, "purpose", &(Channel){.purpose = run->rest})
                         : answer_usage(run);
}

static Err run_rename(Run *run)
{
    return run->rest.len ? update(run, "display_name", &(Channel){.display_name = run->rest})
                         : answer_usage(run);
}

static Err run_invite(Run *run)
{
    User user;
    Channel channel;
    ChannelMember *members;
    size_t count;
    StrVec ids = {0};
    Str word = next_word(run);
    if (word.len == 0)
        return answer_usage(run);
    TRY(find_user(run, word, &user));
    TRY(find_channel(run, next_word(run), &channel));
    vec_push(run->ctx->arena, &ids, user.id);
    TRY(channel_add_members(run->ctx, channel.id, &ids, STR_EMPTY, &members, &count));
    const Str names[] = {STR("username"), STR("channel")}, values[] = {user.username, channel.name};
    run->reply.text = text_fill(
        run->ctx->arena, text_get(STR("command.invite.done"), run->ctx->locale), names, values, 2);
    return OK;
}

static Err run_remove(Run *run)
{
    User user;
    if (run->rest.len == 0)
        return answer_usage(run);
    TRY(find_user(run, next_word(run), &user));
    TRY(channel_remove_member(run->ctx, run->channel.id, user.id));
    return answer(run, "command.remove.done", "username", user.username);
}

static Err run_mute(Run *run)
{
    Channel channel;
    ChannelMember member;
    json_t *props, *change;
    TRY(find_channel(run, next_word(run), &channel));
    TRY(channel_member_to_read(run->ctx, channel.id, run->ctx->user_id, &member));
    TRY(json_parse(run->ctx->arena, member.notify_props, &props));
    bool is_muted = str_eq(json_text(json_find(props, "mark_unread")), STR("mention"));
    TRY(json_parse(run->ctx->arena,
                   is_muted ? STR("{\"mark_unread\":\"all\"}")
                            : STR("{\"mark_unread\":\"mention\"}"),
                   &change));
    TRY(channel_member_set_notify(run->ctx, channel.id, run->ctx->user_id, change));
    return answer(run, is_muted ? "command.mute.off" : "command.mute.on", "channel",
                  channel.display_name.len ? channel.name : STR("direct"));
}

/* ---- the rest ---- */
static Err run_previews(Run *run)
{
    Ctx *ctx = run->ctx;
    DbTx *tx;
    Preference p = {
        .user_id = ctx->user_id,
        .category = STR("display_settings"),
        .name = STR("collapse_previews"),
        .value = str_eq(str_of(run->trigger), STR("collapse")) ? STR("true") : STR("false"),
    };
    TRY(ctx_write(ctx, &tx));
    TRY(preferences_save_in(ctx, tx, ctx->user_id, &p, 1));
    Event *event = event_new(ctx->arena, "preference_changed");
    json_key(&event->data, "preference");
    json_str(&event->data, entity_to_json(ctx->arena, &preference_entity, &p));
    event->user_id = ctx->user_id;
    hub_publish_on_commit(tx, ctx->hub, event);
    TRY(ctx_commit(ctx));
    return answer_done(run);
}

static Err run_help(Run *run)
{
    Buf text;
    buf_init(&text, 64 * 1024);
    buf_append(&text, text_get(STR("command.help.head"), run->ctx->locale));
    buf_append_char(&text, '\n');
    for (size_t i = 0; i < slash_command_count(); i++) {
        SlashCommand c = slash_command_at(i);
        Str hint = c.has_hint ? slash_command_text(run->ctx, c.trigger, "hint") : STR_EMPTY;
        buf_printf(&text, "\n- `/%s%s" STR_FMT "` " STR_FMT, c.trigger, hint.len ? " " : "",
                   STR_ARG(hint), STR_ARG(slash_command_text(run->ctx, c.trigger, "desc")));
    }
    run->reply.text = str_copy(run->ctx->arena, buf_str(&text));
    buf_deinit(&text);
    return OK;
}

static Err run_logout(Run *run)
{
    TRY(user_logout(run->ctx));
    run->reply.goto_location = STR("/login");
    return OK;
}

/* Apps open these themselves and do not send them. */
static Err run_in_app(Run *run)
{
    return answer(run, "command.in_app", NULL, STR_EMPTY);
}

/* clang-format off */
static const struct Row {
    SlashCommand shown;
    Err (*run)(Run *run);
} COMMANDS[] = { /* by name */
    {{"away",      false}, run_status_word},
    {{"code",      true},  run_code},
    {{"collapse",  false}, run_previews},
    {{"dnd",       false}, run_status_word},
    {{"expand",    false}, run_previews},
    {{"groupmsg",  true},  run_groupmsg},
    {{"header",    true},  run_header},
    {{"help",      false}, run_help},
    {{"invite",    true},  run_invite},
    {{"join",      true},  run_join},
    {{"kick",      true},  run_remove},
    {{"leave",     false}, run_leave},
    {{"logout",    false}, run_logout},
    {{"me",        true},  run_me},
    {{"msg",       true},  run_msg},
    {{"mute",      true},  run_mute},
    {{"offline",   false}, run_status_word},
    {{"online",    false}, run_status_word},
    {{"open",      true},  run_join},
    {{"purpose",   true},  run_purpose},
    {{"remove",    true},  run_remove},
    {{"rename",    true},  run_rename},
    {{"search",    true},  run_in_app},
    {{"settings",  false}, run_in_app},
    {{"shortcuts", false}, run_in_app},
    {{"shrug",     true},  run_shrug},
    {{"status",    true},  run_status},
};
/* clang-format on */

size_t slash_command_count(void)
{
    return sizeof COMMANDS / sizeof *COMMANDS;
}
SlashCommand slash_command_at(size_t index)
{
    return COMMANDS[index].shown;
}

static const struct Row *find(Str trigger)
{
    for (size_t i = 0; i < slash_command_count(); i++)
        if (str_eq_nocase(str_of(COMMANDS[i].shown.trigger), trigger))
            return &COMMANDS[i];
    return NULL;
}

/* ---- running ---- */
/* The team the command is typed in: the channel's, else the one the client shows, when one is in it. */
static Err find_team(Run *run)
{
    DbTx *tx;
    bool allowed;
    Str id = run->channel.team_id.len ? run->channel.team_id : run->ask->team_id;
    if (id.len == 0)
        return OK;
    TRY(ctx_read(run->ctx, &tx));
    TRY(can_in_team(run->ctx, id, PERM_VIEW_TEAM, &allowed));
    Err err = allowed ? store_team_get(tx, run->ctx->arena, id, &run->team) : ERR_ABSENT;
    return err == ERR_ABSENT ? OK : err;
}

/* What the command was refused is its answer, in the words of the error. */
static void answer_refusal(Run *run, Err err)
{
    const Failure *f = &run->ctx->failure;
    run->reply =
        (SlashReply){.text = text_fill(run->ctx->arena, error_text(err, run->ctx->locale), f->names,
                                       f->values, f->err == err ? f->param_count : 0)};
    run->ctx->failure = (Failure){0};
    ctx_end(run->ctx);
}

static Err send_answer(Run *run)
{
    Str json;
    Post draft = {
        .channel_id = run->channel.id, .root_id = run->ask->root_id, .message = run->reply.text};
    if (run->reply.is_in_channel || run->reply.text.len == 0)
        return OK;
    return post_send_ephemeral(run->ctx, &draft, run->ctx->user_id, run->ctx->user_id, &json);
}

static Err load_channel(Run *run)
{
    DbTx *tx;
    TRY(ctx_read(run->ctx, &tx));
    Err err = store_channel_get(tx, run->ctx->arena, run->ask->channel_id, &run->channel);
    if (err == OK && run->channel.delete_at != 0) {
        bool allowed; /* only members learn that it is archived */
        TRY(can_in_channel(run->ctx, &run->channel, PERM_CREATE_POST, &allowed));
        return allowed ? fail(run->ctx, ERR_API_COMMAND_EXECUTE_COMMAND_DELETED_ERROR)
                       : fail_right(run->ctx, PERM_CREATE_POST);
    }
    if (err != OK && err != ERR_ABSENT)
        return err;
    return channel_to_write(run->ctx, run->ask->channel_id, &run->channel);
}

Err slash_command_run(Ctx *ctx, const SlashAsk *ask, SlashReply *ret_reply)
{
    Run run = {.ctx = ctx, .ask = ask};
    if (!ctx->settings->ServiceSettings_EnableCommands)
        return fail(ctx, ERR_API_COMMAND_DISABLED);
    if (ask->text.len < 2 || ask->text.ptr[0] != '/')
        return fail(ctx, ERR_API_COMMAND_EXECUTE_COMMAND_START);
    TRY(load_channel(&run));
    TRY(find_team(&run));
    size_t end = 1;
    while (end < ask->text.len && !strchr(" \t\r\n", ask->text.ptr[end]))
        end++;
    Str trigger = str_slice(ask->text, 1, end);
    const struct Row *row = find(trigger);
    if (!row)
        return fail_param(ctx, ERR_API_COMMAND_EXECUTE_COMMAND_NOT_FOUND, "Trigger",
                          str_rune_prefix(trigger, 64));
    run.trigger = row->shown.trigger;
    run.rest = str_trim(str_slice(ask->text, end, ask->text.len));
    Err err = row->run(&run);
    if (err != OK && err < ERR_WIRE_FIRST && !(err == ERR_ABSENT && run.reply.text.len))
        return err;
    if (err != OK && err != ERR_ABSENT)
        answer_refusal(&run, err);
    TRY(send_answer(&run));
    *ret_reply = run.reply;
    return OK;
}
