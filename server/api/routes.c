/* api/routes.c: the families of routes, and finding one by path: a tree by path segment. */
#include "api/route.h"
#include <stdlib.h>

/* A line each, so that families may come side by side. */
/* clang-format off */
#define ROUTE_FAMILY_LIST(F) \
    F(GUEST_ROUTES) \
    F(OPENAPI_ROUTES) \
    F(SEARCH_ROUTES) \
    F(SYSTEM_ROUTES) \
    F(USER_ROUTES) \
    F(PROFILE_ROUTES) \
    F(USER_LIST_ROUTES) \
    F(SESSION_ROUTES) \
    F(PREFERENCE_ROUTES) \
    F(STATUS_ROUTES) \
    F(ROLE_ROUTES) \
    F(TEAM_ROUTES) \
    F(TEAM_MEMBER_ROUTES) \
    F(INVITATION_ROUTES) \
    F(CHANNEL_ROUTES) \
    F(CHANNEL_MEMBER_ROUTES) \
    F(CHANNEL_LIST_ROUTES) \
    F(FILE_ROUTES) \
    F(CATEGORY_ROUTES) \
    F(CLIENT_ROUTES) \
    F(BOOT_ROUTES) \
    F(SLASH_COMMAND_ROUTES) \
    F(EMOJI_ROUTES) \
    F(PICTURE_ROUTES) \
    F(POST_ROUTES) \
    F(POST_LIST_ROUTES) \
    F(REACTION_ROUTES) \
    F(DRAFT_ROUTES) \
    F(THREAD_ROUTES) \
    F(UPLOAD_ROUTES)
/* clang-format on */

#define FAMILY_EXTERN(family) extern const Route family[];
ROUTE_FAMILY_LIST(FAMILY_EXTERN)
#define FAMILY_ROW(family) family,
const Route *const ROUTE_FAMILIES[] = {ROUTE_FAMILY_LIST(FAMILY_ROW) NULL};

/* A node stands for one segment; parameters are the `any` child. */
typedef struct Node {
    Str segment;
    struct Node *next, *children, *any;
    const Route *routes[6]; /* by Method */
    bool ends_here;
} Node;

static Node root;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static Node *child_get(Node *node, Str segment)
{
    if (segment.len && segment.ptr[0] == '{') {
        if (!node->any)
            node->any = calloc(1, sizeof(Node));
        return node->any;
    }
    for (Node *child = node->children; child; child = child->next)
        if (str_eq(child->segment, segment))
            return child;
    Node *child = calloc(1, sizeof(Node));
    ENSURE(child != NULL);
    child->segment = segment;
    child->next = node->children;
    node->children = child;
    return child;
}

static void build(void)
{
    for (const Route *const *family = ROUTE_FAMILIES; *family; family++)
        for (const Route *route = *family; route->path; route++) {
            Node *node = &root;
            Str rest = str_of(route->path + 1);
            while (rest.ptr)
                node = child_get(node, str_split(&rest, '/'));
            ENSURE(!node->routes[route->method]); /* two routes of one method and path */
            node->routes[route->method] = route;
            node->ends_here = true;
        }
}

/* Literal segments win over parameters, with a way back. */
static const Node *walk(const Node *node, Str rest, Str *params, size_t depth)
{
    if (!rest.ptr)
        return node->ends_here ? node : NULL;
    Str segment = str_split(&rest, '/');
    for (const Node *child = node->children; child; child = child->next)
        if (str_eq(child->segment, segment)) {
            const Node *found = walk(child, rest, params, depth);
            if (found)
                return found;
        }
    if (!node->any || segment.len == 0 || depth == 8)
        return NULL;
    params[depth] = segment;
    return walk(node->any, rest, params, depth + 1);
}

const Route *route_find(Method method, Str path, Str *params, bool *ret_method_mismatch)
{
    ENSURE(pthread_once(&once, build) == 0);
    *ret_method_mismatch = false;
    if (path.len < 2 || path.ptr[0] != '/')
        return NULL;
    const Node *node = walk(&root, str_slice(path, 1, path.len), params, 0);
    if (!node)
        return NULL;
    const Route *route = method ? node->routes[method] : NULL;
    *ret_method_mismatch = route == NULL;
    return route;
}
