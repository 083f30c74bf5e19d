/* api/dispatch.h: from a parsed HTTP request to its handler and back: session, CSRF, lanes, retries, errors. */
#pragma once
#include "api/route.h"

typedef struct Api Api;
typedef struct Socket Socket; /* api/sockets.c */

typedef struct ApiOptions {
    App *app;
    Pool *pool;
    StaticFiles *web;   /* the web app; NULL: none */
    bool metrics_open;  /* /metrics for everybody, not only loopback */
} ApiOptions;

Api *api_new(const ApiOptions *options);
void api_free(Api *api);
/* After net exists: gives the hub its way to the sockets. */
void api_attach_net(Api *api, Net *net);
/* What net calls; `app` is the Api. */
NetHandlers api_handlers(Api *api);
HubSockets api_hub_sockets(Api *api);

/* ---- within api/ ---- */
App *api_app(Api *api);
Pool *api_pool(Api *api);
Net *api_net(Api *api);
typedef enum TokenPlace { TOKEN_NOWHERE, TOKEN_IN_COOKIE, TOKEN_IN_HEADER, TOKEN_IN_QUERY } TokenPlace;
/* Puts the session of the request's token into ctx. ERR_ABSENT: a token that is no session. */
Err api_identify(Ctx *ctx, HttpReq *http, TokenPlace *ret_place);
/* Fills ctx from the request's headers: language, addresses. */
void api_init_ctx(Api *api, Ctx *ctx, HttpReq *http, Arena *arena);
/* The v4 error object for the context's failure. */
void api_write_error(const Ctx *ctx, Err err, Buf *out);
/* Answers with an error found before any handler: no session is looked up, so the language is the request's. */
void api_refuse(Api *api, HttpReq *http, Err err);
/* WebSockets: api/sockets.c. */
Socket **api_waiting_sockets(Api *api, size_t loop_index); /* the loop's own list */
void sockets_tick(Api *api, size_t loop_index);
void sockets_free(Api *api, size_t loop_index); /* after the loops' end */
void sockets_upgrade(Api *api, HttpReq *http);
void sockets_message(void *api, Ws *ws, Str message, bool is_binary);
void sockets_pong(void *api, Ws *ws);
void sockets_closed(void *api, Ws *ws, int close_code);
