/* api/boot_api.c: the first screen of the web app in one answer. */
#include "api/route.h"
#include "domain/boot.h"
#include "domain/users.h"

static void write_all(Buf *out, const char *key, const Entity *entity, const void *items,
                      size_t count)
{
    json_key(out, key);
    json_open_array(out);
    for (size_t i = 0; i < count; i++)
        entity_write_json(entity, (const char *)items + i * entity->size, out);
    json_close_array(out);
}

static void write_text(Buf *out, const char *key, Str value)
{
    json_key(out, key);
    json_str(out, value);
}

static void write_unreads(const Boot *boot, Buf *out)
{
    json_key(out, "team_unreads");
    json_open_array(out);
    for (size_t i = 0; i < boot->unread_count; i++)
        team_unread_write(&boot->unreads[i], out);
    json_close_array(out);
}

static void write_threads(const Boot *boot, Buf *out)
{
    json_key(out, "threads");
    json_open(out);
    json_key(out, "total_unread_threads");
    json_int(out, boot->threads.unread_threads);
    json_key(out, "total_unread_mentions");
    json_int(out, boot->threads.unread_mentions);
    json_close(out);
}

static Err write_boot(Req *req, const Boot *boot, Buf *out)
{
    write_all(out, "preferences", &preference_entity, boot->preferences, boot->preference_count);
    write_all(out, "teams", &team_entity, boot->teams, boot->team_count);
    write_all(out, "team_members", &team_member_entity, boot->team_members,
              boot->team_member_count);
    write_unreads(boot, out);
    write_all(out, "roles", &role_entity, boot->roles, boot->role_count);
    write_text(out, "team_id", boot->team_id);
    write_all(out, "channels", &channel_entity, boot->channels, boot->channel_count);
    write_all(out, "channel_members", &channel_member_entity, boot->members, boot->member_count);
    json_key(out, "categories");
    sidebar_write(&boot->sidebar, out);
    write_text(out, "channel_id", boot->channel_id);
    json_key(out, "posts");
    if (boot->has_posts)
        TRY(post_list_write(&req->ctx, &boot->posts, &BOOT_POST_VIEW, out));
    else
        json_nil(out);
    write_all(out, "users", &user_entity, boot->users, boot->user_count);
    write_all(out, "statuses", &status_entity, boot->statuses, boot->status_count);
    write_threads(boot, out);
    return OK;
}

static Err api_boot(Req *req)
{
    Boot boot;
    const BootAsk ask = {.team = req_query(req, "team"), .channel = req_query(req, "channel")};
    bool is_signed_in = req->ctx.session != NULL;
    if (is_signed_in)
        TRY(boot_load(&req->ctx, &ask, &boot));
    Buf *out = req_begin(req, 200);
    json_open(out);
    json_key(out, "config");
    TRY(client_config_write(req, out));
    json_key(out, "license");
    settings_write_client_license(req->ctx.settings, is_signed_in, out);
    json_key(out, "user");
    if (is_signed_in) {
        User user = *req->ctx.user;
        user_sanitize(&req->ctx, &user);
        user_write_json(&user, out);
        TRY(write_boot(req, &boot, out));
    } else
        json_nil(out);
    json_key(out, "server_time");
    json_int(out, req->ctx.now);
    json_close(out);
    req_header(req, "Cache-Control", STR("no-store"));
    return OK;
}

/* clang-format off */
const Route BOOT_ROUTES[] = {
    { GET, "/api/v4/anser/boot", api_boot, "GetBoot", "Boot", "", NOBODY, .query = "team, channel",
      .summary = "All that the web app needs for its first screen" },
    { 0 },
};
/* clang-format on */
