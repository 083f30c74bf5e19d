/* api/route.h: what the wire offers: a table of routes, and the request as a handler sees it.
 *
 * A handler reads, does, answers:
 *     static Err api_post_create(Req *req)
 *     {
 *         Post draft = {0}, post;
 *         TRY(req_body(req, &post_entity, NEW, &draft, NULL));   // only fields that carry NEW
 *         TRY(post_create(&req->ctx, &draft, &post));            // decide and do
 *         return req_reply_post(req, 201, &post);                // answer
 *     }
 * Session, rights class, lane and body limit are columns of its route, checked before it runs. After ERR_RETRY it runs
 * again from the start with a fresh arena, at most three times. Errors become the v4 error object in one place.
 */
#pragma once
#include "base/vec.h"
#include "domain/app.h"
#include "domain/ctx.h"
#include "model/post.h"
#include "net/net.h"

typedef enum Method { GET = 1, POST, PUT, PATCH, DELETE } Method; /* HEAD is answered as GET without its body */
typedef enum Need {
    SESSION,      /* the default: somebody signed in; with a cookie, other methods than GET need the CSRF token */
    SESSION_NO_CSRF,
    NOBODY,       /* no session needed; used when there is one */
} Need;
typedef enum Lane { LANE_WORKER, LANE_SLOWLY, LANE_HASHING } Lane;

typedef struct Req Req;
typedef struct Route {
    Method method;
    const char *path;           /* "/api/v4/posts/{post_id}": {x_id} must be an id or "me", other names any text */
    Err (*run)(Req *req);
    const char *id;             /* OpenAPI operationId */
    const char *reply;          /* OpenAPI: "Post", "[Post]", "{Post}" (map), "StatusOK", "binary"; see api/schemas.c */
    const char *permission;     /* OpenAPI x-permission: the rights that matter, "a, b"; "" none */
    Need need;
    Lane lane;
    int success;                /* status; 0 is 200 */
    int64_t body_limit;         /* bytes; 0 is 300,000; -1 the file limit, spooled */
    const char *body;           /* OpenAPI: type of the JSON body, "" none */
    const char *query;          /* OpenAPI: "page, per_page" */
    const char *summary;
    bool before_mfa;            /* also for whom settings oblige to set up two-step sign-in first */
    int too_large;              /* Err told of a larger body; 0: api.context.request_body_too_large.app_error */
} Route;

struct Req {
    Ctx ctx;
    const Route *route;
    HttpReq *http;
    Arena *arena;               /* ctx.arena: emptied when the handler runs again */
    Str params[8];              /* of the path, in order */
    json_t *json;               /* parsed by need */
    bool is_answered;
    bool auth_by_cookie;
    bool loses_cookie;          /* its session is no good: the error takes the cookie away */
};

/* Families give their tables; api/routes.c lists the families. Each table ends with a zero row. */
extern const Route *const ROUTE_FAMILIES[];
/* The route for a path, or NULL; *ret_method_mismatch tells that the path exists with another method. */
const Route *route_find(Method method, Str path, Str *params, bool *ret_method_mismatch);

/* ---- reading ---- */
/* A path parameter by its name in the route, decoded. {user_id} "me" is already the session's user. */
Str req_param(Req *req, const char *name);
/* A path parameter that must be an id: ERR_API_CONTEXT_INVALID_URL_PARAM otherwise. */
Err req_param_id(Req *req, const char *name, Str *ret_id);
/* Query parameters; absent ones give the fallback. Pages fall back on nonsense as v4 does; per_page is capped at 200. */
Str req_query(Req *req, const char *name);
bool req_query_flag(Req *req, const char *name);
int64_t req_query_int(Req *req, const char *name, int64_t fallback);
typedef struct Page {
    int64_t page, per_page, offset;
} Page;
Page req_page(Req *req); /* page 0, per_page 60 */
/* The body as JSON; ERR_API_CONTEXT_INVALID_BODY_PARAM naming `what` when it is none. */
Err req_json(Req *req, const char *what, json_t **ret_json);
/* The body as an object of this entity. `ret_mask` (may be NULL): what was present. */
Err req_body(Req *req, const Entity *entity, uint8_t right, void *obj, FieldMask *ret_mask);
/* The body as an array of texts; each an id when `ids`. At most `limit`. */
Err req_texts(Req *req, const char *what, bool ids, size_t limit, StrVec *ret_texts);
/* Members of an object body; absent: empty or fallback; wrong type: the error. */
Err req_text_of(Req *req, const json_t *object, const char *name, Str *ret_text);
Err req_flag_of(Req *req, const json_t *object, const char *name, bool fallback, bool *ret_flag);
Err req_int_of(Req *req, const json_t *object, const char *name, int64_t fallback, int64_t *ret_value);

/* ---- answering ---- */
/* Starts the JSON answer and gives the buffer to write it into. */
Buf *req_begin(Req *req, int status);
Err req_reply_ok(Req *req);                              /* 200 {"status":"OK"} */
Err req_reply_entity(Req *req, int status, const Entity *entity, const void *obj);
Err req_reply_entities(Req *req, int status, const Entity *entity, const void *items, size_t count);
void req_header(Req *req, const char *name, Str value);
/* Sets a cookie on the server's path, for browsers only over TLS when they came by it. `max_age_s` 0 takes it away. */
void req_cookie(Req *req, const char *name, Str value, int64_t max_age_s, bool is_http_only);
/* Sets ETag; true when the client has it already, and then the 304 is the answer. The text gets "<version>." before it. */
bool req_is_unchanged(Req *req, Str etag);
Str req_etag(Req *req, Str etag); /* that text, as it is sent */
/* The client configuration, as much of it as the one who asks may see. In system_api.c. */
Err client_config_write(Req *req, Buf *out);
