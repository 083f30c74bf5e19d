#include "model/permissions.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_rows_are_sorted_and_each_is_found(void **state)
{
    (void)state;
    for (Permission p = 0; p < PERMISSION_COUNT; p++) {
        if (p > 0)
            assert_true(strcmp(permission_wire(p - 1), permission_wire(p)) < 0);
        Permission found = PERMISSION_COUNT;
        assert_true(permission_find(str_of(permission_wire(p)), &found));
        assert_int_equal(found, p);
    }
    Permission none;
    assert_false(permission_find(STR("fly"), &none));
    assert_false(permission_find(STR_EMPTY, &none));
}

static void unknown_names_are_skipped(void **state)
{
    (void)state;
    PermissionSet set;
    permissions_parse(STR(" create_post  fly manage_system"), &set);
    assert_true(permissions_has(&set, PERM_CREATE_POST) &&
                permissions_has(&set, PERM_MANAGE_SYSTEM));
    assert_false(permissions_has(&set, PERM_EDIT_POST));
    permissions_parse(STR_EMPTY, &set);
    assert_false(permissions_has(&set, PERM_CREATE_POST));
}

static void a_united_set_has_what_either_had(void **state)
{
    (void)state;
    PermissionSet into, more;
    permissions_parse(STR("add_reaction"), &into);
    permissions_parse(STR("view_team"), &more);
    permissions_unite(&into, &more);
    assert_true(permissions_has(&into, PERM_ADD_REACTION) &&
                permissions_has(&into, PERM_VIEW_TEAM));
}

static const RoleDefault *role(const char *name)
{
    for (const RoleDefault *r = ROLE_DEFAULTS; r->name; r++)
        if (strcmp(r->name, name) == 0)
            return r;
    fail_msg("no role %s", name);
    return NULL;
}

static void default_roles_name_only_permissions_that_exist(void **state)
{
    (void)state;
    for (const RoleDefault *r = ROLE_DEFAULTS; r->name; r++) {
        for (Str rest = str_of(r->permissions); rest.ptr && rest.len > 0;) {
            Permission p;
            Str name = str_split(&rest, ' ');
            if (!permission_find(name, &p))
                fail_msg("%s: " STR_FMT, r->name, STR_ARG(name));
        }
    }
}

static void members_post_and_guests_do_not_open_channels(void **state)
{
    (void)state;
    PermissionSet channel_user, team_user, team_guest, admin;
    permissions_parse(str_of(role("channel_user")->permissions), &channel_user);
    permissions_parse(str_of(role("team_user")->permissions), &team_user);
    permissions_parse(str_of(role("team_guest")->permissions), &team_guest);
    permissions_parse(str_of(role("system_admin")->permissions), &admin);
    assert_true(permissions_has(&channel_user, PERM_CREATE_POST));
    assert_true(permissions_has(&team_user, PERM_CREATE_PUBLIC_CHANNEL));
    assert_false(permissions_has(&team_guest, PERM_CREATE_PUBLIC_CHANNEL));
    assert_true(permissions_has(&admin, PERM_MANAGE_SYSTEM));
    assert_int_equal(permission_scope(PERM_CREATE_POST), SCOPE_CHANNEL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rows_are_sorted_and_each_is_found),
        cmocka_unit_test(unknown_names_are_skipped),
        cmocka_unit_test(a_united_set_has_what_either_had),
        cmocka_unit_test(default_roles_name_only_permissions_that_exist),
        cmocka_unit_test(members_post_and_guests_do_not_open_channels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
