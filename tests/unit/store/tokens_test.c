#include "store/tokens.h"
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void expect_tokens(const char *text, const char *tokens)
{
    Buf out;
    buf_init(&out, 1 << 20);
    tokens_write(str_of(text), &out);
    buf_append_char(&out, 0);
    assert_string_equal(out.ptr, tokens);
    buf_deinit(&out);
}

static void words_are_lower_case_without_punctuation(void **state)
{
    (void)state;
    expect_tokens("Hello, World! v2.0", "hello world v2 0");
    expect_tokens("ÄRGER Привет ΑΒΓ", "ärger привет αβγ");
    expect_tokens("ＡＢＣ１２", "abc12");
}

static void chinese_is_pairs_and_the_last_single(void **state)
{
    (void)state;
    expect_tokens("我们开会", "我们 们开 开会 会");
    expect_tokens("鸿", "鸿");
    expect_tokens("用Anser聊天", "用 anser 聊天 天");
}

static void expect_query(const char *text, const char *tokens, bool is_prefix)
{
    Arena *arena = arena_create();
    StrVec list;
    bool prefix;
    tokens_of_query(arena, str_of(text), &list, &prefix);
    Buf out;
    buf_init(&out, 1 << 20);
    for (size_t i = 0; i < list.len; i++) {
        if (i)
            buf_append_char(&out, ' ');
        buf_append(&out, list.items[i]);
    }
    buf_append_char(&out, 0);
    assert_string_equal(out.ptr, tokens);
    assert_int_equal(prefix, is_prefix);
    buf_deinit(&out);
    arena_free(arena);
}

static void a_question_drops_the_last_single(void **state)
{
    (void)state;
    expect_query("开会", "开会", false);
    expect_query("我们开会", "我们 们开 开会", false);
    expect_query("会", "会", true);
    expect_query("部署Kubernetes", "部署 署 kubernetes", false);
    expect_query("Kubernetes集群", "kubernetes 集群", false);
    expect_query("Kubernetes集", "kubernetes 集", true);
    expect_query("hello", "hello", false);
    expect_query("v2.0", "v2 0", false);
}

static void broken_utf8_does_not_end_up_in_tokens(void **state)
{
    (void)state;
    expect_tokens("a\xFF"
                  "b",
                  "a b");
    expect_tokens("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_lower_case_without_punctuation),
        cmocka_unit_test(chinese_is_pairs_and_the_last_single),
        cmocka_unit_test(a_question_drops_the_last_single),
        cmocka_unit_test(broken_utf8_does_not_end_up_in_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
