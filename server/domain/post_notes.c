#include "domain/post_notes.h"

typedef struct NoteProps {
    Str names[4], values[4];
    size_t count;
} NoteProps;

static void put(NoteProps *props, const char *name, Str value)
{
    props->names[props->count] = str_of(name);
    props->values[props->count++] = value;
}

static NoteProps props_of(const User *user)
{
    NoteProps props = {0};
    put(&props, "username", user->username);
    return props;
}

static Str props_json(Ctx *ctx, const NoteProps *props)
{
    Buf out;
    buf_init(&out, 64 * 1024);
    json_open(&out);
    for (size_t i = 0; i < props->count; i++) {
        json_key_str(&out, props->names[i]);
        json_str(&out, props->values[i]);
    }
    json_close(&out);
    Str text = str_copy(ctx->arena, buf_str(&out));
    buf_deinit(&out);
    return text;
}

typedef struct Note {
    const char *type, *variant; /* the text's id is post.<type>[.<variant>] */
    Str mentioned;              /* this user is called by it, or empty */
} Note;

static Err insert_note(Ctx *ctx, DbTx *tx, const Channel *channel, const User *author,
                       const Note *note, const NoteProps *props)
{
    Str id = str_printf(ctx->arena, "post.%s%s%s", note->type, note->variant ? "." : "",
                        note->variant ? note->variant : "");
    Str text = text_get(id, ctx->settings->LocalizationSettings_DefaultServerLocale);
    NoteProps filled = *props; /* a text may name its author where the props do not */
    bool has_author = false;
    for (size_t i = 0; i < filled.count; i++)
        has_author |= str_eq(filled.names[i], STR("username"));
    if (!has_author && filled.count < 4)
        put(&filled, "username", author->username);
    Post post = {
        .id = ctx_id(ctx),
        .user_id = author->id,
        .channel_id = channel->id,
        .type = str_of(note->type),
        .message = text_fill(ctx->arena, text, filled.names, filled.values, filled.count),
        .props = props_json(ctx, props),
    };
    Mentions mentions = {0};
    if (note->mentioned.len && !str_eq(note->mentioned, author->id))
        vec_push(ctx->arena, &mentions.user_ids, note->mentioned);
    const PostInsert what = {.channel = channel, .mentions = &mentions, .author = author};
    return post_insert_in(ctx, tx, &what, &post, NULL);
}

static bool is_guest(const User *user)
{
    return str_contains(user->roles, STR("system_guest"));
}

/* ---- coming and going ---- */
Err post_note_joined_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user)
{
    NoteProps props = props_of(user);
    const Note note = {.type =
                           is_guest(user) ? "system_guest_join_channel" : "system_join_channel"};
    return insert_note(ctx, tx, channel, user, &note, &props);
}

static NoteProps props_added(const User *user, const User *adder)
{
    NoteProps props = {0};
    put(&props, "userId", adder->id);
    put(&props, "username", adder->username);
    put(&props, "addedUserId", user->id);
    put(&props, "addedUsername", user->username);
    return props;
}

Err post_note_added_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user,
                       const User *adder)
{
    NoteProps props = props_added(user, adder);
    const Note note = {.type =
                           is_guest(user) ? "system_add_guest_to_chan" : "system_add_to_channel",
                       .mentioned = user->id};
    return insert_note(ctx, tx, channel, adder, &note, &props);
}

Err post_note_left_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user)
{
    NoteProps props = props_of(user);
    return insert_note(ctx, tx, channel, user, &(Note){.type = "system_leave_channel"}, &props);
}

Err post_note_removed_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user,
                         const User *remover)
{
    NoteProps props = {0};
    put(&props, "removedUserId", user->id);
    put(&props, "removedUsername", user->username);
    return insert_note(ctx, tx, channel, remover, &(Note){.type = "system_remove_from_channel"},
                       &props);
}

Err post_note_team_joined_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user)
{
    NoteProps props = props_of(user);
    return insert_note(ctx, tx, channel, user, &(Note){.type = "system_join_team"}, &props);
}

Err post_note_team_added_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user,
                            const User *adder)
{
    NoteProps props = props_added(user, adder);
    return insert_note(ctx, tx, channel, adder, &(Note){.type = "system_add_to_team"}, &props);
}

Err post_note_team_left_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user)
{
    NoteProps props = props_of(user);
    return insert_note(ctx, tx, channel, user, &(Note){.type = "system_leave_team"}, &props);
}

Err post_note_team_removed_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user)
{
    NoteProps props = props_of(user);
    return insert_note(ctx, tx, channel, user, &(Note){.type = "system_remove_from_team"}, &props);
}

/* ---- changes of the channel ---- */
/* A text of its own for the first value and for none. */
static const char *variant_of(Str old, Str new)
{
    return new.len == 0 ? "removed" : old.len == 0 ? "set" : NULL;
}

Err post_note_header_in(Ctx *ctx, DbTx *tx, const Channel *channel, Str old_header,
                        const User *user)
{
    NoteProps props = props_of(user);
    put(&props, "old_header", old_header);
    put(&props, "new_header", channel->header);
    const Note note = {.type = "system_header_change",
                       .variant = variant_of(old_header, channel->header)};
    return insert_note(ctx, tx, channel, user, &note, &props);
}

Err post_note_purpose_in(Ctx *ctx, DbTx *tx, const Channel *channel, Str old_purpose,
                         const User *user)
{
    NoteProps props = props_of(user);
    put(&props, "old_purpose", old_purpose);
    put(&props, "new_purpose", channel->purpose);
    const Note note = {.type = "system_purpose_change",
                       .variant = variant_of(old_purpose, channel->purpose)};
    return insert_note(ctx, tx, channel, user, &note, &props);
}

Err post_note_display_name_in(Ctx *ctx, DbTx *tx, const Channel *channel, Str old_display_name,
                              const User *user)
{
    NoteProps props = props_of(user);
    put(&props, "old_displayname", old_display_name);
    put(&props, "new_displayname", channel->display_name);
    return insert_note(ctx, tx, channel, user, &(Note){.type = "system_displayname_change"},
                       &props);
}

Err post_note_archived_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user)
{
    NoteProps props = props_of(user);
    return insert_note(ctx, tx, channel, user, &(Note){.type = "system_channel_deleted"}, &props);
}

Err post_note_restored_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user)
{
    NoteProps props = props_of(user);
    return insert_note(ctx, tx, channel, user, &(Note){.type = "system_channel_restored"}, &props);
}

Err post_note_privacy_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user)
{
    NoteProps props = props_of(user);
    const Note note = {.type = "system_change_chan_privacy",
                       .variant = str_eq(channel->type, STR("P")) ? "private" : "public"};
    return insert_note(ctx, tx, channel, user, &note, &props);
}

Err post_note_converted_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user)
{
    NoteProps props = {0};
    return insert_note(ctx, tx, channel, user, &(Note){.type = "system_convert_channel"}, &props);
}

Err post_note_moved_in(Ctx *ctx, DbTx *tx, const Channel *channel, Str old_team_name,
                       const User *user)
{
    NoteProps props = props_of(user);
    put(&props, "old_team", old_team_name);
    return insert_note(ctx, tx, channel, user, &(Note){.type = "system_move_channel"}, &props);
}

Err post_note_group_to_channel_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user)
{
    NoteProps props = {0};
    return insert_note(ctx, tx, channel, user, &(Note){.type = "system_gm_to_channel"}, &props);
}
