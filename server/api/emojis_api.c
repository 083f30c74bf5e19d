/* api/emojis_api.c: custom emoji on the wire. */
#include "api/content.h"
#include "api/form.h"
#include "api/route.h"
#include "domain/emojis.h"

enum {
    EMOJI_MAX_AGE_S = 30 * 24 * 3600,
    EMOJI_BODY_LIMIT_BYTES = EMOJI_FILE_LIMIT_BYTES + 16 * 1024
};

static Err reply_emoji(Req *req, int status, const Emoji *emoji)
{
    return req_reply_entity(req, status, &emoji_entity, emoji);
}

static Err reply_emojis(Req *req, const Emoji *emojis, size_t count)
{
    return req_reply_entities(req, 200, &emoji_entity, emojis, count);
}

/* ---- making ---- */
static Err api_emoji_create(Req *req)
{
    static const FormFileErrors errors = {ERR_API_EMOJI_CREATE_PARSE, ERR_API_EMOJI_UPLOAD_IMAGE,
                                          ERR_API_EMOJI_CREATE_TOO_LARGE};
    Str picture, name, creator_id;
    json_t *body;
    Emoji emoji;
    TRY(req_form_file(req, "image", EMOJI_FILE_LIMIT_BYTES, errors, &picture));
    if (json_parse(req->arena, req_form_value(req, "emoji"), &body) != OK || !json_is_object(body))
        return fail_body(&req->ctx, "emoji");
    TRY(req_text_of(req, body, "name", &name));
    TRY(req_text_of(req, body, "creator_id", &creator_id));
    TRY(emoji_create(&req->ctx, name, creator_id, picture, &emoji));
    return reply_emoji(req, 200, &emoji);
}

static Err api_emoji_delete(Req *req)
{
    Str id;
    TRY(req_param_id(req, "emoji_id", &id));
    TRY(emoji_delete(&req->ctx, id));
    return req_reply_ok(req);
}

/* ---- finding ---- */
static Err api_emoji_list(Req *req)
{
    Emoji *emojis;
    size_t count;
    Page page = req_page(req);
    Str sort = req_query(req, "sort");
    bool by_name = str_eq(sort, STR("name"));
    if (sort.len && !by_name)
        return fail_url(&req->ctx, "sort");
    TRY(emojis_list(&req->ctx, by_name, page.per_page, page.offset, &emojis, &count));
    return reply_emojis(req, emojis, count);
}

static Err api_emoji_get(Req *req)
{
    Str id;
    Emoji emoji;
    TRY(req_param_id(req, "emoji_id", &id));
    TRY(emoji_get(&req->ctx, id, &emoji));
    return reply_emoji(req, 200, &emoji);
}

static Err api_emoji_get_by_name(Req *req)
{
    Emoji emoji;
    Str name = req_param(req, "emoji_name");
    if (!emoji_name_is_valid(name))
        return fail_url(&req->ctx, "emoji_name");
    TRY(emoji_get_by_name(&req->ctx, name, &emoji));
    return reply_emoji(req, 200, &emoji);
}

static Err api_emojis_by_names(Req *req)
{
    StrVec names, possible = {0};
    json_t *body;
    Emoji *emojis;
    size_t count;
    TRY(req_json(req, "names", &body));
    if (json_array_size(body) > EMOJI_NAMES_MAX)
        return fail(&req->ctx, ERR_API_EMOJI_GET_MULTIPLE_BY_NAME_TOO_MANY_REQUEST_ERROR);
    TRY(req_texts(req, "names", false, EMOJI_NAMES_MAX, &names));
    for (size_t i = 0; i < names.len; i++)
        if (emoji_name_is_valid(names.items[i]))
            vec_push(req->arena, &possible, names.items[i]);
    TRY(emojis_by_names(&req->ctx, possible.items, possible.len, &emojis, &count));
    return reply_emojis(req, emojis, count);
}

static Err api_emoji_search(Req *req)
{
    json_t *body;
    Str term;
    bool prefix_only;
    Emoji *emojis;
    size_t count;
    TRY(req_json(req, "term", &body));
    if (!json_is_object(body))
        return fail_body(&req->ctx, "term");
    TRY(req_text_of(req, body, "term", &term));
    TRY(req_flag_of(req, body, "prefix_only", false, &prefix_only));
    if (term.len == 0)
        return fail_body(&req->ctx, "term");
    TRY(emojis_search(&req->ctx, term, prefix_only, &emojis, &count));
    return reply_emojis(req, emojis, count);
}

static Err api_emoji_autocomplete(Req *req)
{
    Emoji *emojis;
    size_t count;
    Str name = req_query(req, "name");
    if (name.len == 0 || !str_is_utf8(name))
        return fail_url(&req->ctx, "name");
    TRY(emojis_search(&req->ctx, name, true, &emojis, &count));
    return reply_emojis(req, emojis, count);
}

static Err api_emoji_image(Req *req)
{
    Str id;
    Content content;
    TRY(req_param_id(req, "emoji_id", &id));
    TRY(emoji_content(&req->ctx, id, &content));
    return req_reply_content(req, &content, &(ContentOptions){.max_age_s = EMOJI_MAX_AGE_S});
}

/* clang-format off */
const Route EMOJI_ROUTES[] = {
    { POST, "/api/v4/emoji", api_emoji_create, "CreateEmoji", "Emoji", "create_emojis", SESSION, LANE_SLOWLY, 200,
      EMOJI_BODY_LIMIT_BYTES, .too_large = ERR_API_EMOJI_CREATE_TOO_LARGE,
      .summary = "Add an emoji: a form with the picture `image` and the JSON `emoji`" },
    { GET, "/api/v4/emoji", api_emoji_list, "GetEmojiList", "[Emoji]", "", .query = "page, per_page, sort",
      .summary = "Custom emoji" },
    { GET, "/api/v4/emoji/autocomplete", api_emoji_autocomplete, "AutocompleteEmoji", "[Emoji]", "", .query = "name",
      .summary = "Custom emoji whose name begins so" },
    { POST, "/api/v4/emoji/search", api_emoji_search, "SearchEmoji", "[Emoji]", "", .body = "EmojiSearch",
      .summary = "Custom emoji with this in their name" },
    { POST, "/api/v4/emoji/names", api_emojis_by_names, "GetEmojisByNames", "[Emoji]", "", .body = "[string]",
      .summary = "Several custom emoji by name" },
    { GET, "/api/v4/emoji/name/{emoji_name}", api_emoji_get_by_name, "GetEmojiByName", "Emoji", "",
      .summary = "A custom emoji by name" },
    { GET, "/api/v4/emoji/{emoji_id}", api_emoji_get, "GetEmoji", "Emoji", "", .summary = "A custom emoji" },
    { DELETE, "/api/v4/emoji/{emoji_id}", api_emoji_delete, "DeleteEmoji", "StatusOK", "delete_emojis, delete_others_emojis",
      .summary = "Delete a custom emoji" },
    { GET, "/api/v4/emoji/{emoji_id}/image", api_emoji_image, "GetEmojiImage", "binary", "",
      .summary = "The picture of a custom emoji" },
    { 0 },
};
/* clang-format on */
