/* api/req.c: reading a request, writing its answer. */
#include "api/route.h"
#include "api/site.h"
#include "base/id.h"

Str req_param(Req *req, const char *name)
{
    size_t index = 0;
    for (const char *at = strchr(req->route->path, '{'); at; at = strchr(at + 1, '{'), index++) {
        size_t len = strcspn(at + 1, "}");
        if (len == strlen(name) && strncmp(at + 1, name, len) == 0)
            return req->params[index];
    }
    ENSURE(!"a parameter of that name in the route");
}

Err req_param_id(Req *req, const char *name, Str *ret_id)
{
    Str id = req_param(req, name);
    if (!id_is_valid(id))
        return fail_url(&req->ctx, name);
    *ret_id = id;
    return OK;
}

Str req_query(Req *req, const char *name)
{
    Str value;
    return http_query(req->http, str_of(name), &value) ? value : STR_EMPTY;
}

bool req_query_flag(Req *req, const char *name)
{
    Str value = req_query(req, name);
    return str_eq(value, STR("true")) || str_eq(value, STR("1"));
}

int64_t req_query_int(Req *req, const char *name, int64_t fallback)
{
    int64_t value = fallback;
    (void)str_to_int(req_query(req, name), &value); /* nonsense: the fallback */
    return value;
}

Page req_page(Req *req)
{
    enum { PER_PAGE = 60, PER_PAGE_MAX = 200, PAGE_MAX = 1000000000 };
    Page page = {.page = req_query_int(req, "page", 0),
                 .per_page = req_query_int(req, "per_page", PER_PAGE)};
    if (page.page < 0 || page.page > PAGE_MAX)
        page.page = 0;
    if (page.per_page < 0)
        page.per_page = PER_PAGE;
    if (page.per_page > PER_PAGE_MAX)
        page.per_page = PER_PAGE_MAX;
    page.offset = page.page * page.per_page;
    return page;
}

Err req_json(Req *req, const char *what, json_t **ret_json)
{
    if (!req->json && json_parse(req->arena, req->http->body, &req->json) != OK)
        return fail_body(&req->ctx, what);
    *ret_json = req->json;
    return OK;
}

Err req_body(Req *req, const Entity *entity, uint8_t right, void *obj, FieldMask *ret_mask)
{
    json_t *json;
    const char *bad = entity->type;
    TRY(req_json(req, entity->type, &json));
    if (entity_read_json(entity, json, right, req->arena, obj, ret_mask, &bad) != OK)
        return fail_body(&req->ctx, bad);
    return OK;
}

Err req_texts(Req *req, const char *what, bool ids, size_t limit, StrVec *ret_texts)
{
    json_t *json, *item;
    size_t i;
    TRY(req_json(req, what, &json));
    if (!json_is_array(json) || json_array_size(json) > limit)
        return fail_body(&req->ctx, what);
    StrVec texts = {0};
    json_array_foreach(json, i, item)
    {
        Str text = json_text(item);
        if (!json_is_string(item) || (ids && !id_is_valid(text)))
            return fail_body(&req->ctx, what);
        if (!strvec_has(&texts, text))
            vec_push(req->arena, &texts, text);
    }
    *ret_texts = texts;
    return OK;
}

Err req_text_of(Req *req, const json_t *object, const char *name, Str *ret_text)
{
    const json_t *value = json_find(object, name);
    *ret_text = STR_EMPTY;
    if (!value || json_is_null(value))
        return OK;
    if (!json_is_string(value))
        return fail_body(&req->ctx, name);
    *ret_text = json_text(value);
    return OK;
}

Err req_flag_of(Req *req, const json_t *object, const char *name, bool fallback, bool *ret_flag)
{
    const json_t *value = json_find(object, name);
    *ret_flag = fallback;
    if (!value || json_is_null(value))
        return OK;
    if (!json_is_boolean(value))
        return fail_body(&req->ctx, name);
    *ret_flag = json_boolean_value(value);
    return OK;
}

Err req_int_of(Req *req, const json_t *object, const char *name, int64_t fallback,
               int64_t *ret_value)
{
    const json_t *value = json_find(object, name);
    *ret_value = fallback;
    if (!value || json_is_null(value))
        return OK;
    if (!json_is_integer(value))
        return fail_body(&req->ctx, name);
    *ret_value = json_integer_value(value);
    return OK;
}

/* ---- answering ---- */
Buf *req_begin(Req *req, int status)
{
    req->http->reply.status = status;
    req->http->reply.content_type = STR("application/json");
    req->http->reply.is_compressible = true;
    req->is_answered = true;
    buf_clear(&req->http->reply.body);
    return &req->http->reply.body;
}

Err req_reply_ok(Req *req)
{
    buf_append(req_begin(req, 200), STR("{\"status\":\"OK\"}"));
    return OK;
}

Err req_reply_entity(Req *req, int status, const Entity *entity, const void *obj)
{
    entity_write_json(entity, obj, req_begin(req, status));
    return OK;
}

Err req_reply_entities(Req *req, int status, const Entity *entity, const void *items, size_t count)
{
    Buf *out = req_begin(req, status);
    json_open_array(out);
    for (size_t i = 0; i < count; i++)
        entity_write_json(entity, (const char *)items + i * entity->size, out);
    json_close_array(out);
    return OK;
}

void req_header(Req *req, const char *name, Str value)
{
    http_add_header(req->http, str_of(name), value);
}

void req_cookie(Req *req, const char *name, Str value, int64_t max_age_s, bool is_http_only)
{
    Str path = site_path(req->ctx.settings);
    req_header(req, "Set-Cookie",
               str_printf(req->arena,
                          "%s=" STR_FMT "; Path=" STR_FMT "; Max-Age=%lld; SameSite=Lax%s%s", name,
                          STR_ARG(value), STR_ARG(path.len ? path : STR("/")), (long long)max_age_s,
                          is_http_only ? "; HttpOnly" : "", req->ctx.is_tls ? "; Secure" : ""));
}

Str req_etag(Req *req, Str etag)
{
    return str_printf(req->arena, "11.6.0." STR_FMT, STR_ARG(etag));
}

bool req_is_unchanged(Req *req, Str etag)
{
    Str whole = req_etag(req, etag);
    req_header(req, "Etag", whole);
    if (!str_eq(http_header(req->http, STR("If-None-Match")), whole))
        return false;
    (void)req_begin(req, 304);
    req->http->reply.content_type = STR_EMPTY;
    return true;
}
