#include "../unit.h"
#include "model/mime.h"

static void extension_is_what_follows_the_last_dot(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"a.txt", "txt"}, {"A.TXT", "txt"}, {"a.tar.gz", "gz"}, {".profile", "profile"},
        {"none", ""},     {"dot.", ""},     {"", ""},           {"书信.docx", "docx"},
    };
    Arena *arena = arena_create();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(str_eq(extension_of(arena, str_of(rows[i][0])), str_of(rows[i][1])));
    Str endless = str_printf(arena, "x.%0100d", 0);
    assert_str(extension_of(arena, endless), "");
    arena_free(arena);
}

static void every_row_is_found(void **state)
{
    (void)state;
    static const char *const known[] = {"7z",  "aac", "gif",  "html", "jpg", "key",
                                        "png", "svg", "webp", "zip",  "zst", "yml"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_false(str_eq(mime_of_extension(str_of(known[i])), STR("application/octet-stream")));
    assert_str(mime_of_extension(STR("png")), "image/png");
    assert_str(mime_of_extension(STR("nobody-knows")), "application/octet-stream");
    assert_str(mime_of_extension(STR_EMPTY), "application/octet-stream");
}

static void what_could_run_is_never_shown(void **state)
{
    (void)state;
    static const char *const active[] = {"html", "htm", "xhtml", "svg", "js", "mjs", "xml", "swf"};
    for (size_t i = 0; i < sizeof active / sizeof *active; i++) {
        assert_true(mime_is_active(mime_of_extension(str_of(active[i]))));
        assert_false(mime_is_inline(mime_of_extension(str_of(active[i]))));
    }
    static const char *const shown[] = {"png", "jpg", "gif", "webp", "mp4", "mp3", "webm", "wav"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        assert_true(mime_is_inline(mime_of_extension(str_of(shown[i]))));
    static const char *const kept[] = {"pdf", "zip", "txt", "docx", "psd", "nobody-knows"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        assert_false(mime_is_inline(mime_of_extension(str_of(kept[i]))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extension_is_what_follows_the_last_dot),
        cmocka_unit_test(every_row_is_found),
        cmocka_unit_test(what_could_run_is_never_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
