#include "base/json.h"
#include "model/errors.h"
#include "model/settings.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct Bench {
    Arena *arena;
    Settings *settings;
    Str bad;
} Bench;

static Err make(Bench *bench, const char *stored, char *const *environment)
{
    json_t *document = NULL;
    assert_int_equal(json_parse(bench->arena, str_of(stored), &document), OK);
    return settings_make(document, 7, environment, &bench->settings, bench->arena, &bench->bad);
}

static int set_up(void **state)
{
    static Bench bench;
    bench = (Bench){.arena = arena_create()};
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    Bench *bench = *state;
    settings_unref(bench->settings);
    arena_free(bench->arena);
    return 0;
}

/* The admin JSON, the client config: parsed again. */
static json_t *written(Bench *bench, const Buf *out)
{
    json_t *value = NULL;
    assert_false(out->overflowed);
    assert_int_equal(json_parse(bench->arena, buf_str(out), &value), OK);
    return value;
}

static json_t *admin_json(Bench *bench)
{
    CLEANUP(buf_deinit) Buf out;
    buf_init(&out, 1 << 20);
    settings_write_admin_json(bench->settings, &out);
    return written(bench, &out);
}

static json_t *client_config(Bench *bench, bool has_session)
{
    ClientFacts facts = {.version = STR("11.6.0"), .build_number = STR("1"), .no_accounts = true};
    CLEANUP(buf_deinit) Buf out;
    buf_init(&out, 1 << 20);
    settings_write_client_config(bench->settings, &facts, has_session, &out);
    return written(bench, &out);
}

static void assert_text(const json_t *object, const char *key, const char *expected)
{
    const char *value = json_string_value(json_object_get(object, key));
    assert_non_null(value);
    assert_string_equal(value, expected);
}

static void nothing_stored_gives_the_defaults(void **state)
{
    Bench *bench = *state;
    assert_int_equal(settings_make(NULL, 0, NULL, &bench->settings, bench->arena, &bench->bad), OK);
    assert_true(str_eq(bench->settings->ServiceSettings_ListenAddress, STR(":8065")));
    assert_int_equal(bench->settings->TeamSettings_MaxUsersPerTeam, 100000);
    assert_true(bench->settings->ServiceSettings_EnableUserAccessTokens);
    StrVec schemes =
        settings_list(bench->arena, bench->settings->NativeAppSettings_AppCustomURLSchemes);
    assert_int_equal(schemes.len, 2);
    assert_true(str_eq(schemes.items[1], STR("mmauthbeta://")));
}

static void nothing_calls_home(void **state)
{
    Bench *bench = *state;
    assert_int_equal(make(bench, "{}", NULL), OK);
    char *all = json_dumps(admin_json(bench), 0);
    assert_null(strstr(all, "mattermost.com"));
    free(all);
}

static void what_is_stored_wins_over_the_default(void **state)
{
    Bench *bench = *state;
    assert_int_equal(
        make(bench, "{\"TeamSettings\":{\"SiteName\":\"雁书\",\"MaxUsersPerTeam\":null}}", NULL),
        OK);
    assert_true(str_eq(bench->settings->TeamSettings_SiteName, STR("雁书")));
    assert_int_equal(bench->settings->TeamSettings_MaxUsersPerTeam, 100000);
}

static void a_stored_value_of_the_wrong_type_is_named(void **state)
{
    Bench *bench = *state;
    assert_int_equal(make(bench, "{\"TeamSettings\":{\"MaxUsersPerTeam\":\"many\"}}", NULL),
                     ERR_SYNTAX);
    assert_true(str_eq(bench->bad, STR("TeamSettings.MaxUsersPerTeam")));
}

static void the_environment_wins_and_locks(void **state)
{
    Bench *bench = *state;
    char *environment[] = {"MM_TEAMSETTINGS_SITENAME=theirs",
                           "ANSER_TEAMSETTINGS_SITENAME=ours",
                           "MM_SERVICESETTINGS_ENABLEDEVELOPER=true",
                           "MM_TEAMSETTINGS_EXPERIMENTALDEFAULTCHANNELS=news  help",
                           "ANSER_TEAMSETTINGS_SITENAMES=other",
                           NULL};
    assert_int_equal(make(bench, "{\"TeamSettings\":{\"SiteName\":\"stored\"}}", environment), OK);
    assert_true(str_eq(bench->settings->TeamSettings_SiteName, STR("ours")));
    assert_true(bench->settings->ServiceSettings_EnableDeveloper);
    assert_true(str_eq(bench->settings->TeamSettings_ExperimentalDefaultChannels,
                       STR("[\"news\",\"help\"]")));
    assert_string_equal(settings_locked_by(bench->settings, STR("TeamSettings"), STR("SiteName")),
                        "ANSER_TEAMSETTINGS_SITENAME");
    assert_null(settings_locked_by(bench->settings, STR("TeamSettings"), STR("MaxUsersPerTeam")));
}

static void a_variable_of_the_wrong_type_is_named(void **state)
{
    Bench *bench = *state;
    char *environment[] = {"ANSER_TEAMSETTINGS_MAXUSERSPERTEAM=many", NULL};
    assert_int_equal(make(bench, "{}", environment), ERR_SYNTAX);
    assert_true(str_eq(bench->bad, STR("ANSER_TEAMSETTINGS_MAXUSERSPERTEAM")));
}

static void secrets_are_masked_and_their_masks_understood(void **state)
{
    Bench *bench = *state;
    const char *stored =
        "{\"EmailSettings\":{\"SMTPPassword\":\"pw\"},\"SqlSettings\":{\"DataSourceReplicas\":["
        "\"a\",\"b\"]},"
        "\"AutoTranslationSettings\":{\"LibreTranslate\":{\"URL\":\"u\",\"APIKey\":\"k\"}}}";
    assert_int_equal(make(bench, stored, NULL), OK);
    json_t *shown = admin_json(bench);
    char *text = json_dumps(shown, 0);
    assert_null(strstr(text, "\"pw\""));
    free(text);
    assert_text(json_object_get(shown, "EmailSettings"), "SMTPPassword", SETTING_MASK);
    assert_text(json_object_get(shown, "LdapSettings"), "BindPassword", "");
    json_t *translate =
        json_object_get(json_object_get(shown, "AutoTranslationSettings"), "LibreTranslate");
    assert_text(translate, "URL", "u");
    assert_text(translate, "APIKey", SETTING_MASK);

    json_t *document = NULL;
    assert_int_equal(settings_change(bench->settings, shown, bench->arena, &document, &bench->bad),
                     OK);
    assert_true(json_equal(document, bench->settings->stored));
}

static void a_change_stores_only_what_differs_from_the_defaults(void **state)
{
    Bench *bench = *state;
    assert_int_equal(
        make(bench, "{\"TeamSettings\":{\"SiteName\":\"Old\"},\"Strange\":{\"Key\":1}}", NULL), OK);
    json_t *change = NULL, *document = NULL, *expected = NULL;
    assert_int_equal(
        json_parse(bench->arena,
                   STR("{\"TeamSettings\":{\"SiteName\":\"Anser\",\"EnableOpenServer\":true},"
                       "\"PasswordSettings\":{\"MinimumLength\":8}}"),
                   &change),
        OK);
    assert_int_equal(
        json_parse(bench->arena,
                   STR("{\"TeamSettings\":{\"EnableOpenServer\":true},\"Strange\":{\"Key\":1}}"),
                   &expected),
        OK);
    assert_int_equal(settings_change(bench->settings, change, bench->arena, &document, &bench->bad),
                     OK);
    assert_true(json_equal(document, expected));
}

static void a_locked_key_refuses_another_value_and_names_the_variable(void **state)
{
    Bench *bench = *state;
    char *environment[] = {"MM_TEAMSETTINGS_SITENAME=fixed", NULL};
    assert_int_equal(make(bench, "{}", environment), OK);
    json_t *change = admin_json(bench), *document = NULL;
    assert_int_equal(settings_change(bench->settings, change, bench->arena, &document, &bench->bad),
                     OK);
    assert_int_equal(json_object_size(document), 0);

    json_object_set_new(json_object_get(change, "TeamSettings"), "SiteName", json_string("other"));
    assert_int_equal(settings_change(bench->settings, change, bench->arena, &document, &bench->bad),
                     ERR_ANSER_CONFIG_LOCKED);
    assert_true(str_eq(bench->bad, STR("MM_TEAMSETTINGS_SITENAME")));
}

static void a_change_of_the_wrong_type_is_named(void **state)
{
    Bench *bench = *state;
    assert_int_equal(make(bench, "{}", NULL), OK);
    json_t *change = NULL, *document = NULL;
    assert_int_equal(
        json_parse(bench->arena, STR("{\"TeamSettings\":{\"EnableOpenServer\":\"yes\"}}"), &change),
        OK);
    assert_int_equal(settings_change(bench->settings, change, bench->arena, &document, &bench->bad),
                     ERR_ANSER_CONFIG_VALUE);
    assert_true(str_eq(bench->bad, STR("TeamSettings.EnableOpenServer")));
}

static void every_value_of_the_client_config_is_a_text(void **state)
{
    Bench *bench = *state;
    assert_int_equal(
        make(bench, "{\"ServiceSettings\":{\"SiteURL\":\"https://chat.example.org/\"}}", NULL), OK);
    json_t *config = client_config(bench, true), *value;
    const char *key;
    json_object_foreach(config, key, value)
    {
        assert_true(json_is_string(value));
        Str k = str_of(key), text = json_text(value);
        if (str_starts_with(k, STR("Enable")) || str_ends_with(k, STR("AttributeSet")))
            assert_true(str_eq(text, STR("true")) || str_eq(text, STR("false")));
    }
    assert_int_equal(json_object_size(config), 274);
    assert_text(config, "SiteURL", "https://chat.example.org");
    assert_text(config, "Version", "11.6.0");
    assert_text(config, "MaxPostSize", "16383");
    assert_text(config, "CollapsedThreads", "always_on");
    assert_text(config, "PluginsEnabled", "false");
    assert_text(config, "FeatureFlagWebSocketEventScope", "true");
    assert_text(config, "FeatureFlagTestFeature", "off");
}

static void strangers_get_only_their_part_of_the_client_config(void **state)
{
    Bench *bench = *state;
    assert_int_equal(make(bench, "{}", NULL), OK);
    json_t *config = client_config(bench, false);
    assert_int_equal(json_object_size(config), 125);
    assert_text(config, "SiteName", "Anser");
    assert_text(config, "NoAccounts", "true");
    assert_null(json_object_get(config, "MaxPostSize"));
    assert_null(json_object_get(config, "RestrictDirectMessage"));
}

static void the_config_hash_follows_the_settings_and_not_the_accounts(void **state)
{
    Bench *bench = *state;
    ClientFacts empty = {.no_accounts = true}, used = {.no_accounts = false};
    assert_int_equal(make(bench, "{}", NULL), OK);
    Str first = settings_client_config_hash(bench->settings, &empty, bench->arena);
    assert_int_equal(first.len, 32);
    assert_true(str_eq(first, settings_client_config_hash(bench->settings, &used, bench->arena)));
    settings_unref(bench->settings);
    assert_int_equal(make(bench, "{\"TeamSettings\":{\"SiteName\":\"Other\"}}", NULL), OK);
    assert_false(str_eq(first, settings_client_config_hash(bench->settings, &empty, bench->arena)));
}

static void a_replaced_snapshot_lives_while_somebody_reads_it(void **state)
{
    Bench *bench = *state;
    SettingsPlace place;
    assert_int_equal(make(bench, "{\"TeamSettings\":{\"SiteName\":\"One\"}}", NULL), OK);
    settings_place_init(&place, bench->settings);
    Settings *read = settings_current(&place);
    assert_int_equal(make(bench, "{}", NULL), OK);
    settings_replace(&place, bench->settings);
    bench->settings = NULL;
    assert_true(str_eq(read->TeamSettings_SiteName, STR("One")));
    settings_unref(read);
    settings_place_deinit(&place);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(nothing_stored_gives_the_defaults),
        TEST(nothing_calls_home),
        TEST(what_is_stored_wins_over_the_default),
        TEST(a_stored_value_of_the_wrong_type_is_named),
        TEST(the_environment_wins_and_locks),
        TEST(a_variable_of_the_wrong_type_is_named),
        TEST(secrets_are_masked_and_their_masks_understood),
        TEST(a_change_stores_only_what_differs_from_the_defaults),
        TEST(a_locked_key_refuses_another_value_and_names_the_variable),
        TEST(a_change_of_the_wrong_type_is_named),
        TEST(every_value_of_the_client_config_is_a_text),
        TEST(strangers_get_only_their_part_of_the_client_config),
        TEST(the_config_hash_follows_the_settings_and_not_the_accounts),
        TEST(a_replaced_snapshot_lives_while_somebody_reads_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
