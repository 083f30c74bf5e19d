/* base/log.h: structured log, one JSON object a line on standard error.
 *
 * Every line carries time, level, message and the thread's request id when there is one. Secrets never go in: no
 * passwords, tokens, message texts. A rate limit per call site is not needed; what can storm counts in base/metric.h.
 */
#pragma once
#include "base/str.h"

typedef enum LogLevel { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR } LogLevel;

void log_set_level(LogLevel level);
LogLevel log_level(void);
/* What this thread logs from now on carries this id; STR_EMPTY ends it. Borrowed until replaced. */
void log_set_request_id(Str id);

/* Fields follow as name, printf-formatted text: log_info("listening", "url=%s", url). The format may be NULL. */
void log_write(LogLevel level, const char *file, int line, const char *message, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#define log_debug(message, ...) log_write(LOG_DEBUG, __FILE__, __LINE__, message, "" __VA_ARGS__)
#define log_info(message, ...)  log_write(LOG_INFO, __FILE__, __LINE__, message, "" __VA_ARGS__)
#define log_warn(message, ...)  log_write(LOG_WARN, __FILE__, __LINE__, message, "" __VA_ARGS__)
#define log_error(message, ...) log_write(LOG_ERROR, __FILE__, __LINE__, message, "" __VA_ARGS__)
