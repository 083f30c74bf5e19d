/* api/slash_commands_api.c: slash commands on the wire. */
#include "api/route.h"
#include "base/id.h"
#include "domain/slash_commands.h"

static void write_reply(const SlashReply *reply, Buf *out)
{
    static const char *const empty[] = {"username", "channel_id", "icon_url", "type", "trigger_id"};
    json_open(out);
    json_key(out, "response_type");
    json_str(out, reply->is_in_channel ? STR("in_channel") : STR("ephemeral"));
    json_key(out, "text");
    json_str(out, reply->text);
    json_key(out, "goto_location");
    json_str(out, reply->goto_location);
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        json_key(out, empty[i]);
        json_str(out, STR_EMPTY);
    }
    json_key(out, "skip_slack_parsing");
    json_bool(out, false);
    static const char *const nothing[] = {"props", "attachments", "extra_responses"};
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        json_key(out, nothing[i]);
        json_nil(out);
    }
    json_close(out);
}

static Err api_command_execute(Req *req)
{
    json_t *body;
    SlashAsk ask;
    SlashReply reply;
    TRY(req_json(req, "command_args", &body));
    if (!json_is_object(body))
        return fail_body(&req->ctx, "command_args");
    TRY(req_text_of(req, body, "command", &ask.text));
    TRY(req_text_of(req, body, "channel_id", &ask.channel_id));
    TRY(req_text_of(req, body, "team_id", &ask.team_id));
    TRY(req_text_of(req, body, "root_id", &ask.root_id));
    if (!id_is_valid(ask.channel_id) || (ask.team_id.len && !id_is_valid(ask.team_id)) ||
        (ask.root_id.len && !id_is_valid(ask.root_id)))
        return fail_body(&req->ctx, "command_args");
    TRY(slash_command_run(&req->ctx, &ask, &reply));
    write_reply(&reply, req_begin(req, 200));
    return OK;
}

static void write_text(Buf *out, const char *key, Str value)
{
    json_key(out, key);
    json_str(out, value);
}

/* As v4's Command; built-in ones belong to nobody. */
static void write_command(Req *req, SlashCommand command, Buf *out)
{
    static const char *const empty[] = {"id",     "token",    "creator_id", "team_id",
                                        "method", "username", "icon_url",   "description",
                                        "url",    "plugin_id"};
    static const char *const never[] = {"create_at", "update_at", "delete_at"};
    json_open(out);
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        write_text(out, empty[i], STR_EMPTY);
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        json_key(out, never[i]);
        json_int(out, 0);
    }
    write_text(out, "trigger", str_of(command.trigger));
    write_text(out, "display_name", str_of(command.trigger));
    json_key(out, "auto_complete");
    json_bool(out, true);
    write_text(out, "auto_complete_desc", slash_command_text(&req->ctx, command.trigger, "desc"));
    write_text(out, "auto_complete_hint",
               command.has_hint ? slash_command_text(&req->ctx, command.trigger, "hint")
                                : STR_EMPTY);
    json_close(out);
}

static Err api_commands_complete(Req *req)
{
    TRY(need_in_team(&req->ctx, req_param(req, "team_id"), PERM_VIEW_TEAM));
    Buf *out = req_begin(req, 200);
    json_open_array(out);
    for (size_t i = 0; i < slash_command_count(); i++)
        write_command(req, slash_command_at(i), out);
    json_close_array(out);
    return OK;
}

/* While a command is being typed: those that begin so. Behind its name, only its hint. */
static Err api_commands_suggest(Req *req)
{
    TRY(need_in_team(&req->ctx, req_param(req, "team_id"), PERM_VIEW_TEAM));
    Str typed = str_lower(req->arena, req_query(req, "user_input"));
    if (typed.len && typed.ptr[0] == '/')
        typed = str_slice(typed, 1, typed.len);
    ptrdiff_t space = str_find_char(typed, ' ');
    Buf *out = req_begin(req, 200);
    json_open_array(out);
    for (size_t i = 0; i < slash_command_count(); i++) {
        SlashCommand c = slash_command_at(i);
        Str trigger = str_of(c.trigger);
        if (space >= 0 ? !(c.has_hint && str_eq(trigger, str_slice(typed, 0, (size_t)space)))
                       : !str_starts_with(trigger, typed))
            continue;
        json_open(out);
        write_text(out, "Complete", trigger);
        write_text(out, "Suggestion", trigger);
        write_text(out, "Hint",
                   c.has_hint ? slash_command_text(&req->ctx, c.trigger, "hint") : STR_EMPTY);
        write_text(out, "Description", slash_command_text(&req->ctx, c.trigger, "desc"));
        write_text(out, "IconData", STR_EMPTY);
        json_close(out);
    }
    json_close_array(out);
    return OK;
}

/* clang-format off */
const Route SLASH_COMMAND_ROUTES[] = {
    { POST, "/api/v4/commands/execute", api_command_execute, "ExecuteCommand", "CommandResponse", "create_post", .body = "CommandArgs",
      .summary = "Run a slash command" },
    { GET, "/api/v4/teams/{team_id}/commands/autocomplete", api_commands_complete, "ListAutocompleteCommands", "[Command]", "view_team",
      .summary = "The slash commands one may complete" },
    { GET, "/api/v4/teams/{team_id}/commands/autocomplete_suggestions", api_commands_suggest, "ListCommandAutocompleteSuggestions",
      "[AutocompleteSuggestion]", "view_team", .query = "user_input, channel_id, root_id", .summary = "Commands that begin as typed" },
    { 0 },
};
/* clang-format on */
