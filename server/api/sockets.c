/* api/sockets.c: the WebSocket of v4: sign-in, the actions of clients, and the hub's way to the sockets.
 *
 * Source   Mattermost API v4, WebSocket.
 * Owner    A Socket belongs to the loop of its Ws; workers see it only through copies of what they need, and answer by
 *          net_post to that loop with the Socket's own reference count.
 */
#include "api/dispatch.h"
#include "api/site.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "domain/mfa.h"
#include "domain/sessions.h"
#include "domain/statuses.h"
#include "store/channel_store.h"
#include "store/team_store.h"
#include <stdatomic.h>
#include <stdlib.h>

enum {
    SIGN_IN_MS = 5000,
    ACTIONS_MAX =
        16, /* of one socket at the same time, so that it cannot fill the queue for others */
    SLOW_FROM_BYTES = 256 * 1024, /* unsent: then typing and the like are left out */
};

struct Socket {
    Api *api;
    _Atomic int references; /* one for the Ws, one for each piece of work under way */
    size_t loop_index;
    Ws *ws;        /* NULL: closed */
    HubConn *conn; /* NULL: not signed in */
    bool is_signing_in, wants_ack;
    bool must_check, is_checking; /* whether its session still lives */
    int actions;                  /* under way */
    int64_t opened_at_ms;
    int64_t expires_at; /* of the session, as far as known; Unix ms, 0 never */
    Arena *arena;       /* what was asked for at the upgrade */
    Str connection_id, remote_ip, user_agent;
    int64_t sequence;
    HubAttach attach;     /* filled in when the upgrade request had a session */
    uint64_t generation;  /* of the session cache before that session was read */
    Socket *next_waiting; /* in the loop's list of those not signed in; holds a reference */
};

static void socket_unref(Socket *socket)
{
    if (atomic_fetch_sub(&socket->references, 1) > 1)
        return;
    arena_free(socket->arena);
    free(socket);
}

/* ---- hub → sockets ---- */
static bool hub_send(void *socket, Frame *frame, Str tail)
{
    Socket *s = socket;
    return s->ws && ws_send_frame(s->ws, frame, tail);
}

static void hub_close(void *socket, int code, Str reason)
{
    Socket *s = socket;
    s->conn = NULL;
    if (s->ws)
        ws_close(s->ws, code, reason);
}

static bool hub_is_slow(void *socket)
{
    Socket *s = socket;
    return s->ws && ws_queued_bytes(s->ws) > SLOW_FROM_BYTES;
}

static void hub_wake(void *app, size_t loop_index)
{
    Api *api = app;
    if (api_net(api))
        net_wake(api_net(api), loop_index);
}

typedef struct LoadWork {
    Api *api;
    size_t loop_index;
    uint64_t ticket;
    char user_id[ID_LEN + 1];
} LoadWork;

static Err load_memberships(Ctx *ctx, LoadWork *work)
{
    DbTx *tx;
    Str *channel_ids, *team_ids;
    size_t channel_count, team_count;
    TeamMember *teams;
    TRY(ctx_read(ctx, &tx));
    TRY(store_channel_ids_of_user(tx, ctx->arena, str_of(work->user_id), &channel_ids,
                                  &channel_count));
    TRY(store_team_member_list_of_user(tx, ctx->arena, str_of(work->user_id), &teams, &team_count));
    team_ids = arena_new(ctx->arena, Str, team_count);
    for (size_t i = 0; i < team_count; i++)
        team_ids[i] = teams[i].team_id;
    hub_loaded(ctx->hub, work->loop_index, str_of(work->user_id), work->ticket, channel_ids,
               channel_count, team_ids, team_count);
    return OK;
}

static void run_load(void *arg)
{
    LoadWork *work = arg;
    Arena *arena = arena_create();
    Ctx ctx;
    ctx_init(&ctx, api_app(work->api), arena);
    Err err = load_memberships(&ctx, work);
    ctx_deinit(&ctx);
    arena_free(arena);
    if (err != OK) {
        log_error("memberships could not be loaded", "user_id=%s err=%s", work->user_id,
                  err_name(err));
        hub_disconnect(api_app(work->api)->hub, str_of(work->user_id),
                       STR_EMPTY); /* the client comes again */
    }
    free(work);
}

static void hub_load(void *app, size_t loop_index, Str user_id, uint64_t ticket)
{
    LoadWork *work = calloc(1, sizeof *work);
    ENSURE(work != NULL && user_id.len <= ID_LEN);
    work->api = app;
    work->loop_index = loop_index;
    work->ticket = ticket;
    memcpy(work->user_id, user_id.ptr, user_id.len);
    if (!pool_submit(api_pool(work->api), LANE_MAIN, run_load, work)) {
        hub_disconnect(api_app(work->api)->hub, user_id, STR_EMPTY);
        free(work);
    }
}

typedef struct PresenceWork {
    Api *api;
    char user_id[ID_LEN + 1];
} PresenceWork;

static void run_presence(void *arg)
{
    PresenceWork *work = arg;
    Arena *arena = arena_create();
    Ctx ctx;
    ctx_init(&ctx, api_app(work->api), arena);
    status_connection_changed(&ctx, str_of(work->user_id));
    ctx_deinit(&ctx);
    arena_free(arena);
    free(work);
}

static void hub_presence(void *app, Str user_id, bool is_online)
{
    (void)is_online; /* the worker asks the hub */
    PresenceWork *work = calloc(1, sizeof *work);
    ENSURE(work != NULL && user_id.len <= ID_LEN);
    work->api = app;
    memcpy(work->user_id, user_id.ptr, user_id.len);
    if (!pool_submit(api_pool(work->api), LANE_MAIN, run_presence, work))
        free(work); /* the next change or the poll of clients puts it right */
}

HubSockets api_hub_sockets(Api *api)
{
    return (HubSockets){api, hub_send, hub_close, hub_wake, hub_load, hub_presence, hub_is_slow};
}

/* ---- does the session still live? ---- */
typedef struct CheckWork {
    Socket *socket;
    int64_t expires_at;
    bool is_done, is_admin;
    char user_id[ID_LEN + 1], session_id[ID_LEN + 1];
} CheckWork;

static void finish_check(void *arg)
{
    CheckWork *work = arg;
    Socket *socket = work->socket;
    socket->is_checking = false;
    socket->must_check = !work->is_done; /* the database is away: at the next pong again */
    socket->expires_at = work->expires_at;
    if (socket->conn && work->is_done)
        hub_conn_set_admin(socket->conn, work->is_admin);
    socket_unref(socket);
    free(work);
}

static void run_check(void *arg)
{
    CheckWork *work = arg;
    Api *api = work->socket->api;
    Arena *arena = arena_create();
    Ctx ctx;
    ctx_init(&ctx, api_app(api), arena);
    Err err = session_resume(&ctx, str_of(work->user_id), str_of(work->session_id));
    if (err == ERR_ABSENT)
        hub_disconnect(ctx.hub, str_of(work->user_id), str_of(work->session_id));
    work->is_done = err == OK || err == ERR_ABSENT;
    if (err == OK) {
        work->expires_at = ctx.session->expires_at;
        work->is_admin = permissions_has(&ctx.rights, PERM_MANAGE_SYSTEM);
    }
    ctx_deinit(&ctx);
    arena_free(arena);
    net_post(api_net(api), work->socket->loop_index, finish_check, work);
}

static void check_session(Socket *socket)
{
    if (!socket->conn || socket->is_checking)
        return;
    CheckWork *work = calloc(1, sizeof *work);
    ENSURE(work != NULL);
    Str user_id = hub_conn_user(socket->conn), session_id = hub_conn_session(socket->conn);
    work->socket = socket;
    work->expires_at = socket->expires_at;
    memcpy(work->user_id, user_id.ptr, user_id.len);
    memcpy(work->session_id, session_id.ptr, session_id.len);
    atomic_fetch_add(&socket->references, 1);
    socket->is_checking = true;
    if (pool_submit(api_pool(socket->api), LANE_MAIN, run_check, work))
        return;
    socket->is_checking = false;
    socket->must_check = true;
    socket_unref(socket);
    free(work);
}

/* A session that ended after it was read and before this had told the hub to close a socket that did not exist yet: so
 * when any session changed meanwhile, it is looked at once more. */
static void attach_socket(Socket *socket, const HubAttach *attach, uint64_t generation,
                          int64_t expires_at)
{
    App *app = api_app(socket->api);
    socket->conn = hub_attach(app->hub, socket->loop_index, attach, socket);
    socket->expires_at = expires_at;
    if (session_generation(app) != generation)
        check_session(socket);
}

/* ---- upgrade ---- */
static void wait_for_sign_in(Socket *socket)
{
    Socket **list = api_waiting_sockets(socket->api, socket->loop_index);
    atomic_fetch_add(&socket->references, 1);
    socket->next_waiting = *list;
    *list = socket;
}

static void opened(void *app, Ws *ws, void *user)
{
    (void)app;
    Socket *socket = user;
    if (!ws) {
        socket_unref(socket);
        return;
    }
    socket->ws = ws;
    socket->opened_at_ms = clock_monotonic_ms();
    ws_set_user(ws, socket);
    if (socket->attach.user_id.len)
        attach_socket(socket, &socket->attach, socket->generation, socket->expires_at);
    else
        wait_for_sign_in(socket);
}

typedef struct UpgradeWork {
    Api *api;
    HttpReq *http;
    Socket *socket;
} UpgradeWork;

/* Back on the request's loop, signed in or not: becomes a socket on the loop that owns the connection id. */
static void finish_upgrade(void *arg)
{
    UpgradeWork *work = arg;
    Socket *socket = work->socket;
    HttpReq *http = work->http;
    free(work);
    socket->loop_index =
        hub_loop_of(api_app(socket->api)->hub, socket->attach.connection_id, http->loop_index);
    http_upgrade(http, socket->loop_index, opened, socket);
}

static void run_upgrade(void *arg)
{
    UpgradeWork *work = arg;
    Socket *socket = work->socket;
    HttpReq *http = work->http;
    Arena *arena = arena_create();
    Ctx ctx;
    TokenPlace place;
    api_init_ctx(work->api, &ctx, http, arena);
    socket->generation = session_generation(ctx.app);
    bool is_allowed = site_allows_socket(ctx.settings, http);
    if (is_allowed && api_identify(&ctx, http, &place) == OK && ctx.session &&
        !mfa_is_missing(&ctx) && (place != TOKEN_IN_QUERY || ctx.session->is_oauth)) {
        socket->expires_at = ctx.session->expires_at;
        socket->attach = (HubAttach){
            .user_id = str_copy(socket->arena, ctx.user_id),
            .session_id = str_copy(socket->arena, ctx.session->id),
            .connection_id = socket->connection_id,
            .sequence = socket->sequence,
            .is_admin = permissions_has(&ctx.rights, PERM_MANAGE_SYSTEM),
            .wants_ack = socket->wants_ack,
        };
    }
    ctx_deinit(&ctx);
    arena_free(arena);
    if (is_allowed) {
        net_post(api_net(work->api), http->loop_index, finish_upgrade, work);
        return;
    }
    Api *api = work->api;
    socket_unref(socket);
    free(work);
    api_refuse(api, http, ERR_API_WEB_SOCKET_CONNECT_UPGRADE);
}

void sockets_upgrade(Api *api, HttpReq *http)
{
    Str value, connection_id = STR_EMPTY;
    int64_t sequence = 0;
    (void)http_query(http, STR("connection_id"), &connection_id);
    bool has_sequence =
        http_query(http, STR("sequence_number"), &value) && str_to_int(value, &sequence);
    bool is_bad = !http->is_websocket || http->method != HTTP_GET ||
                  (connection_id.len && (!id_is_valid(connection_id) || !has_sequence));
    Socket *socket = calloc(1, sizeof *socket);
    UpgradeWork *work = calloc(1, sizeof *work);
    ENSURE(socket != NULL && work != NULL);
    atomic_init(&socket->references, 1);
    socket->api = api;
    socket->arena = arena_create_small();
    socket->connection_id = str_copy(socket->arena, connection_id);
    socket->sequence = sequence;
    socket->remote_ip = str_copy(socket->arena, http->remote_ip);
    socket->user_agent = str_copy(socket->arena, http_header(http, STR("User-Agent")));
    socket->wants_ack = http_query(http, STR("posted_ack"), &value) && str_eq(value, STR("true"));
    *work = (UpgradeWork){api, http, socket};
    if (!is_bad && pool_submit(api_pool(api), LANE_MAIN, run_upgrade, work))
        return;
    socket_unref(socket);
    free(work);
    api_refuse(api, http,
               is_bad ? ERR_API_WEB_SOCKET_CONNECT_UPGRADE : ERR_API_CONTEXT_SERVER_BUSY);
}

void sockets_closed(void *api, Ws *ws, int close_code)
{
    (void)api;
    (void)close_code;
    Socket *socket = ws_user(ws);
    if (!socket)
        return;
    socket->ws = NULL;
    if (socket->conn)
        hub_detach(api_app(socket->api)->hub, socket->conn);
    socket->conn = NULL;
    socket_unref(socket);
}

/* ---- actions ---- */
/* A client's message on its way through a worker, and the answer on its way back. */
typedef struct Action {
    Socket *socket;
    Arena *arena;
    int64_t seq;
    Str name;
    const json_t *data;
    HubAttach attach; /* of a challenge that succeeded */
    uint64_t generation;
    int64_t expires_at;
    bool is_refused; /* a challenge that failed: the socket closes */
    Buf reply;
    char user_id[ID_LEN + 1];
    char session_id[ID_LEN + 1];
} Action;

static void action_free(Action *action)
{
    socket_unref(action->socket);
    buf_deinit(&action->reply);
    arena_free(action->arena);
    free(action);
}

static void write_reply_head(Buf *out, const char *status, int64_t seq)
{
    json_open(out);
    json_key(out, "status");
    json_str(out, str_of(status));
    json_key(out, "seq_reply");
    json_int(out, seq);
}

static void write_failure(Api *api, const Ctx *ctx, Err err, int64_t seq, Buf *out)
{
    Ctx own;
    Arena *arena = NULL;
    if (!ctx) {
        arena = arena_create();
        ctx_init(&own, api_app(api), arena);
        ctx = &own;
    }
    write_reply_head(out, "FAIL", seq);
    json_key(out, "error");
    api_write_error(ctx, err, out);
    json_close(out);
    if (arena) {
        ctx_deinit(&own);
        arena_free(arena);
    }
}

static void send_failure(Socket *socket, Err err, int64_t seq)
{
    Buf out;
    buf_init(&out, 64 * 1024);
    write_failure(socket->api, NULL, err, seq, &out);
    (void)ws_send_text(socket->ws, buf_str(&out)); /* false: the socket is closing */
    buf_deinit(&out);
}

static void send_pong(Socket *socket, int64_t seq)
{
    Buf out;
    buf_init(&out, 4096);
    write_reply_head(&out, "OK", seq);
    json_key(&out, "data");
    json_open(&out);
    json_key(&out, "text");
    json_str(&out, STR("pong"));
    json_key(&out, "version");
    json_str(&out, api_app(socket->api)->facts.version);
    json_key(&out, "server_time");
    json_int(&out, clock_now_ms());
    json_key(&out, "node_id");
    json_str(&out, STR_EMPTY);
    json_close(&out);
    json_close(&out);
    (void)ws_send_text(socket->ws, buf_str(&out)); /* false: the socket is closing */
    buf_deinit(&out);
}

/* On the socket's loop: sign it in when that was asked, and send the answer. */
static void finish_action(void *arg)
{
    Action *action = arg;
    Socket *socket = action->socket;
    socket->is_signing_in = false;
    socket->actions--;
    if (socket->ws && action->is_refused)
        ws_close(socket->ws, 1000, STR("not signed in"));
    else if (socket->ws && action->attach.user_id.len && !socket->conn)
        attach_socket(socket, &action->attach, action->generation, action->expires_at);
    if (socket->ws && action->reply.len)
        (void)ws_send_text(socket->ws, buf_str(&action->reply)); /* false: the socket is closing */
    action_free(action);
}

static Err challenge(Ctx *ctx, Action *action)
{
    Str token = json_text(json_find(action->data, "token"));
    action->generation = session_generation(ctx->app);
    if (token.len == 0 || session_authenticate(ctx, token) != OK || mfa_is_missing(ctx)) {
        action->is_refused = true;
        return OK;
    }
    action->expires_at = ctx->session->expires_at;
    action->attach = (HubAttach){
        .user_id = str_copy(action->arena, ctx->user_id),
        .session_id = str_copy(action->arena, ctx->session->id),
        .is_admin = permissions_has(&ctx->rights, PERM_MANAGE_SYSTEM),
        .wants_ack = action->socket->wants_ack,
    };
    write_reply_head(&action->reply, "OK", action->seq);
    json_close(&action->reply);
    return OK;
}

/* What the socket's user may do is looked up anew: roles change while a socket lives. */
static Err act(Ctx *ctx, Action *action)
{
    if (str_eq(action->name, STR("authentication_challenge")))
        return challenge(ctx, action);
    TRY_ABSENT(ctx, session_resume(ctx, str_of(action->user_id), str_of(action->session_id)),
               ERR_API_WEB_SOCKET_ROUTER_NOT_AUTHENTICATED);
    Buf *out = &action->reply;
    write_reply_head(out, "OK", action->seq);
    if (str_eq(action->name, STR("user_typing"))) {
        TRY(typing_publish(ctx, ctx->user_id, json_text(json_find(action->data, "channel_id")),
                           json_text(json_find(action->data, "parent_id"))));
    } else if (str_eq(action->name, STR("user_update_active_status"))) {
        json_t *active = json_find(action->data, "user_is_active"),
               *manual = json_find(action->data, "manual");
        if (!json_is_boolean(active))
            return fail_param(ctx, ERR_API_WEBSOCKET_HANDLER_INVALID_PARAM, "Name",
                              STR("user_is_active"));
        TRY(status_set_active(ctx, json_is_true(active), json_is_true(manual)));
    } else if (str_eq(action->name, STR("get_statuses"))) {
        json_key(out, "data");
        TRY(statuses_write_online(ctx, out));
    } else if (str_eq(action->name, STR("get_statuses_by_ids"))) {
        json_t *ids = json_find(action->data, "user_ids");
        if (!json_is_array(ids) || json_array_size(ids) == 0)
            return fail_param(ctx, ERR_API_WEBSOCKET_HANDLER_INVALID_PARAM, "Name",
                              STR("user_ids"));
        json_key(out, "data");
        TRY(statuses_write_by_ids(ctx, ids, out));
    } else {
        return fail(ctx, ERR_API_WEB_SOCKET_ROUTER_BAD_ACTION, "action=" STR_FMT,
                    STR_ARG(action->name));
    }
    json_close(out);
    return OK;
}

static void run_action(void *arg)
{
    Action *action = arg;
    Ctx ctx;
    Err err = ERR_RETRY;
    for (int attempt = 0; attempt < 3 && err == ERR_RETRY; attempt++) {
        ctx_init(&ctx, api_app(action->socket->api), action->arena);
        ctx.remote_ip = action->socket->remote_ip;
        buf_clear(&action->reply);
        err = act(&ctx, action);
        if (err != OK && err != ERR_RETRY) {
            buf_clear(&action->reply);
            write_failure(action->socket->api, &ctx, err, action->seq, &action->reply);
        }
        ctx_deinit(&ctx);
    }
    net_post(api_net(action->socket->api), action->socket->loop_index, finish_action, action);
}

static void submit(Socket *socket, Arena *arena, int64_t seq, Str name, const json_t *data)
{
    if (socket->actions >= ACTIONS_MAX) {
        send_failure(socket, ERR_API_WEBSOCKET_HANDLER_SERVER_BUSY, seq);
        arena_free(arena);
        return;
    }
    Action *action = calloc(1, sizeof *action);
    ENSURE(action != NULL);
    atomic_fetch_add(&socket->references, 1);
    socket->actions++;
    *action = (Action){.socket = socket, .arena = arena, .seq = seq, .name = name, .data = data};
    buf_init(&action->reply, 1024 * 1024);
    if (socket->conn) {
        Str user_id = hub_conn_user(socket->conn), session_id = hub_conn_session(socket->conn);
        memcpy(action->user_id, user_id.ptr, user_id.len);
        memcpy(action->session_id, session_id.ptr, session_id.len);
    }
    if (pool_submit(api_pool(socket->api), LANE_MAIN, run_action, action))
        return;
    send_failure(socket, ERR_API_WEBSOCKET_HANDLER_SERVER_BUSY, seq);
    socket->is_signing_in = false;
    socket->actions--;
    action_free(action);
}

/* Answers what needs no database at once; true when done. */
static bool act_on_loop(Socket *socket, int64_t seq, Str name)
{
    if (str_eq(name, STR("ping"))) {
        send_pong(socket, seq);
        return true;
    }
    if (str_eq(name, STR("presence")) || str_eq(name, STR("posted_notify_ack"))) {
        Buf out;
        buf_init(&out, 256);
        write_reply_head(&out, "OK", seq);
        json_close(&out);
        (void)ws_send_text(socket->ws, buf_str(&out)); /* false: the socket is closing */
        buf_deinit(&out);
        return true;
    }
    return str_starts_with(name, STR("custom_"));
}

void sockets_message(void *api, Ws *ws, Str message, bool is_binary)
{
    (void)api;
    Socket *socket = ws_user(ws);
    Arena *arena = arena_create();
    json_t *json;
    if (!socket || is_binary || json_parse(arena, message, &json) != OK || !json_is_object(json)) {
        arena_free(arena);
        return;
    }
    Str name = json_text(json_find(json, "action"));
    json_t *seq_value = json_find(json, "seq");
    int64_t seq = json_is_integer(seq_value) ? json_integer_value(seq_value) : 0;
    bool is_challenge = str_eq(name, STR("authentication_challenge"));
    Err err = name.len == 0 ? ERR_API_WEB_SOCKET_ROUTER_NO_ACTION
              : seq <= 0    ? ERR_API_WEB_SOCKET_ROUTER_BAD_SEQ
              : !socket->conn && !is_challenge && !str_eq(name, STR("presence"))
                  ? ERR_API_WEB_SOCKET_ROUTER_NOT_AUTHENTICATED
                  : OK;
    if (err != OK) {
        send_failure(socket, err, seq);
    } else if (is_challenge) {
        if (!socket->conn && !socket->is_signing_in) {
            socket->is_signing_in = true;
            submit(socket, arena, seq, name, json_find(json, "data"));
            return;
        }
    } else if (!act_on_loop(socket, seq, name)) {
        submit(socket, arena, seq, name, json_find(json, "data"));
        return;
    }
    arena_free(arena);
}

/* With each pong, some twice a minute: a session that has run out ends its socket, too. */
void sockets_pong(void *api, Ws *ws)
{
    (void)api;
    Socket *socket = ws_user(ws);
    if (!socket)
        return;
    bool is_over = socket->expires_at != 0 && socket->expires_at <= clock_now_ms();
    if (is_over || socket->must_check)
        check_session(socket);
}

void sockets_free(Api *api, size_t loop_index)
{
    Socket **list = api_waiting_sockets(api, loop_index);
    while (*list) {
        Socket *socket = *list;
        *list = socket->next_waiting;
        socket_unref(socket);
    }
}

/* Sockets that have not signed in after five seconds are closed. */
void sockets_tick(Api *api, size_t loop_index)
{
    Socket **list = api_waiting_sockets(api, loop_index);
    int64_t now = clock_monotonic_ms();
    for (Socket **at = list; *at;) {
        Socket *socket = *at;
        bool is_late = now - socket->opened_at_ms > SIGN_IN_MS;
        if (socket->ws && !socket->conn && !is_late) {
            at = &socket->next_waiting;
            continue;
        }
        if (socket->ws && !socket->conn)
            ws_close(socket->ws, 1008, STR("not signed in"));
        *at = socket->next_waiting;
        socket_unref(socket);
    }
}
