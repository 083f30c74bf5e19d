/* model/error_list.h: the rows. Sorted by id. */
#pragma once

/* clang-format off */
#define ERROR_LIST(E)                                                                                                  \
    E(ERR_API_CONTEXT_404,                 404, "api.context.404.app_error")                                           \
    E(ERR_API_CONTEXT_INTERNAL,            500, "api.context.internal.app_error")                                      \
    E(ERR_API_CONTEXT_INVALID_BODY_PARAM,  400, "api.context.invalid_body_param.app_error")                            \
    E(ERR_API_CONTEXT_INVALID_URL_PARAM,   400, "api.context.invalid_url_param.app_error")                             \
    E(ERR_API_CONTEXT_PERMISSIONS,         403, "api.context.permissions.app_error")                                   \
    E(ERR_API_CONTEXT_REQUEST_BODY_TOO_LARGE, 413, "api.context.request_body_too_large.app_error")                     \
    E(ERR_API_CONTEXT_SERVER_BUSY,         503, "api.context.server_busy.app_error")                                   \
    E(ERR_API_CONTEXT_SESSION_EXPIRED,     401, "api.context.session_expired.app_error")
/* clang-format on */
