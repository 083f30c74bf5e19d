/* api/openapi.c: the OpenAPI 3.1 document, written from the route and entity tables. */
#include "api/route.h"
#include "api/schemas.h"

static Buf document;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void write_text(Buf *out, const char *key, const char *value)
{
    json_key(out, key);
    json_str(out, str_of(value ? value : ""));
}

static void write_parameter(Buf *out, Str name, const char *in)
{
    json_open(out);
    json_key(out, "name");
    json_str(out, name);
    write_text(out, "in", in);
    json_key(out, "required");
    json_bool(out, str_eq(str_of(in), STR("path")));
    json_key(out, "schema");
    schema_write_type(STR("string"), out);
    json_close(out);
}

static void write_parameters(const Route *route, Buf *out)
{
    json_key(out, "parameters");
    json_open_array(out);
    for (const char *at = strchr(route->path, '{'); at; at = strchr(at + 1, '{'))
        write_parameter(out, str_make(at + 1, strcspn(at + 1, "}")), "path");
    for (Str rest = str_of(route->query); rest.ptr && rest.len;) {
        Str name = str_trim(str_split(&rest, ','));
        if (name.len)
            write_parameter(out, name, "query");
    }
    json_close_array(out);
}

static void write_body(const Route *route, Buf *out)
{
    if (!route->body || !*route->body)
        return;
    bool is_form = str_eq(str_of(route->body), STR("multipart"));
    json_key(out, "requestBody");
    json_open(out);
    json_key(out, "content");
    json_open(out);
    json_key(out, is_form ? "multipart/form-data" : "application/json");
    json_open(out);
    json_key(out, "schema");
    /* What a body may hold is less than what a reply shows: only its general shape is promised. */
    bool is_list = route->body[0] == '[';
    schema_write_type(is_list ? STR("[any]") : STR("object"), out);
    json_close(out);
    json_close(out);
    json_close(out);
}

static void write_content(Buf *out, const char *media_type, const char *type)
{
    json_key(out, "content");
    json_open(out);
    json_key(out, media_type);
    json_open(out);
    json_key(out, "schema");
    schema_write_type(str_of(type), out);
    json_close(out);
    json_close(out);
}

static void write_responses(const Route *route, Buf *out)
{
    json_key(out, "responses");
    json_open(out);
    json_key_str(out, route->success > 200 ? STR("201") : STR("200"));
    json_open(out);
    write_text(out, "description", route->summary);
    Str reply = str_of(route->reply);
    if (str_eq(reply, STR("binary")))
        write_content(out, "*/*", "any");
    else
        write_content(out, "application/json", route->reply);
    json_close(out);
    json_key(out, "304");
    json_open(out);
    write_text(out, "description", "Not changed since the ETag that was sent");
    json_close(out);
    json_key(out, "default");
    json_open(out);
    write_text(out, "description", "An error");
    write_content(out, "application/json", "AppError");
    json_close(out);
    json_close(out);
}

static void write_operation(const Route *route, Buf *out)
{
    static const char *const methods[] = {
        [GET] = "get", [POST] = "post", [PUT] = "put", [PATCH] = "patch", [DELETE] = "delete"};
    static const char *const needs[] = {[SESSION] = "session",
                                        [SESSION_NO_CSRF] = "session without CSRF check",
                                        [NOBODY] = "nobody"};
    json_key(out, methods[route->method]);
    json_open(out);
    write_text(out, "operationId", route->id);
    write_text(out, "summary", route->summary);
    write_text(out, "x-permission", route->permission);
    write_text(out, "x-need", needs[route->need]);
    write_parameters(route, out);
    write_body(route, out);
    write_responses(route, out);
    json_close(out);
}

/* Has an earlier row this path? Then its operations were written there. */
static bool is_written(const Route *route)
{
    for (const Route *const *family = ROUTE_FAMILIES; *family; family++)
        for (const Route *r = *family; r->path; r++) {
            if (r == route)
                return false;
            if (str_eq(str_of(r->path), str_of(route->path)))
                return true;
        }
    return false;
}

static void write_path(const Route *first, Buf *out)
{
    json_key(out, first->path);
    json_open(out);
    for (const Route *const *family = ROUTE_FAMILIES; *family; family++)
        for (const Route *r = *family; r->path; r++)
            if (str_eq(str_of(r->path), str_of(first->path)))
                write_operation(r, out);
    json_close(out);
}

static void write_document(void)
{
    Buf *out = &document;
    buf_init(out, 16 * 1024 * 1024);
    json_open(out);
    write_text(out, "openapi", "3.1.0");
    json_key(out, "info");
    json_open(out);
    write_text(out, "title", "Anser");
    write_text(out, "version", ANSER_VERSION);
    write_text(out, "description",
               "The Mattermost v4 protocol as this server speaks it, and Anser's own additions "
               "under /api/v4/anser/.");
    json_close(out);
    json_key(out, "paths");
    json_open(out);
    for (const Route *const *family = ROUTE_FAMILIES; *family; family++)
        for (const Route *r = *family; r->path; r++)
            if (!is_written(r))
                write_path(r, out);
    json_close(out);
    json_key(out, "components");
    json_open(out);
    json_key(out, "schemas");
    schemas_write(out);
    json_close(out);
    json_close(out);
    ENSURE(!out->overflowed);
}

static Err api_openapi(Req *req)
{
    ENSURE(pthread_once(&once, write_document) == 0);
    buf_append(req_begin(req, 200), buf_str(&document));
    return OK;
}

/* clang-format off */
const Route OPENAPI_ROUTES[] = {
    { GET, "/api/v4/anser/openapi.json", api_openapi, "GetOpenApi", "object", "", NOBODY, .summary = "This document" },
    { 0 },
};
/* clang-format on */
