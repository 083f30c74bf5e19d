#include "base/log.h"
#include "base/clock.h"
#include "base/json.h"
#include <stdarg.h>
#include <stdatomic.h>
#include <unistd.h>

static _Atomic LogLevel threshold = LOG_INFO;
static _Thread_local Str request_id;

void log_set_level(LogLevel level)
{
    atomic_store(&threshold, level);
}
LogLevel log_level(void)
{
    return atomic_load(&threshold);
}
void log_set_request_id(Str id)
{
    request_id = id;
}

void log_write(LogLevel level, const char *file, int line, const char *message, const char *format,
               ...)
{
    if (level < atomic_load_explicit(&threshold, memory_order_relaxed))
        return;
    static const char *const names[] = {"debug", "info", "warn", "error"};
    char detail[2048] = "";
    if (format && *format) {
        va_list args;
        va_start(args, format);
        (void)vsnprintf(detail, sizeof detail, format, args);
        va_end(args);
    }
    Arena *arena = arena_create();
    Buf out;
    buf_init(&out, 16 * 1024);
    json_open(&out);
    json_key(&out, "time");
    json_str(&out, clock_format_rfc3339(arena, clock_now_ms()));
    json_key(&out, "level");
    json_str(&out, str_of(names[level]));
    json_key(&out, "msg");
    json_str(&out, str_of(message));
    if (detail[0]) {
        json_key(&out, "detail");
        json_str(&out, str_of(detail));
    }
    if (request_id.len) {
        json_key(&out, "request_id");
        json_str(&out, request_id);
    }
    json_key(&out, "caller");
    json_str(&out, str_printf(arena, "%s:%d", file, line));
    json_close(&out);
    buf_append_char(&out, '\n');
    (void)!write(STDERR_FILENO, out.ptr, out.len); /* one write a line, so lines do not mix */
    buf_deinit(&out);
    arena_free(arena);
}
