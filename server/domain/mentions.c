#include "domain/mentions.h"
#include "store/channel_store.h"
#include "store/user_store.h"

static bool is_word_char(unsigned char c)
{
    return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

/* Every @word outside code spans and blocks, lower case. */
static void collect_at_words(Arena *arena, Str text, StrVec *words)
{
    bool in_code = false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '`') {
            in_code = !in_code;
            continue;
        }
        if (in_code || text.ptr[i] != '@' ||
            (i > 0 && is_word_char((unsigned char)text.ptr[i - 1])))
            continue;
        size_t to = i + 1;
        while (to < text.len && (unsigned char)text.ptr[to] < 0x80 &&
               is_word_char((unsigned char)text.ptr[to]))
            to++;
        Str word = str_lower(arena, str_slice(text, i + 1, to));
        if (word.len && !strvec_has(words, word))
            vec_push(arena, words, word);
        i = to - 1;
    }
}

static void push_without(Arena *arena, StrVec *ids, Str id, Str author)
{
    if (!str_eq(id, author) && !strvec_has(ids, id))
        vec_push(arena, ids, id);
}

/* A name may end in punctuation of the sentence: @romeo. tries "romeo." and then "romeo". */
static void add_trimmed(Arena *arena, StrVec *names)
{
    for (size_t i = 0, n = names->len; i < n; i++) {
        Str name = names->items[i];
        while (name.len && strchr(".-_:", name.ptr[name.len - 1])) {
            name.len--;
            if (name.len && !strvec_has(names, name))
                vec_push(arena, names, name);
        }
    }
}

Err mentions_find(Ctx *ctx, const Channel *channel, const Post *post, Mentions *ret_mentions)
{
    Mentions mentions = {0};
    Arena *arena = ctx->arena;
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    collect_at_words(arena, post->message, &mentions.usernames);
    add_trimmed(arena, &mentions.usernames);
    mentions.is_all = strvec_has(&mentions.usernames, STR("all"));
    mentions.is_channel = strvec_has(&mentions.usernames, STR("channel"));
    mentions.is_here = strvec_has(&mentions.usernames, STR("here"));
    bool is_direct = str_eq(channel->type, STR("D")) || str_eq(channel->type, STR("G"));
    if (is_direct || mentions.is_all || mentions.is_channel) {
        Str *ids;
        size_t count;
        TRY(store_channel_member_ids(tx, arena, channel->id, &ids, &count));
        for (size_t i = 0; i < count; i++)
            push_without(arena, &mentions.user_ids, ids[i], post->user_id);
    }
    User *users;
    size_t count;
    TRY(store_user_list_by_usernames(tx, arena, mentions.usernames.items, mentions.usernames.len,
                                     &users, &count));
    for (size_t i = 0; i < count; i++) {
        ChannelMember member;
        Err err = store_channel_member_get(tx, arena, channel->id, users[i].id, &member);
        if (err == OK)
            push_without(arena, &mentions.user_ids, users[i].id, post->user_id);
        else if (err != ERR_ABSENT)
            return err;
    }
    *ret_mentions = mentions;
    return OK;
}
