#include "../../fuzz/ws/ws_transcript.h"
#include "base/arena.h"
#include <zlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A client's frame, masked. */
static void put_frame(Buf *out, int first_byte, Str payload)
{
    static const char mask[] = {0x12, 0x34, 0x56, 0x78};
    buf_append_char(out, (char)first_byte);
    if (payload.len < 126) {
        buf_append_char(out, (char)(0x80 | payload.len));
    } else {
        buf_append_char(out, (char)(0x80 | 126));
        buf_append_char(out, (char)(payload.len >> 8));
        buf_append_char(out, (char)payload.len);
    }
    buf_append(out, str_make(mask, 4));
    for (size_t i = 0; i < payload.len; i++)
        buf_append_char(out, (char)(payload.ptr[i] ^ mask[i % 4]));
}

/* Compresses a message as a client does: a sync flush without its last four bytes. */
static Str deflate_message(Arena *arena, Str text)
{
    z_stream z = {0};
    size_t room = text.len + 1000;
    char *out = arena_alloc(arena, room);
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)text.ptr;
    z.avail_in = (uInt)text.len;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_SYNC_FLUSH), Z_OK);
    Str packed = str_make(out, z.total_out - 4);
    (void)deflateEnd(&z);
    return packed;
}

/* What a plain inflater makes of a compressed message. */
static Str inflate_message(Arena *arena, Str payload)
{
    z_stream z = {0};
    Str in = str_concat(arena, payload, STR("\0\0\xFF\xFF"));
    size_t room = 1024 * 1024;
    char *out = arena_alloc(arena, room);
    assert_int_equal(inflateInit2(&z, -15), Z_OK);
    z.next_in = (Bytef *)in.ptr;
    z.avail_in = (uInt)in.len;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    int result = inflate(&z, Z_SYNC_FLUSH);
    assert_true(result == Z_OK || result == Z_BUF_ERROR);
    assert_int_equal(z.avail_in, 0);
    Str text = str_make(out, z.total_out);
    assert_int_equal(inflateEnd(&z), Z_OK);
    return text;
}

static Str repeated(Arena *arena, char c, size_t len)
{
    char *text = arena_alloc(arena, len + 1);
    memset(text, c, len);
    return str_make(text, len);
}

static const struct Row {
    const char *why;
    Str bytes; /* unmasked payloads: the mask is zero */
    const char *expected;
} ROWS[] = {
#define ROW(why, expected, bytes) {why, {bytes, sizeof bytes - 1}, expected},
#define M                         "\0\0\0\0"
    ROW("text", "[1 0 0]abc\n", "\x81\x83" M "abc") ROW(
        "binary may hold anything", "[1 1 0]\xFF\xFE\n",
        "\x82\x82" M "\xFF\xFE") ROW("empty text", "[1 0 0]\n", "\x81\x80" M) ROW("fragments",
                                                                                  "[1 0 0]abcd\n",
                                                                                  "\x01\x82" M "ab"
                                                                                  "\x00\x81" M "c"
                                                                                  "\x80\x81" M "d")
        ROW("a character cut by fragments", "[1 0 0]\xE9\xB8\xBF\n",
            "\x01\x81" M "\xE9"
            "\x80\x82" M "\xB8\xBF") ROW("a ping between fragments", "[2 0 0]p\n[1 0 0]ab\n",
                                         "\x01\x81" M "a"
                                         "\x89\x81" M "p"
                                         "\x80\x81" M "b") ROW("pong", "[3 0 0]\n", "\x8A\x80" M)
            ROW("close", "[4 0 1000]bye\n",
                "\x88\x85" M "\x03\xE8"
                "bye") ROW("close without a code", "[4 0 1005]\n",
                           "\x88\x80" M) ROW("nothing after a close", "[4 0 3000]\n",
                                             "\x88\x82" M "\x0B\xB8"
                                             "\x81\x80" M) ROW("unmasked", "[5 0 1002]\n",
                                                               "\x81\x03"
                                                               "abc") ROW("RSV2", "[5 0 1002]\n",
                                                                          "\xA1\x80" M)
                ROW("RSV1 without deflate", "[5 0 1002]\n",
                    "\xC1\x80" M) ROW("unknown data opcode", "[5 0 1002]\n", "\x83\x80" M)
                    ROW("unknown control opcode", "[5 0 1002]\n", "\x8B\x80" M) ROW(
                        "a fragmented ping", "[5 0 1002]\n",
                        "\x09\x80" M) ROW("a long ping", "[5 0 1002]\n", "\x89\xFE\x00\x7E" M)
                        ROW("a continuation of nothing", "[5 0 1002]\n", "\x80\x80" M) ROW(
                            "a new message within one", "[5 0 1002]\n", "\x01\x80" M "\x81\x80" M)
                            ROW("a length not in its shortest form", "[5 0 1002]\n",
                                "\x81\xFE\x00\x01" M
                                "a") ROW("a long length not in its shortest form", "[5 0 1002]\n",
                                         "\x81\xFF\0\0\0\0\0\0\x01\x00" M)
                                ROW("a negative length", "[5 0 1002]\n",
                                    "\x81\xFF\x80\0\0\0\0\0\0\0" M)
                                    ROW("a message over the limit", "[5 0 1009]\n",
                                        "\x82\xFE\x10\x01" M) ROW("fragments over the limit",
                                                                  "[5 0 1009]\n",
                                                                  "\x02\x81" M "a"
                                                                  "\x80\xFE\x10\x00" M)
                                        ROW("text that is not UTF-8", "[5 0 1007]\n",
                                            "\x81\x82" M "\xC0\xAF")
                                            ROW("half a character", "[5 0 1007]\n",
                                                "\x81\x82" M "\xE9\xB8")
                                                ROW("a close of one byte", "[5 0 1002]\n",
                                                    "\x88\x81" M "\x03")
                                                    ROW("a close code that may not be sent",
                                                        "[5 0 1002]\n", "\x88\x82" M "\x03\xED")
                                                        ROW("a close code out of range",
                                                            "[5 0 1002]\n", "\x88\x82" M "\x13\x88")
                                                            ROW("a reason that is not UTF-8",
                                                                "[5 0 1007]\n",
                                                                "\x88\x83" M "\x03\xE8\xFF")};

static void each_run_of_frames_is_read_as_the_table_says(void **state)
{
    (void)state;
    for (const struct Row *row = ROWS; row < ROWS + sizeof ROWS / sizeof *ROWS; row++)
        for (size_t at = 0; at < row->bytes.len; at++) {
            WsTranscript t;
            ws_transcript_init(&t, false);
            ws_transcript_feed(&t, str_slice(row->bytes, 0, at));
            ws_transcript_feed(&t, str_slice(row->bytes, at, row->bytes.len));
            if (!str_eq(buf_str(&t.text), str_of(row->expected)))
                fail_msg("%s, cut at %zu: " STR_FMT, row->why, at, STR_ARG(buf_str(&t.text)));
            ws_transcript_deinit(&t);
        }
}

static void nul_is_a_character_of_a_text(void **state)
{
    (void)state;
    assert_true(ws_text_is_valid(STR("a\0b")) && ws_text_is_valid(STR("\0")) &&
                ws_text_is_valid(STR("")));
    assert_false(ws_text_is_valid(STR("a\0\xFF")));
}

static void compressed_messages_are_inflated_one_by_one(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    WsTranscript t;
    Buf frames;
    buf_init(&frames, 1024 * 1024);
    ws_transcript_init(&t, true);
    for (int i = 0; i < 2; i++) {
        Str packed = deflate_message(arena, repeated(arena, 'x', 1000));
        put_frame(&frames, 0x41, str_slice(packed, 0, 2));
        put_frame(&frames, 0x80, str_slice(packed, 2, packed.len));
    }
    put_frame(&frames, 0x81, STR("plain"));
    put_frame(
        &frames, 0xC1,
        STR("\xF3\x48\xCD\xC9\xC9\x07\x00\x00")); /* RFC 7692 §7.2.3.5: "Hello" in a final block */
    put_frame(&frames, 0xC2, STR("\0"));          /* an empty message */
    ws_transcript_feed(&t, buf_str(&frames));
    Str x = repeated(arena, 'x', 1000);
    Str expected = str_printf(
        arena, "[1 0 0]" STR_FMT "\n[1 0 0]" STR_FMT "\n[1 0 0]plain\n[1 0 0]Hello\n[1 1 0]\n",
        STR_ARG(x), STR_ARG(x));
    assert_true(str_eq(buf_str(&t.text), expected));
    ws_transcript_deinit(&t);
    buf_deinit(&frames);
    arena_free(arena);
}

static void a_message_that_inflates_beyond_the_limit_is_refused(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    for (int extra = 0; extra < 2; extra++) {
        WsTranscript t;
        Buf frames;
        buf_init(&frames, 1024 * 1024);
        ws_transcript_init(&t, true);
        put_frame(&frames, 0xC2,
                  deflate_message(arena,
                                  repeated(arena, 'x', WS_TRANSCRIPT_LIMIT_BYTES + (size_t)extra)));
        put_frame(&frames, 0x88, STR(""));
        ws_transcript_feed(&t, buf_str(&frames));
        assert_true(
            str_starts_with(buf_str(&t.text), extra ? STR("[5 0 1009]") : STR("[1 1 0]xxx")));
        ws_transcript_deinit(&t);
        buf_deinit(&frames);
    }
    arena_free(arena);
}

static void what_is_no_deflate_data_is_refused(void **state)
{
    (void)state;
    WsTranscript t;
    Buf frames;
    buf_init(&frames, 1024);
    ws_transcript_init(&t, true);
    put_frame(&frames, 0xC2, STR("\xFF\xFF\xFF"));
    ws_transcript_feed(&t, buf_str(&frames));
    assert_true(str_eq(buf_str(&t.text), STR("[5 0 1007]\n")));
    ws_transcript_deinit(&t);
    buf_deinit(&frames);
}

static void a_frame_is_compressed_once_and_each_tail_decodes_with_it(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Deflater *first = deflater_new(), *second = deflater_new();
    for (size_t len = DEFLATE_FROM_BYTES; len < 100 * 1000; len = len * 3 + 1) {
        char *text = arena_alloc(arena, len + 1);
        for (size_t i = 0; i < len; i++)
            text[i] = (char)('a' + i * i % 13 % 7);
        Frame *frame = frame_new(str_make(text, len));
        const FrameDeflated *packed = deflater_frame(first, frame);
        assert_non_null(packed);
        assert_ptr_equal(deflater_frame(second, frame), packed);
        assert_memory_equal(packed->bytes + packed->len - 4, "\0\0\xFF\xFF", 4);
        for (size_t tail_len = 0; tail_len <= 64; tail_len += 16) {
            char tail[128];
            Str wanted = repeated(arena, '}', tail_len);
            size_t n = deflate_tail(tail, wanted);
            assert_true(n <= tail_len + STORED_HEAD_BYTES + 1);
            Str payload =
                str_concat(arena, str_make(packed->bytes, packed->len), str_make(tail, n));
            assert_true(str_eq(inflate_message(arena, payload),
                               str_concat(arena, str_make(text, len), wanted)));
            Buf out; /* and our own inflater agrees */
            bool is_too_large;
            buf_init(&out, len + 64);
            assert_true(deflater_inflate(second, payload, len + 64, &out, &is_too_large));
            assert_int_equal(out.len, len + tail_len);
            buf_deinit(&out);
        }
        frame_unref(frame);
    }
    deflater_free(first);
    deflater_free(second);
    arena_free(arena);
}

static void a_frame_that_does_not_shrink_stays_plain(void **state)
{
    (void)state;
    Deflater *deflater = deflater_new();
    char noise[1000];
    uint32_t x = 1;
    for (size_t i = 0; i < sizeof noise; i++) {
        x = x * 1664525 + 1013904223;
        noise[i] = (char)(x >> 24);
    }
    Frame *frame = frame_new(str_make(noise, sizeof noise)), *small = frame_new(STR("small"));
    assert_null(deflater_frame(deflater, frame));
    assert_null(deflater_frame(deflater, frame));
    assert_null(deflater_frame(deflater, small));
    frame_unref(frame);
    frame_unref(small);
    deflater_free(deflater);
}

static void heads_have_the_shortest_length(void **state)
{
    (void)state;
    char head[WS_HEAD_BYTES];
    assert_int_equal(ws_write_head(head, WS_TEXT, false, 125), 2);
    assert_memory_equal(head, "\x81\x7D", 2);
    assert_int_equal(ws_write_head(head, WS_TEXT, true, 126), 4);
    assert_memory_equal(head, "\xC1\x7E\x00\x7E", 4);
    assert_int_equal(ws_write_head(head, WS_BINARY, false, 65535), 4);
    assert_memory_equal(head, "\x82\x7E\xFF\xFF", 4);
    assert_int_equal(ws_write_head(head, WS_TEXT, false, 65536), 10);
    assert_memory_equal(head, "\x81\x7F\0\0\0\0\0\1\0\0", 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_run_of_frames_is_read_as_the_table_says),
        cmocka_unit_test(nul_is_a_character_of_a_text),
        cmocka_unit_test(compressed_messages_are_inflated_one_by_one),
        cmocka_unit_test(a_message_that_inflates_beyond_the_limit_is_refused),
        cmocka_unit_test(what_is_no_deflate_data_is_refused),
        cmocka_unit_test(a_frame_is_compressed_once_and_each_tail_decodes_with_it),
        cmocka_unit_test(a_frame_that_does_not_shrink_stays_plain),
        cmocka_unit_test(heads_have_the_shortest_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
