/* api/reactions_api.c: reactions on the wire. */
#include "api/route.h"
#include "domain/reactions.h"

enum { IDS_MAX = 1000 };

static Err api_reaction_add(Req *req)
{
    Reaction draft = {0}, reaction;
    TRY(req_body(req, &reaction_entity, NEW, &draft, NULL));
    TRY(reaction_add(&req->ctx, &draft, &reaction));
    return req_reply_entity(req, 200, &reaction_entity, &reaction);
}

static Err api_reaction_remove(Req *req)
{
    Str user_id, post_id;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(req_param_id(req, "post_id", &post_id));
    TRY(reaction_remove(&req->ctx, user_id, post_id, req_param(req, "emoji_name")));
    return req_reply_ok(req);
}

static Err api_reactions_of_post(Req *req)
{
    Str post_id;
    Reaction *reactions;
    size_t count;
    TRY(req_param_id(req, "post_id", &post_id));
    TRY(reactions_of_post(&req->ctx, post_id, &reactions, &count));
    return req_reply_entities(req, 200, &reaction_entity, reactions, count);
}

static Err api_reactions_of_posts(Req *req)
{
    StrVec ids;
    Reaction *reactions;
    size_t count;
    TRY(req_texts(req, "post_ids", true, IDS_MAX, &ids));
    TRY(reactions_of_posts(&req->ctx, &ids, &reactions, &count));
    Buf *out = req_begin(req, 200);
    json_open(out);
    for (size_t i = 0; i < ids.len; i++) {
        json_key_str(out, ids.items[i]);
        json_open_array(out);
        for (size_t k = 0; k < count; k++)
            if (str_eq(reactions[k].post_id, ids.items[i]))
                reaction_write_json(&reactions[k], out);
        json_close_array(out);
    }
    json_close(out);
    return OK;
}

/* clang-format off */
const Route REACTION_ROUTES[] = {
    { POST, "/api/v4/reactions", api_reaction_add, "SaveReaction", "Reaction", "add_reaction", .body = "Reaction",
      .summary = "Put an emoji under a message" },
    { DELETE, "/api/v4/users/{user_id}/posts/{post_id}/reactions/{emoji_name}", api_reaction_remove, "DeleteReaction", "StatusOK",
      "remove_reaction, remove_others_reactions", .summary = "Take a reaction back" },
    { GET, "/api/v4/posts/{post_id}/reactions", api_reactions_of_post, "GetReactions", "[Reaction]",
      "read_channel_content, read_public_channel", .summary = "Reactions to a message" },
    { POST, "/api/v4/posts/ids/reactions", api_reactions_of_posts, "GetBulkReactions", "{[Reaction]}",
      "read_channel_content, read_public_channel", .body = "[string]", .summary = "Reactions to several messages" },
    { 0 },
};
/* clang-format on */
