/* api/system_api.c: what the server tells about itself: ping, client configuration, licence. */
#include "api/route.h"
#include "domain/roles.h"

static Err api_system_ping(Req *req)
{
    Buf *out = req_begin(req, 200);
    bool asks_status = req_query_flag(req, "get_server_status");
    json_open(out);
    static const char *const names[] = {"AndroidLatestVersion", "AndroidMinVersion",
                                        "IosLatestVersion", "IosMinVersion"};
    for (size_t i = 0; i < 4; i++) {
        json_key(out, names[i]);
        json_str(out, STR_EMPTY);
    }
    json_key(out, "ActiveSearchBackend");
    json_str(out, STR("database"));
    bool is_healthy = !asks_status || db_ping(req->ctx.db) == OK;
    if (asks_status) {
        const char *word = is_healthy ? "OK" : "UNHEALTHY";
        json_key(out, "database_status");
        json_str(out, str_of(word));
        json_key(out, "filestore_status");
        json_str(out, STR("OK"));
        req_header(req, "status", str_of(word));
        req_header(req, "database_status", str_of(word));
        req_header(req, "filestore_status", STR("OK"));
    }
    json_key(out, "status");
    json_str(out, is_healthy ? STR("OK") : STR("UNHEALTHY"));
    json_close(out);
    if (!is_healthy)
        req->http->reply.status = 500;
    return OK;
}

static Err need_old_format(Req *req)
{
    return str_eq(req_query(req, "format"), STR("old")) ? OK : fail_url(&req->ctx, "format");
}

Err client_config_write(Req *req, Buf *out)
{
    ClientFacts facts = req->ctx.app->facts;
    if (!req->ctx.session) { /* the sign-up page tells the first person that the server is theirs */
        DbTx *tx;
        int64_t people;
        TRY(ctx_read(&req->ctx, &tx));
        TRY(db_get_int(tx, &people, "SELECT count(*) FROM users WHERE is_bot = 0"));
        facts.no_accounts = people == 0;
    }
    settings_write_client_config(req->ctx.settings, &facts, req->ctx.session != NULL, out);
    return OK;
}

static Err api_config_client(Req *req)
{
    TRY(need_old_format(req));
    TRY(client_config_write(req, req_begin(req, 200)));
    req_header(req, "Cache-Control", STR("no-cache, no-store, must-revalidate"));
    return OK;
}

static Err api_license_client(Req *req)
{
    TRY(need_old_format(req));
    settings_write_client_license(req->ctx.settings, req->ctx.session != NULL, req_begin(req, 200));
    return OK;
}

/* clang-format off */
const Route SYSTEM_ROUTES[] = {
    { GET, "/api/v4/system/ping", api_system_ping, "GetPing", "SystemPing", "", NOBODY, .query = "get_server_status",
      .summary = "Is the server there" },
    { GET, "/api/v4/config/client", api_config_client, "GetClientConfig", "{string}", "", NOBODY, .query = "format",
      .summary = "What clients need to know of the configuration" },
    { GET, "/api/v4/license/client", api_license_client, "GetClientLicense", "{string}", "", NOBODY, .query = "format",
      .summary = "The licence as v4 clients read it" },
    { 0 },
};
/* clang-format on */
