#include "domain/member_roles.h"

/* The same refusals have other ids for teams and channels. */
static const struct Refusals {
    const char *noun;
    Err scheme_role, changing_guest, guest_and_user, unset_user, guest, user_and_guest;
} REFUSALS[] = {
    [MEMBER_OF_TEAM] = {"team", ERR_API_CHANNEL_UPDATE_TEAM_MEMBER_ROLES_SCHEME_ROLE,
                        ERR_API_CHANNEL_UPDATE_TEAM_MEMBER_ROLES_CHANGING_GUEST_ROLE,
                        ERR_API_TEAM_UPDATE_TEAM_MEMBER_ROLES_GUEST_AND_USER,
                        ERR_API_TEAM_UPDATE_TEAM_MEMBER_ROLES_UNSET_USER_SCHEME,
                        ERR_API_TEAM_UPDATE_TEAM_MEMBER_ROLES_GUEST,
                        ERR_API_TEAM_UPDATE_TEAM_MEMBER_ROLES_USER_AND_GUEST},
    [MEMBER_OF_CHANNEL] = {"channel", ERR_API_CHANNEL_UPDATE_CHANNEL_MEMBER_ROLES_SCHEME_ROLE,
                           ERR_API_CHANNEL_UPDATE_CHANNEL_MEMBER_ROLES_CHANGING_GUEST_ROLE,
                           ERR_API_CHANNEL_UPDATE_CHANNEL_MEMBER_ROLES_GUEST_AND_USER,
                           ERR_API_CHANNEL_UPDATE_CHANNEL_MEMBER_ROLES_UNSET_USER_SCHEME,
                           ERR_API_CHANNEL_UPDATE_CHANNEL_MEMBER_ROLES_GUEST,
                           ERR_API_CHANNEL_UPDATE_CHANNEL_MEMBER_ROLES_USER_AND_GUEST},
};

/* The flag behind a built-in role of this kind of membership; NULL: it has none. */
static bool *flag_of(MemberRoles *roles, const char *noun, Str name)
{
    if (!str_starts_with(name, str_of(noun)))
        return NULL;
    Str kind = str_slice(name, strlen(noun), name.len);
    return str_eq(kind, STR("_guest"))   ? &roles->is_guest
           : str_eq(kind, STR("_user"))  ? &roles->is_user
           : str_eq(kind, STR("_admin")) ? &roles->is_admin
                                         : NULL;
}

/* A role by name must exist, stand behind no flag, and be meant for this kind of membership (made by an admin, or built in
 * for it): a system role has no place in a team. */
static Err check_explicit(Ctx *ctx, const struct Refusals *refusals, Str name)
{
    DbTx *tx;
    Role role;
    TRY(ctx_read(ctx, &tx));
    Err err = entity_get(
        tx, &role_entity, ctx->arena, &role,
        ENTITY_SQL(&role_entity, "SELECT $ FROM roles WHERE name = ? AND delete_at = 0"), name);
    if (err == ERR_ABSENT)
        return fail_body(ctx, "roles");
    TRY(err);
    bool is_elsewhere = role.built_in && !str_starts_with(name, str_of(refusals->noun));
    return role.scheme_managed || is_elsewhere
               ? fail(ctx, refusals->scheme_role, "role=" STR_FMT, STR_ARG(name))
               : OK;
}

Err member_roles_parse(Ctx *ctx, MemberKind kind, Str names, bool was_guest, MemberRoles *ret_roles)
{
    const struct Refusals *refusals = &REFUSALS[kind];
    MemberRoles roles = {.explicit_roles = STR_EMPTY};
    if (names.len > 256 || !str_is_utf8(names))
        return fail_body(ctx, "roles");
    for (Str rest = names; rest.ptr;) {
        Str name = str_split(&rest, ' ');
        if (name.len == 0)
            continue;
        bool *flag = flag_of(&roles, refusals->noun, name);
        if (flag) {
            *flag = true;
            continue;
        }
        TRY(check_explicit(ctx, refusals, name));
        if (!roles_has(roles.explicit_roles, name))
            roles.explicit_roles = roles.explicit_roles.len
                                       ? str_printf(ctx->arena, STR_FMT " " STR_FMT,
                                                    STR_ARG(roles.explicit_roles), STR_ARG(name))
                                       : name;
    }
    if (roles.is_guest && roles.is_user)
        return fail(ctx, refusals->guest_and_user);
    if (roles.is_guest != was_guest)
        return fail(ctx, refusals->changing_guest);
    if (!roles.is_guest && !roles.is_user)
        return fail(ctx, refusals->unset_user);
    *ret_roles = roles;
    return OK;
}

Err member_roles_check_scheme(Ctx *ctx, MemberKind kind, const SchemeRoles *wanted, bool was_guest)
{
    const struct Refusals *refusals = &REFUSALS[kind];
    if (was_guest)
        return fail(ctx, refusals->guest);
    if (wanted->guest)
        return fail(ctx, refusals->user_and_guest);
    return wanted->user ? OK : fail(ctx, refusals->unset_user);
}
