#include "api/site.h"

/* "https://chat.example/sub" to "https://chat.example" and "/sub". */
static Str site_parts(const Settings *settings, Str *ret_path)
{
    Str site = settings->ServiceSettings_SiteURL;
    ptrdiff_t scheme = str_find(site, STR("://"), 0);
    size_t host = scheme < 0 ? 0 : (size_t)scheme + 3, end = host;
    while (end < site.len && site.ptr[end] != '/')
        end++;
    Str path = str_slice(site, end, site.len);
    while (path.len && path.ptr[path.len - 1] == '/')
        path.len--;
    *ret_path = path;
    return str_slice(site, 0, end);
}

Str site_path(const Settings *settings)
{
    Str path;
    (void)site_parts(settings, &path);
    return path;
}

static bool is_site(const Settings *settings, Str origin)
{
    Str path, site = site_parts(settings, &path);
    return site.len && str_eq_nocase(origin, site);
}

/* Does AllowCorsFrom name it? *ret_any: by "*". */
static bool is_named(const Settings *settings, Str origin, bool *ret_any)
{
    *ret_any = false;
    for (Str rest = settings->ServiceSettings_AllowCorsFrom; rest.ptr;) {
        Str one = str_split(&rest, ' ');
        if (one.len && one.ptr[one.len - 1] == '/')
            one.len--;
        *ret_any |= str_eq(one, STR("*"));
        if (*ret_any || (one.len && str_eq_nocase(one, origin)))
            return true;
    }
    return false;
}

static bool is_same_host(Str origin, Str host)
{
    ptrdiff_t at = str_find(origin, STR("://"), 0);
    return at >= 0 && str_eq_nocase(str_slice(origin, (size_t)at + 3, origin.len), host);
}

bool site_allows_socket(const Settings *settings, const HttpReq *http)
{
    Str origin = http_header(http, STR("Origin"));
    bool is_any;
    if (origin.len == 0 || is_site(settings, origin))
        return true;
    if (settings->ServiceSettings_AllowCorsFrom.len)
        return is_named(settings, origin, &is_any);
    return settings->ServiceSettings_SiteURL.len == 0 &&
           is_same_host(origin, http_header(http, STR("Host")));
}

/* Access-Control-Allow-Origin and who else depends on it; false when the origin is a stranger's. */
static bool add_origin(const Settings *settings, HttpReq *http)
{
    Str origin = http_header(http, STR("Origin"));
    bool is_any;
    if (settings->ServiceSettings_AllowCorsFrom.len == 0)
        return false;
    http_add_header(http, STR("Vary"), STR("Origin"));
    if (origin.len == 0 || !is_named(settings, origin, &is_any))
        return false;
    http_add_header(http, STR("Access-Control-Allow-Origin"), is_any ? STR("*") : origin);
    if (settings->ServiceSettings_CorsAllowCredentials && !is_any) /* never for everybody */
        http_add_header(http, STR("Access-Control-Allow-Credentials"), STR("true"));
    return true;
}

void site_add_cors(const Settings *settings, HttpReq *http)
{
    Str exposed = settings->ServiceSettings_CorsExposedHeaders;
    if (!add_origin(settings, http) || exposed.len == 0)
        return;
    Str list = STR_EMPTY; /* stored with spaces between, sent with commas */
    for (Str rest = exposed; rest.ptr;) {
        Str one = str_split(&rest, ' ');
        if (one.len)
            list = list.len
                       ? str_printf(http->arena, STR_FMT ", " STR_FMT, STR_ARG(list), STR_ARG(one))
                       : one;
    }
    http_add_header(http, STR("Access-Control-Expose-Headers"), list);
}

bool site_answer_preflight(const Settings *settings, HttpReq *http)
{
    if (http->method != HTTP_OPTIONS ||
        http_header(http, STR("Access-Control-Request-Method")).len == 0 ||
        !add_origin(settings, http))
        return false;
    Str headers = http_header(http, STR("Access-Control-Request-Headers"));
    http_add_header(http, STR("Access-Control-Allow-Methods"),
                    STR("GET, POST, PUT, PATCH, DELETE"));
    if (headers.len)
        http_add_header(http, STR("Access-Control-Allow-Headers"), headers);
    http_add_header(http, STR("Access-Control-Max-Age"), STR("86400"));
    http->reply.status = 204;
    return true;
}
