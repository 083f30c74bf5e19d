/* api/user_lists_api.c: finding people on the wire. */
#include "api/route.h"
#include "domain/channels.h"
#include "domain/user_lists.h"
#include "domain/users.h"
#include "store/channel_store.h"
#include "store/user_store.h"

enum { IDS_LIMIT = 10000, SEARCH_DEFAULT = 100, SEARCH_MAX = 1000, GROUP_CHANNELS_MAX = 50 };

static Err reply_users(Req *req, User *users, size_t count)
{
    for (size_t i = 0; i < count; i++)
        user_sanitize(&req->ctx, &users[i]);
    return req_reply_entities(req, 200, &user_entity, users, count);
}

/* ---- lists ---- */
static Err query_id(Req *req, const char *name, Str *ret_id)
{
    *ret_id = req_query(req, name);
    bool is_fine = ret_id->len == 0 || ret_id->len == 26;
    for (size_t i = 0; i < ret_id->len && is_fine; i++)
        is_fine = (ret_id->ptr[i] >= '0' && ret_id->ptr[i] <= '9') ||
                  (ret_id->ptr[i] >= 'a' && ret_id->ptr[i] <= 'z') ||
                  (ret_id->ptr[i] >= 'A' && ret_id->ptr[i] <= 'Z');
    return is_fine ? OK : fail_url(&req->ctx, name);
}

/* "a,b": names of roles. */
static Err query_roles(Req *req, const char *name, StrVec *ret_roles)
{
    for (Str rest = req_query(req, name); rest.ptr && rest.len;) {
        Str role = str_trim(str_split(&rest, ','));
        if (role.len > 64)
            return fail_url(&req->ctx, name);
        for (size_t i = 0; i < role.len; i++)
            if (!((role.ptr[i] >= 'a' && role.ptr[i] <= 'z') || role.ptr[i] == '_' ||
                  (role.ptr[i] >= '0' && role.ptr[i] <= '9')))
                return fail_url(&req->ctx, name);
        if (role.len)
            vec_push(req->arena, ret_roles, role);
    }
    return OK;
}

static Err read_order(Req *req, const UserQuery *q, ListOrder *ret_order)
{
    Str sort = req_query(req, "sort");
    bool in_team = q->in_team.len > 0, in_channel = q->in_channel.len > 0, is_fine = true;
    *ret_order = ORDER_NONE;
    if (str_eq(sort, STR("last_activity_at")))
        *ret_order = ORDER_ACTIVITY, is_fine = in_team;
    else if (str_eq(sort, STR("create_at")))
        *ret_order = ORDER_CREATED, is_fine = in_team;
    else if (str_eq(sort, STR("status")))
        *ret_order = ORDER_STATUS, is_fine = in_channel;
    else if (str_eq(sort, STR("admin")))
        *ret_order = ORDER_ADMIN, is_fine = in_channel;
    else
        is_fine = sort.len == 0 || str_eq(sort, STR("username"));
    return is_fine ? OK : fail_url(&req->ctx, "sort");
}

static Err read_query(Req *req, UserQuery *q)
{
    StrVec one_role = {0};
    TRY(query_id(req, "in_team", &q->in_team));
    TRY(query_id(req, "not_in_team", &q->not_in_team));
    TRY(query_id(req, "in_channel", &q->in_channel));
    TRY(query_id(req, "not_in_channel", &q->not_in_channel));
    TRY(query_roles(req, "role", &one_role));
    TRY(query_roles(req, "roles", &q->roles));
    TRY(query_roles(req, "team_roles", &q->team_roles));
    TRY(query_roles(req, "channel_roles", &q->channel_roles));
    for (size_t i = 0; i < one_role.len; i++)
        vec_push(req->arena, &q->roles, one_role.items[i]);
    q->without_team = req_query_flag(req, "without_team");
    q->only_active = req_query_flag(req, "active");
    q->only_inactive = req_query_flag(req, "inactive");
    if (q->only_active && q->only_inactive)
        return fail_url(&req->ctx, "inactive");
    if (q->in_team.len && q->not_in_team.len)
        return fail_url(&req->ctx, "team_id");
    if (q->not_in_channel.len && q->in_team.len == 0)
        return fail_url(&req->ctx, "team_id");
    if (req_query(req, "in_group").len || req_query(req, "not_in_group").len)
        return fail(&req->ctx, ERR_API_USER_GET_USERS_VALIDATION, "there are no groups");
    return OK;
}

static Err api_users_get(Req *req)
{
    UserQuery q = {0};
    ListOrder order;
    User *users;
    size_t count;
    Page page = req_page(req);
    TRY(read_query(req, &q));
    TRY(read_order(req, &q, &order));
    TRY(user_query_check(&req->ctx, &q));
    q.limit = page.per_page;
    q.offset = page.offset;
    TRY(user_list(&req->ctx, &q, order, &users, &count));
    return reply_users(req, users, count);
}

static Err reply_stats(Req *req, const UserQuery *q)
{
    int64_t count;
    DbTx *tx;
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_user_query_count(tx, req->arena, q, &count));
    Buf *out = req_begin(req, 200);
    json_open(out);
    json_key(out, "total_users_count");
    json_int(out, count);
    json_close(out);
    return OK;
}

static Err api_users_stats(Req *req)
{
    UserQuery q = {.only_active = true};
    TRY(user_query_check(&req->ctx, &q));
    return reply_stats(req, &q);
}

static Err api_users_stats_filtered(Req *req)
{
    UserQuery q = {0};
    TRY(need(&req->ctx, PERM_SYSCONSOLE_READ_USER_MANAGEMENT_USERS));
    TRY(read_query(req, &q));
    q.only_active = q.only_active || (!q.only_inactive && !req_query_flag(req, "include_deleted"));
    q.no_bots = !req_query_flag(req, "include_bots");
    TRY(user_query_check(&req->ctx, &q));
    return reply_stats(req, &q);
}

static Err api_users_known(Req *req)
{
    StrVec ids = {0};
    TRY(user_list_known(&req->ctx, &ids));
    json_strs(req_begin(req, 200), ids.items, ids.len);
    return OK;
}

/* ---- several, by id or name ---- */
/* Those in the sight of the one who asks. */
static Err keep_visible(Req *req, User *users, size_t *count)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        bool is_visible;
        TRY(user_is_visible(&req->ctx, users[i].id, &is_visible));
        if (is_visible)
            users[kept++] = users[i];
    }
    *count = kept;
    return OK;
}

static Err api_users_by_ids(Req *req)
{
    StrVec ids;
    User *users;
    size_t count, kept = 0;
    DbTx *tx;
    TRY(req_texts(req, "user_ids", true, IDS_LIMIT, &ids));
    if (ids.len == 0)
        return fail_body(&req->ctx, "user_ids");
    int64_t since = req_query_int(req, "since", 0);
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_user_list_by_ids(tx, req->arena, ids.items, ids.len, &users, &count));
    for (size_t i = 0; i < count; i++)
        if (users[i].update_at > since)
            users[kept++] = users[i];
    TRY(keep_visible(req, users, &kept));
    return reply_users(req, users, kept);
}

static Err api_users_by_names(Req *req)
{
    StrVec names, lower = {0};
    User *users;
    size_t count;
    DbTx *tx;
    TRY(req_texts(req, "usernames", false, IDS_LIMIT, &names));
    if (names.len == 0)
        return fail_body(&req->ctx, "usernames");
    for (size_t i = 0; i < names.len; i++)
        vec_push(req->arena, &lower, str_lower(req->arena, names.items[i]));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_user_list_by_usernames(tx, req->arena, lower.items, lower.len, &users, &count));
    TRY(keep_visible(req, users, &count));
    return reply_users(req, users, count);
}

static Err reply_found(Req *req, User *user)
{
    bool is_visible;
    TRY(user_is_visible(&req->ctx, user->id, &is_visible));
    if (!is_visible)
        return fail(&req->ctx, ERR_APP_USER_GET_BY_USERNAME, "out of sight");
    if (req_is_unchanged(req, str_printf(req->arena, STR_FMT ".%lld", STR_ARG(user->id),
                                         (long long)user->update_at)))
        return OK;
    user_sanitize(&req->ctx, user);
    return req_reply_entity(req, 200, &user_entity, user);
}

static Err api_user_by_name(Req *req)
{
    User user;
    DbTx *tx;
    TRY(ctx_read(&req->ctx, &tx));
    TRY_ABSENT(&req->ctx,
               store_user_get_by_username(tx, req->arena,
                                          str_lower(req->arena, req_param(req, "username")), &user),
               ERR_APP_USER_GET_BY_USERNAME);
    return reply_found(req, &user);
}

static Err api_user_by_email(Req *req)
{
    User user;
    DbTx *tx;
    Str email = str_lower(req->arena, req_param(req, "email"));
    bool is_own = req->ctx.user && str_eq(email, req->ctx.user->email);
    if (!is_own && !req->ctx.settings->PrivacySettings_ShowEmailAddress &&
        !can(&req->ctx, PERM_MANAGE_SYSTEM))
        return fail(&req->ctx, ERR_API_USER_GET_USER_BY_EMAIL_PERMISSIONS);
    TRY(ctx_read(&req->ctx, &tx));
    TRY_ABSENT(&req->ctx, store_user_get_by_email(tx, req->arena, email, &user),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    return reply_found(req, &user);
}

/* ---- search and completion ---- */
static Err id_of(Req *req, const json_t *body, const char *name, Str *ret_id)
{
    TRY(req_text_of(req, body, name, ret_id));
    return ret_id->len == 0 || ret_id->len == 26 ? OK : fail_body(&req->ctx, name);
}

static Err roles_of(Req *req, const json_t *body, const char *name, StrVec *ret_roles)
{
    size_t i;
    json_t *role, *list = json_find(body, name);
    if (list && !json_is_null(list) && !json_is_array(list))
        return fail_body(&req->ctx, name);
    json_array_foreach(list, i, role)
    {
        if (!json_is_string(role))
            return fail_body(&req->ctx, name);
        vec_push(req->arena, ret_roles, json_text(role));
    }
    return OK;
}

static Err read_search(Req *req, const json_t *body, UserQuery *q)
{
    Str role;
    bool allows_inactive;
    TRY(id_of(req, body, "team_id", &q->in_team));
    TRY(id_of(req, body, "not_in_team_id", &q->not_in_team));
    TRY(id_of(req, body, "in_channel_id", &q->in_channel));
    TRY(id_of(req, body, "not_in_channel_id", &q->not_in_channel));
    TRY(req_flag_of(req, body, "allow_inactive", false, &allows_inactive));
    TRY(req_flag_of(req, body, "without_team", false, &q->without_team));
    TRY(req_int_of(req, body, "limit", SEARCH_DEFAULT, &q->limit));
    TRY(req_text_of(req, body, "role", &role));
    TRY(roles_of(req, body, "roles", &q->roles));
    TRY(roles_of(req, body, "team_roles", &q->team_roles));
    TRY(roles_of(req, body, "channel_roles", &q->channel_roles));
    if (role.len)
        vec_push(req->arena, &q->roles, role);
    q->only_active = !allows_inactive;
    if (q->limit == 0)
        q->limit = SEARCH_DEFAULT;
    if (q->limit < 0 || q->limit > SEARCH_MAX)
        return fail_body(&req->ctx, "limit");
    if (q->not_in_channel.len && q->in_team.len == 0)
        return fail_body(&req->ctx, "team_id");
    return OK;
}

static Err api_users_search(Req *req)
{
    Str term;
    json_t *body;
    UserQuery q = {0};
    User *users;
    size_t count;
    TRY(req_json(req, "props", &body));
    if (!json_is_object(body))
        return fail_body(&req->ctx, "props");
    TRY(req_text_of(req, body, "term", &term));
    TRY(read_search(req, body, &q));
    if (!user_query_add_term(&req->ctx, &q, term, false) && !can(&req->ctx, PERM_MANAGE_SYSTEM))
        return fail_body(&req->ctx, "term");
    if (term.len == 0 && q.roles.len + q.team_roles.len + q.channel_roles.len == 0 &&
        !q.without_team)
        return fail_body(&req->ctx, "term");
    TRY(user_query_check(&req->ctx, &q));
    TRY(user_list(&req->ctx, &q, ORDER_NONE, &users, &count));
    return reply_users(req, users, count);
}

static void write_users(Req *req, const char *key, User *users, size_t count, Buf *out)
{
    json_key(out, key);
    json_open_array(out);
    for (size_t i = 0; i < count; i++) {
        user_sanitize(&req->ctx, &users[i]);
        user_write_json(&users[i], out);
    }
    json_close_array(out);
}

static Err api_users_autocomplete(Req *req)
{
    UserQuery in = {.only_active = true};
    Channel channel;
    User *users, *others = NULL;
    size_t count, other_count = 0;
    TRY(query_id(req, "in_team", &in.in_team));
    TRY(query_id(req, "in_channel", &in.in_channel));
    in.limit = req_query_int(req, "limit", SEARCH_DEFAULT);
    if (in.limit <= 0 || in.limit > SEARCH_MAX)
        in.limit = SEARCH_DEFAULT;
    (void)user_query_add_term(&req->ctx, &in, req_query(req, "name"),
                              true); /* no name yet: the first of all */
    TRY(user_query_check(&req->ctx, &in));
    UserQuery out = in;
    if (in.in_channel.len) {
        TRY(channel_to_see(&req->ctx, in.in_channel, &channel));
        in.in_team = STR_EMPTY; /* who is in the channel need not be in the team: bots */
        out.in_channel = STR_EMPTY;
        out.not_in_channel = in.in_channel;
        if (out.in_team.len == 0)
            out.in_team = channel.team_id;
    }
    TRY(user_list(&req->ctx, &in, ORDER_NONE, &users, &count));
    if (out.not_in_channel.len && out.in_team.len)
        TRY(user_list(&req->ctx, &out, ORDER_NONE, &others, &other_count));
    Buf *json = req_begin(req, 200);
    json_open(json);
    write_users(req, "users", users, count, json);
    if (out.not_in_channel.len)
        write_users(req, "out_of_channel", others, other_count, json);
    json_close(json);
    return OK;
}

static Err api_users_of_group_channels(Req *req)
{
    StrVec ids;
    DbTx *tx;
    TRY(req_texts(req, "group_channel_ids", true, IDS_LIMIT, &ids));
    TRY(ctx_read(&req->ctx, &tx));
    Buf *out = req_begin(req, 200);
    json_open(out);
    for (size_t i = 0; i < ids.len && i < GROUP_CHANNELS_MAX; i++) {
        ChannelMember own;
        UserQuery q = {.in_channel = ids.items[i]};
        User *users;
        size_t count, others = 0;
        Err err = store_channel_member_get(tx, req->arena, ids.items[i], req->ctx.user_id, &own);
        if (err == ERR_ABSENT)
            continue;
        TRY(err);
        TRY(store_user_query(tx, req->arena, &q, &users, &count));
        for (size_t k = 0; k < count; k++)
            if (!str_eq(users[k].id, req->ctx.user_id))
                users[others++] = users[k];
        write_users(req, str_to_c(req->arena, ids.items[i]), users, others, out);
    }
    json_close(out);
    return OK;
}

/* clang-format off */
const Route USER_LIST_ROUTES[] = {
    { GET, "/api/v4/users", api_users_get, "GetUsers", "[User]", "view_team, read_channel, list_users_without_team",
      .query = "page, per_page, in_team, not_in_team, in_channel, not_in_channel, without_team, active, inactive, role, roles, "
               "team_roles, channel_roles, sort",
      .summary = "Users, a page at a time" },
    { GET, "/api/v4/users/stats", api_users_stats, "GetTotalUsersStats", "UsersStats", "", .summary = "How many there are" },
    { GET, "/api/v4/users/stats/filtered", api_users_stats_filtered, "GetTotalUsersStatsFiltered", "UsersStats",
      "sysconsole_read_user_management_users",
      .query = "in_team, in_channel, include_deleted, include_bots, roles, team_roles, channel_roles",
      .summary = "How many there are of a kind" },
    { GET, "/api/v4/users/known", api_users_known, "GetKnownUsers", "[string]", "",
      .summary = "Ids of those one shares a channel with" },
    { POST, "/api/v4/users/ids", api_users_by_ids, "GetUsersByIds", "[User]", "", .body = "[string]", .query = "since",
      .summary = "Several users by id" },
    { POST, "/api/v4/users/usernames", api_users_by_names, "GetUsersByUsernames", "[User]", "", .body = "[string]",
      .summary = "Several users by user name" },
    { GET, "/api/v4/users/username/{username}", api_user_by_name, "GetUserByUsername", "User", "view_members",
      .summary = "A user by user name" },
    { GET, "/api/v4/users/email/{email}", api_user_by_email, "GetUserByEmail", "User", "view_members",
      .summary = "A user by e-mail address" },
    { POST, "/api/v4/users/search", api_users_search, "SearchUsers", "[User]", "view_team, read_channel", .body = "object",
      .summary = "Users by the beginning of a name" },
    { GET, "/api/v4/users/autocomplete", api_users_autocomplete, "AutocompleteUsers", "UserAutocomplete",
      "view_team, read_channel", .query = "in_team, in_channel, name, limit", .summary = "Users for a name being typed" },
    { POST, "/api/v4/users/group_channels", api_users_of_group_channels, "GetUsersByGroupChannelIds", "{[User]}", "",
      .body = "[string]", .summary = "The others in one's group messages" },
    { 0 },
};
/* clang-format on */
