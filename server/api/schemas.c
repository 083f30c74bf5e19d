#include "api/schemas.h"
#include "model/channel.h"
#include "model/post.h"
#include "model/team.h"
#include "model/user.h"

/* clang-format off */
const Schema SCHEMAS[] = {
    /* everywhere */
    { "AppError", NULL, "id:string, message:string, detailed_error:string, request_id:string, status_code:integer" },
    { "StatusOK", NULL, "status:string" },
    /* system */
    { "SystemPing", NULL, "AndroidLatestVersion:string, AndroidMinVersion:string, IosLatestVersion:string, IosMinVersion:string, "
      "ActiveSearchBackend:string, status:string, database_status?:string, filestore_status?:string" },
    { "CommandArgs", NULL, "command:string, channel_id:string, team_id?:string, root_id?:string" },
    { "CommandResponse", NULL, "response_type:string, text:string, goto_location:string, username:string, channel_id:string, "
      "icon_url:string, type:string, trigger_id:string, skip_slack_parsing:boolean, props:object|null, attachments:[any]|null, "
      "extra_responses:[any]|null" },
    { "Command", NULL, "id:string, token:string, create_at:integer, update_at:integer, delete_at:integer, creator_id:string, "
      "team_id:string, trigger:string, method:string, username:string, icon_url:string, auto_complete:boolean, "
      "auto_complete_desc:string, auto_complete_hint:string, display_name:string, description:string, url:string, plugin_id:string" },
    { "AutocompleteSuggestion", NULL, "Complete:string, Suggestion:string, Hint:string, Description:string, IconData:string" },
    { "ServerLimits", NULL, "maxUsersLimit:integer, maxUsersHardLimit:integer, activeUserCount:integer, "
      "singleChannelGuestCount:integer, singleChannelGuestLimit:integer, postHistoryLimit:integer, lastAccessiblePostTime:integer" },
    { "Boot", NULL, "config:{string}, license:{string}, user:User|null, preferences?:[Preference], teams?:[Team], "
      "team_members?:[TeamMember], team_unreads?:[TeamUnread], roles?:[Role], team_id?:string, channels?:[Channel], "
      "channel_members?:[ChannelMember], categories?:OrderedSidebarCategories, channel_id?:string, posts?:PostList|null, users?:[User], "
      "statuses?:[Status], threads?:BootThreads, server_time:integer" },
    { "BootThreads", NULL, "total_unread_threads:integer, total_unread_mentions:integer" },
    /* teams */
    { "TeamsWithCount", NULL, "teams:[Team], total_count:integer" },
    { "TeamExists", NULL, "exists:boolean" },
    { "TeamStats", NULL, "team_id:string, total_member_count:integer, active_member_count:integer" },
    { "TeamMemberWithError", NULL, "user_id:string, member:TeamMember|null, error:AppError|null" },
    { "EmailInviteWithError", NULL, "email:string, error:AppError|null" },
    { "TeamPatch", NULL, "display_name?:string, description?:string, company_name?:string, allowed_domains?:string, "
      "allow_open_invite?:boolean" },
    { "TeamSearch", NULL, "term:string, page?:integer, per_page?:integer" },
    { "SchemeRoles", NULL, "scheme_admin:boolean, scheme_user:boolean, scheme_guest?:boolean" },
    /* users */
    { "MfaSecret", NULL, "secret:string, qr_code:string" },
    { "UsersStats", NULL, "total_users_count:integer" },
    { "UserAutocomplete", NULL, "users:[User], out_of_channel?:[User]" },
    { "LoginType", NULL, "auth_service:string, is_deactivated?:boolean" },
    /* channels */
    { "ChannelWithTeamData", &channel_entity, "team_display_name:string, team_name:string, team_update_at:integer" },
    { "ChannelsWithCount", NULL, "channels:[ChannelWithTeamData], total_count:integer" },
    { "ChannelPatch", NULL, "name?:string, display_name?:string, header?:string, purpose?:string" },
    { "ChannelSearch", NULL, "term:string, public?:boolean, private?:boolean, deleted?:boolean, include_deleted?:boolean, "
      "include_search_by_id?:boolean, exclude_default_channels?:boolean, team_ids?:[string], page?:integer, per_page?:integer" },
    { "ChannelMemberWithTeamData", &channel_member_entity, "team_display_name:string, team_name:string, team_update_at:integer" },
    { "ChannelStats", NULL, "channel_id:string, member_count:integer, guest_count:integer, pinnedpost_count:integer, "
      "files_count:integer" },
    { "OrderedSidebarCategories", NULL, "categories:[SidebarCategory], order:[string]" },
    { "ChannelView", NULL, "channel_id:string, prev_channel_id?:string, collapsed_threads_supported?:boolean" },
    { "ChannelViewResponse", NULL, "status:string, last_viewed_at_times:{integer}" },
    /* files */
    { "FileInfo", &file_info_entity, "mini_preview:string|null" },
    { "FileUploadResponse", NULL, "file_infos:[FileInfo], client_ids:[string]" },
    { "EmojiSearch", NULL, "term:string, prefix_only?:boolean" },
    { "FileLink", NULL, "link:string" },
    /* posts */
    { "Post", &post_entity, "participants:[any]|null, metadata:PostMetadata, is_following?:boolean" },
    { "PostMetadata", NULL, "embeds?:[any], emojis?:[Emoji], files?:[FileInfo], images?:{any}, reactions?:[Reaction], priority?:any, "
      "acknowledgements?:[any]" },
    { "PostList", NULL, "order:[string], posts:{Post}, next_post_id:string, prev_post_id:string, has_next?:boolean, "
      "first_inaccessible_post_time:integer" },
    { "PostInfo", NULL, "channel_id:string, channel_type:string, channel_display_name:string, has_joined_channel:boolean, "
      "team_id:string, team_type:string, team_display_name:string, has_joined_team:boolean" },
    { "PostEphemeral", NULL, "user_id:string, post:Post" },
    { "PostSetUnread", NULL, "collapsed_threads_supported?:boolean" },
    { "ChannelUnread", NULL, "team_id:string, channel_id:string, msg_count:integer, mention_count:integer, "
      "mention_count_root:integer, urgent_mention_count:integer, msg_count_root:integer" },
    { "ChannelUnreadAt", NULL, "team_id:string, user_id:string, channel_id:string, msg_count:integer, mention_count:integer, "
      "mention_count_root:integer, urgent_mention_count:integer, msg_count_root:integer, last_viewed_at:integer" },
    { "TeamUnread", NULL, "team_id:string, msg_count:integer, mention_count:integer, mention_count_root:integer, "
      "msg_count_root:integer, thread_count:integer, thread_mention_count:integer, thread_urgent_mention_count:integer" },
    { "Threads", NULL, "total:integer, total_unread_threads:integer, total_unread_mentions:integer, "
      "total_unread_urgent_mentions:integer, threads:[ThreadResponse]|null" },
    { "ThreadResponse", NULL, "id:string, reply_count:integer, last_reply_at:integer, last_viewed_at:integer, participants:[User]|null, "
      "post:Post, unread_replies:integer, unread_mentions:integer, is_urgent:boolean, delete_at:integer" },
    { "Draft", &draft_entity, "metadata?:PostMetadata" },
    { "PushNotificationAck", NULL, "id:string, received_at:integer, platform:string, type:string, post_id?:string, is_id_loaded:boolean" },
    { "PostSearchResults", NULL, "order:[string], posts:{Post}, next_post_id:string, prev_post_id:string, "
      "first_inaccessible_post_time:integer, matches:null" },
    { "FileInfoList", NULL, "order:[string], file_infos:{FileInfo}, next_file_info_id:string, prev_file_info_id:string, "
      "first_inaccessible_file_time:integer" },
    { NULL },
};
/* clang-format on */

static void write_name(Str name, Buf *out)
{
    static const char *const plain[] = {"string", "integer", "number", "boolean", "object", "null"};
    json_open(out);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (str_eq(name, str_of(plain[i]))) {
            json_key(out, "type");
            json_str(out, name);
            json_close(out);
            return;
        }
    if (!str_eq(name, STR("any"))) {
        json_key(out, "$ref");
        buf_append(out, STR("\"#/components/schemas/"));
        buf_append(out, name);
        buf_append_char(out, '"');
    }
    json_close(out);
}

/* Where the type at the start of `s` ends: brackets count, '|' and ',' outside them end it. */
static size_t type_end(Str s, bool stops_at_bar)
{
    int depth = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        depth += (c == '[' || c == '{') - (c == ']' || c == '}');
        if (depth == 0 && (c == ',' || (stops_at_bar && c == '|')))
            return i;
    }
    return s.len;
}

void schema_write_type(Str type, Buf *out)
{
    type = str_trim(type);
    size_t end = type_end(type, true);
    if (end < type.len) {
        json_open(out);
        json_key(out, "anyOf");
        json_open_array(out);
        schema_write_type(str_slice(type, 0, end), out);
        schema_write_type(str_slice(type, end + 1, type.len), out);
        json_close_array(out);
        json_close(out);
        return;
    }
    bool is_list = type.len && type.ptr[0] == '[', is_map = type.len && type.ptr[0] == '{';
    if (!is_list && !is_map) {
        write_name(type, out);
        return;
    }
    json_open(out);
    json_key(out, "type");
    json_str(out, is_list ? STR("array") : STR("object"));
    json_key(out, is_list ? "items" : "additionalProperties");
    schema_write_type(str_slice(type, 1, type.len - 1), out);
    json_close(out);
}

/* Takes the next "name?:type" off `rest`; false at the end. */
static bool next_member(Str *rest, Str *ret_name, Str *ret_type, bool *ret_optional)
{
    *rest = str_trim(*rest);
    ptrdiff_t colon = str_find_char(*rest, ':');
    if (colon < 0)
        return false;
    *ret_name = str_slice(*rest, 0, (size_t)colon);
    *ret_optional = str_ends_with(*ret_name, STR("?"));
    if (*ret_optional)
        ret_name->len--;
    Str after = str_slice(*rest, (size_t)colon + 1, rest->len);
    size_t end = type_end(after, false);
    *ret_type = str_slice(after, 0, end);
    *rest = str_slice(after, end + 1, after.len);
    return true;
}

static void write_row(const Schema *row, Buf *out)
{
    Str name, type, rest;
    bool is_optional;
    json_open(out);
    json_key(out, "type");
    json_str(out, STR("object"));
    json_key(out, "properties");
    json_open(out);
    if (row->entity)
        entity_write_properties(row->entity, out);
    for (rest = str_of(row->members); next_member(&rest, &name, &type, &is_optional);) {
        json_key_str(out, name);
        schema_write_type(type, out);
    }
    json_close(out);
    json_key(out, "required");
    json_open_array(out);
    if (row->entity)
        entity_write_required(row->entity, out);
    for (rest = str_of(row->members); next_member(&rest, &name, &type, &is_optional);)
        if (!is_optional)
            json_str(out, name);
    json_close_array(out);
    json_key(out, "additionalProperties");
    json_bool(out, false);
    json_close(out);
}

static bool has_row(const char *name)
{
    for (const Schema *row = SCHEMAS; row->name; row++)
        if (str_eq(str_of(row->name), str_of(name)))
            return true;
    return false;
}

void schemas_write(Buf *out)
{
    json_open(out);
    for (const Schema *row = SCHEMAS; row->name; row++) {
        json_key(out, row->name);
        write_row(row, out);
    }
    for (const Entity *const *e = ENTITIES; *e; e++) {
        if (has_row((*e)->type))
            continue;
        json_key(out, (*e)->type);
        write_row(&(Schema){(*e)->type, *e, ""}, out);
    }
    json_close(out);
}
