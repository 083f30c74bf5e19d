#include "base/err.h"
#include "base/log.h"
#include <execinfo.h>
#include <unistd.h>

void ensure_failed(const char *condition, const char *file, int line)
{
    log_write(LOG_ERROR, file, line, "bug: a condition that must hold does not", "condition=%s",
              condition);
    void *frames[64];
    backtrace_symbols_fd(frames, backtrace(frames, 64), STDERR_FILENO);
    abort();
}

const char *err_name(Err err)
{
    switch ((int)err) {
    case OK: return "ok";
    case ERR_RETRY: return "retry";
    case ERR_UNAVAILABLE: return "unavailable";
    case ERR_NO_SPACE: return "no space";
    case ERR_UNIQUE: return "unique constraint";
    case ERR_IO: return "input or output";
    case ERR_SYNTAX: return "syntax";
    case ERR_LIMIT: return "limit";
    case ERR_ABSENT: return "absent";
    case ERR_INTERNAL: return "internal";
    }
    return "wire error";
}
