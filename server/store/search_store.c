#include "store/search_store.h"
#include "base/json.h"
#include "store/tokens.h"

Err store_search_touch(DbTx *tx, Str post_id)
{
    return db_exec(tx, "INSERT INTO search_dirty (seq) SELECT seq FROM posts WHERE id = ?",
                   post_id);
}

static Err named_number(DbTx *tx, const char *name, int64_t *ret_value)
{
    Str text;
    *ret_value = 0;
    Err err = db_get_text(tx, db_arena(tx), &text, "SELECT value FROM settings WHERE name = ?",
                          str_of(name));
    if (err == OK)
        (void)str_to_int(text, ret_value); /* nonsense reads as 0: the index is built anew */
    return err == ERR_ABSENT ? OK : err;
}

static Err set_named_number(DbTx *tx, const char *name, int64_t value, int64_t now)
{
    static const DbUpsert UPSERT = {"settings", "name, value, version, update_at", "name",
                                    "value, update_at"};
    return db_upsert(tx, &UPSERT, str_of(name), str_printf(db_arena(tx), "%lld", (long long)value),
                     1, now);
}

Err store_search_cursor(DbTx *tx, int64_t *ret_seq)
{
    return named_number(tx, "search_cursor", ret_seq);
}

/* What is indexed of a post: its text, attachments' texts, hashtags, and the tokens of its channel and author. */
static void write_tokens(Arena *arena, const Post *post, Buf *out)
{
    tokens_write(post->message, out);
    for (Str rest = post->hashtags; rest.ptr;) {
        Str tag = str_split(&rest, ' ');
        if (tag.len < 2)
            continue;
        buf_append_char(out, ' ');
        buf_append(out, token_of_hashtag(arena, str_slice(tag, 1, tag.len)));
    }
    buf_append_char(out, ' ');
    buf_append(out, token_of_channel(arena, post->channel_id));
    buf_append_char(out, ' ');
    buf_append(out, token_of_author(arena, post->user_id));
}

/* A tsvector literal: 'token':position … */
static Str tsvector_text(Arena *arena, Str tokens)
{
    enum { POSITION_MAX = 16383 };
    Buf out;
    buf_init(&out, 4 * 1024 * 1024);
    int position = 0;
    for (Str rest = tokens; rest.ptr;) {
        Str token = str_split(&rest, ' ');
        if (token.len == 0)
            continue;
        position += position < POSITION_MAX;
        buf_printf(&out, "%s'", out.len ? " " : "");
        buf_append(&out, token); /* letters, digits and our marks: nothing to escape */
        buf_printf(&out, "':%d", position);
    }
    Str text = str_copy(arena, buf_str(&out));
    buf_deinit(&out);
    return text;
}

static Err put(DbTx *tx, int64_t seq, Str tokens)
{
    if (db_dialect(db_of(tx)) == DB_POSTGRES)
        return db_exec(tx, "INSERT INTO post_index (seq, tokens) VALUES (?, ?::text::tsvector)",
                       seq, tsvector_text(db_arena(tx), tokens));
    TRY(db_exec(tx, "INSERT INTO post_tokens (seq, tokens) VALUES (?, ?)", seq, tokens));
    return db_exec(tx, "INSERT INTO post_index (rowid, tokens) VALUES (?, ?)", seq, tokens);
}

/* Takes a post out: FTS5 without content wants to be told what it had indexed. */
static Err take_out(DbTx *tx, int64_t seq)
{
    if (db_dialect(db_of(tx)) == DB_POSTGRES)
        return db_exec(tx, "DELETE FROM post_index WHERE seq = ?", seq);
    Str old;
    Err err =
        db_get_text(tx, db_arena(tx), &old, "SELECT tokens FROM post_tokens WHERE seq = ?", seq);
    if (err != OK)
        return err == ERR_ABSENT ? OK : err;
    TRY(db_exec(tx, "INSERT INTO post_index (post_index, rowid, tokens) VALUES ('delete', ?, ?)",
                seq, old));
    return db_exec(tx, "DELETE FROM post_tokens WHERE seq = ?", seq);
}

typedef struct Numbered {
    int64_t seq;
    Post post;
} Numbered;
typedef VEC(Numbered) NumberedVec;

static Err read_numbered(DbRows *rows, Arena *arena, NumberedVec *ret_posts)
{
    while (db_next(rows)) {
        Numbered one = {.seq = db_int(rows, 0)};
        post_read_row(rows, 1, arena, &one.post);
        vec_push(arena, ret_posts, one);
    }
    return db_rows_error(rows);
}

static Err put_post(DbTx *tx, Arena *arena, const Numbered *one)
{
    if (one->post.delete_at != 0 || str_starts_with(one->post.type, STR("system_")))
        return OK;
    Buf tokens;
    buf_init(&tokens, 4 * 1024 * 1024);
    write_tokens(arena, &one->post, &tokens);
    Err err = put(tx, one->seq, buf_str(&tokens));
    buf_deinit(&tokens);
    return err;
}

/* Where the barrier below is raised anyway: some transaction elsewhere in the cluster has been open for that long. */
enum { BARRIER_MS = 10 * 60 * 1000 };

/* Up to which seq nothing can be missing. On PostgreSQL a transaction may commit after one that took a later seq; a cursor
 * that went past it would never come back. So the highest seq is noted together with the next transaction id, and
 * becomes the limit when all transactions below that id have ended. */
static Err settled_seq(DbTx *tx, int64_t now, int64_t *ret_seq)
{
    int64_t oldest, newest, next_id, barrier_id, barrier_at, barrier_seq;
    *ret_seq = INT64_MAX;
    if (db_dialect(db_of(tx)) != DB_POSTGRES)
        return OK;
    TRY(named_number(tx, "search_settled", ret_seq));
    TRY(named_number(tx, "search_barrier_seq", &barrier_seq));
    TRY(named_number(tx, "search_barrier_id", &barrier_id));
    TRY(named_number(tx, "search_barrier_at", &barrier_at));
    TRY(db_get_int(tx, &oldest, "SELECT txid_snapshot_xmin(txid_current_snapshot())"));
    if (oldest < barrier_id && now - barrier_at < BARRIER_MS)
        return OK;
    TRY(db_get_int(tx, &newest, "SELECT coalesce(max(seq), 0) FROM posts"));
    TRY(db_get_int(tx, &next_id, "SELECT txid_snapshot_xmax(txid_current_snapshot())"));
    if (*ret_seq != barrier_seq)
        TRY(set_named_number(tx, "search_settled", barrier_seq, now));
    TRY(set_named_number(tx, "search_barrier_seq", newest, now));
    TRY(set_named_number(tx, "search_barrier_id", next_id, now));
    TRY(set_named_number(tx, "search_barrier_at", now, now));
    *ret_seq = barrier_seq;
    return OK;
}

static Err index_new(DbTx *tx, Arena *arena, int64_t now, int64_t limit, bool *ret_more)
{
    int64_t cursor, settled;
    TRY(store_search_cursor(tx, &cursor));
    TRY(settled_seq(tx, now, &settled));
    NumberedVec posts = {0};
    {
        CLEANUP(db_rows_end) DbRows rows = {0};
        TRY(db_query(
            tx, &rows,
            ENTITY_SQL(&post_entity,
                       "SELECT seq, $ FROM posts WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"),
            cursor, settled, limit));
        TRY(read_numbered(&rows, arena, &posts));
    }
    int64_t before = cursor;
    for (size_t i = 0; i < posts.len; i++) {
        TRY(put_post(tx, arena, &posts.items[i]));
        cursor = posts.items[i].seq;
    }
    *ret_more = posts.len == (size_t)limit && cursor != before;
    return cursor == before ? OK : set_named_number(tx, "search_cursor", cursor, now);
}

static Err index_dirty(DbTx *tx, Arena *arena, int64_t limit, bool *ret_more)
{
    int64_t cursor;
    TRY(store_search_cursor(tx, &cursor));
    typedef struct Change {
        int64_t id, seq;
    } Change;
    VEC(Change) dirty = {0};
    {
        CLEANUP(db_rows_end) DbRows rows = {0};
        TRY(db_query(tx, &rows,
                     "SELECT id, seq FROM search_dirty WHERE seq <= ? ORDER BY id LIMIT ?", cursor,
                     limit));
        while (db_next(&rows))
            vec_push(arena, &dirty, ((Change){db_int(&rows, 0), db_int(&rows, 1)}));
        TRY(db_rows_error(&rows));
    }
    for (size_t i = 0; i < dirty.len; i++) {
        NumberedVec post = {0};
        {
            CLEANUP(db_rows_end) DbRows rows = {0};
            TRY(db_query(tx, &rows,
                         ENTITY_SQL(&post_entity, "SELECT seq, $ FROM posts WHERE seq = ?"),
                         dirty.items[i].seq));
            TRY(read_numbered(&rows, arena, &post));
        }
        TRY(take_out(tx, dirty.items[i].seq));
        if (post.len)
            TRY(put_post(tx, arena, &post.items[0]));
        TRY(db_exec(tx, "DELETE FROM search_dirty WHERE id = ?", dirty.items[i].id));
    }
    *ret_more |= dirty.len == (size_t)limit;
    return OK;
}

Err store_search_index(DbTx *tx, Arena *arena, int64_t now, int64_t limit, bool *ret_more)
{
    int64_t version;
    TRY(named_number(tx, "search_version", &version));
    if (version != TOKENS_VERSION) {
        if (version != 0)
            TRY(store_search_reset(tx));
        TRY(set_named_number(tx, "search_version", TOKENS_VERSION, now));
    }
    TRY(index_new(tx, arena, now, limit, ret_more));
    return index_dirty(tx, arena, limit, ret_more);
}

Err store_search_reset(DbTx *tx)
{
    if (db_dialect(db_of(tx)) == DB_POSTGRES) {
        TRY(db_exec(tx, "DELETE FROM post_index"));
    } else {
        TRY(db_exec(tx, "INSERT INTO post_index (post_index) VALUES ('delete-all')"));
        TRY(db_exec(tx, "DELETE FROM post_tokens"));
    }
    return set_named_number(tx, "search_cursor", 0, 0);
}

/* ---- asking ---- */
/* One clause: FTS5 "a b"* or tsquery ('a' <-> 'b':*). Tokens hold only letters, digits and our marks. */
static void write_clause(const SearchClause *clause, bool is_pg, Buf *out)
{
    if (!is_pg) {
        buf_append_char(out, '"');
        for (size_t i = 0; i < clause->count; i++) {
            if (i)
                buf_append_char(out, ' ');
            buf_append(out, clause->tokens[i]);
        }
        buf_append(out, clause->is_prefix ? STR("\" *") : STR("\""));
        return;
    }
    buf_append_char(out, '(');
    for (size_t i = 0; i < clause->count; i++) {
        if (i)
            buf_append(out, STR(" <-> "));
        buf_append_char(out, '\'');
        buf_append(out, clause->tokens[i]);
        buf_append_char(out, '\'');
        if (clause->is_prefix && i + 1 == clause->count)
            buf_append(out, STR(":*"));
    }
    buf_append_char(out, ')');
}

static void write_clauses(const SearchClause *clauses, size_t count, const char *between,
                          bool is_pg, Buf *out)
{
    buf_append_char(out, '(');
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_append(out, str_of(between));
        write_clause(&clauses[i], is_pg, out);
    }
    buf_append_char(out, ')');
}

/* The tokens of a filter are alternatives. */
static void write_filter(const SearchClause *filter, bool is_pg, Buf *out)
{
    buf_append_char(out, '(');
    for (size_t i = 0; i < filter->count; i++) {
        if (i)
            buf_append(out, is_pg ? STR(" | ") : STR(" OR "));
        write_clause(&(SearchClause){&filter->tokens[i], 1, false}, is_pg, out);
    }
    buf_append_char(out, ')');
}

static Str match_text(Arena *arena, const SearchQuery *q, bool is_pg)
{
    const char *and = is_pg ? " & " : " AND ";
    Buf out;
    buf_init(&out, 1024 * 1024);
    if (q->must_count)
        write_clauses(q->must, q->must_count, q->is_or ? (is_pg ? " | " : " OR ") : and, is_pg,
                      &out);
    for (size_t i = 0; i < q->filter_count; i++) {
        if (out.len)
            buf_append(&out, str_of(and));
        write_filter(&q->filters[i], is_pg, &out);
    }
    if (q->must_not_count) {
        if (!is_pg) { /* NOT binds two operands: (…) NOT (…) */
            Str positive = str_copy(arena, buf_str(&out));
            buf_clear(&out);
            buf_printf(&out, "(" STR_FMT ") NOT ", STR_ARG(positive));
        } else {
            buf_append(&out, out.len ? STR(" & !") : STR("!"));
        }
        write_clauses(q->must_not, q->must_not_count, is_pg ? " | " : " OR ", is_pg, &out);
    }
    Str text = str_copy(arena, buf_str(&out));
    buf_deinit(&out);
    return text;
}

/* The part of the query that says which channels: those the user is in, of the team or of none. */
#define IN_READABLE                                                                                \
    "EXISTS (SELECT 1 FROM channel_members m JOIN channels c ON c.id = m.channel_id WHERE "        \
    "m.channel_id = p.channel_id "                                                                 \
    "AND m.user_id = ? AND (c.delete_at = 0 OR 1 = ?) AND ('' = ? OR c.team_id = ? OR c.team_id "  \
    "= ''))"

/* Changed since they were indexed: the tail has them. */
#define NOT_DIRTY " AND NOT EXISTS (SELECT 1 FROM search_dirty d WHERE d.seq = p.seq)"

Err store_search_posts(DbTx *tx, Arena *arena, const SearchQuery *q, Post **ret_posts,
                       size_t *ret_count)
{
    bool is_pg = db_dialect(db_of(tx)) == DB_POSTGRES;
    Str match = match_text(arena, q, is_pg);
    const char *sql =
        is_pg ? ENTITY_SQL(
                    &post_entity,
                    "SELECT $p. FROM post_index i JOIN posts p ON p.seq = i.seq "
                    "WHERE i.tokens @@ ?::text::tsquery AND p.delete_at = 0 AND p.create_at > ? "
                    "AND p.create_at < ? AND " IN_READABLE NOT_DIRTY
                    " ORDER BY i.seq DESC LIMIT ? OFFSET ?")
              : ENTITY_SQL(&post_entity,
                           "SELECT $p. FROM post_index i JOIN posts p ON p.seq = i.rowid "
                           "WHERE post_index MATCH ? AND p.delete_at = 0 AND p.create_at > ? "
                           "AND p.create_at < ? AND " IN_READABLE NOT_DIRTY
                           " ORDER BY i.rowid DESC LIMIT ? OFFSET ?");
    return entity_list(tx, &post_entity, arena, ret_posts, ret_count, sql, match, q->after,
                       q->before ? q->before : INT64_MAX, q->user_id, q->with_archived, q->team_id,
                       q->team_id, q->limit, q->offset);
}

/* Appends the posts of one half of the tail. */
static Err read_tail(DbTx *tx, Arena *arena, const SearchQuery *q, const char *sql, int64_t cursor,
                     int64_t limit, Post **posts, size_t *count)
{
    Post *more;
    size_t more_count;
    TRY(entity_list(tx, &post_entity, arena, &more, &more_count, sql, cursor, q->after,
                    q->before ? q->before : INT64_MAX, q->user_id, q->with_archived, q->team_id,
                    q->team_id, limit));
    if (more_count == 0)
        return OK;
    Post *both = arena_new(arena, Post, *count + more_count);
    if (*count)
        memcpy(both, *posts, *count * sizeof **posts);
    memcpy(both + *count, more, more_count * sizeof *more);
    *posts = both;
    *count += more_count;
    return OK;
}

Err store_search_tail(DbTx *tx, Arena *arena, const SearchQuery *q, int64_t limit, Post **ret_posts,
                      size_t *ret_count)
{
    int64_t cursor;
    *ret_posts = NULL;
    *ret_count = 0;
    TRY(store_search_cursor(tx, &cursor));
    TRY(read_tail(
        tx, arena, q,
        ENTITY_SQL(
            &post_entity,
            "SELECT $p. FROM posts p WHERE p.seq > ? AND p.delete_at = 0 AND p.create_at > ? "
            "AND p.create_at < ? AND " IN_READABLE " ORDER BY p.seq DESC LIMIT ?"),
        cursor, limit, ret_posts, ret_count));
    return read_tail(
        tx, arena, q,
        ENTITY_SQL(&post_entity,
                   "SELECT $p. FROM posts p WHERE p.seq IN (SELECT d.seq FROM search_dirty d WHERE "
                   "d.seq <= ?) "
                   "AND p.delete_at = 0 AND p.create_at > ? AND p.create_at < ? AND " IN_READABLE
                   " ORDER BY p.seq DESC LIMIT ?"),
        cursor, limit, ret_posts, ret_count);
}

/* ---- files ---- */
static Str like_part(Arena *arena, Str word)
{
    Buf out;
    buf_init(&out, 4096);
    buf_append_char(&out, '%');
    for (size_t i = 0; i < word.len; i++) {
        if (strchr("%_!", word.ptr[i]))
            buf_append_char(&out, '!');
        buf_append_char(&out, word.ptr[i]);
    }
    buf_append_char(&out, '%');
    Str text = str_copy(arena, buf_str(&out));
    buf_deinit(&out);
    return text;
}

typedef VEC(DbArg) ArgVec;

static void add_list(Buf *sql, const char *column, const StrVec *values, Arena *arena, ArgVec *args)
{
    if (values->len == 0)
        return;
    buf_printf(sql, " AND %s IN (", column);
    db_sql_marks(sql, values->len);
    buf_append_char(sql, ')');
    for (size_t i = 0; i < values->len; i++)
        vec_push(arena, args, db_arg_text(values->items[i]));
}

Err store_search_files(DbTx *tx, Arena *arena, const SearchQuery *q, const StrVec *words,
                       const StrVec *extensions, const StrVec *channel_ids,
                       const StrVec *author_ids, FileInfo **ret_files, size_t *ret_count)
{
    ArgVec args = {0};
    Buf sql;
    buf_init(&sql, 256 * 1024);
    buf_append(&sql, STR("SELECT $p. FROM file_infos p WHERE p.delete_at = 0 AND p.post_id <> '' "
                         "AND p.create_at > ? AND p.create_at < ? AND " IN_READABLE));
    vec_push(arena, &args, db_arg_int(q->after));
    vec_push(arena, &args, db_arg_int(q->before ? q->before : INT64_MAX));
    vec_push(arena, &args, db_arg_text(q->user_id));
    vec_push(arena, &args, db_arg_int(q->with_archived));
    vec_push(arena, &args, db_arg_text(q->team_id));
    vec_push(arena, &args, db_arg_text(q->team_id));
    for (size_t i = 0; i < words->len; i++) {
        buf_append(&sql, i == 0 ? STR(" AND (") : q->is_or ? STR(" OR ") : STR(" AND "));
        buf_append(&sql, STR("p.search_text LIKE ? ESCAPE '!'"));
        vec_push(arena, &args, db_arg_text(like_part(arena, words->items[i])));
    }
    if (words->len)
        buf_append_char(&sql, ')');
    add_list(&sql, "p.extension", extensions, arena, &args);
    add_list(&sql, "p.channel_id", channel_ids, arena, &args);
    add_list(&sql, "p.user_id", author_ids, arena, &args);
    buf_append(&sql, STR(" ORDER BY p.create_at DESC, p.id DESC LIMIT ? OFFSET ?"));
    vec_push(arena, &args, db_arg_int(q->limit));
    vec_push(arena, &args, db_arg_int(q->offset));
    Err err = entity_list_text(tx, &file_info_entity, arena, (void **)ret_files, ret_count,
                               buf_str(&sql), args.items, args.len);
    buf_deinit(&sql);
    return err;
}
