#include "base/clock.h"
#include <time.h>

static int64_t read_clock_ns(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t clock_now_ms(void)
{
    return read_clock_ns(CLOCK_REALTIME) / 1000000;
}
int64_t clock_monotonic_ms(void)
{
    return read_clock_ns(CLOCK_MONOTONIC) / 1000000;
}
int64_t clock_monotonic_us(void)
{
    return read_clock_ns(CLOCK_MONOTONIC) / 1000;
}

static struct tm utc(int64_t unix_ms)
{
    int64_t seconds = unix_ms / 1000 - (unix_ms % 1000 < 0);
    time_t t = (time_t)seconds;
    struct tm tm;
    gmtime_r(&t, &tm);
    return tm;
}

Str clock_format_rfc3339(Arena *arena, int64_t unix_ms)
{
    struct tm tm = utc(unix_ms);
    return str_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
                      tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
                      (int)((unix_ms % 1000 + 1000) % 1000));
}

Str clock_format_http(Arena *arena, int64_t unix_ms)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm tm = utc(unix_ms);
    return str_printf(arena, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[tm.tm_wday], tm.tm_mday,
                      months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* Reads exactly `n` digits at `at`; -1 when they are not digits. */
static int digits(Str s, size_t at, size_t n)
{
    int value = 0;
    if (at + n > s.len)
        return -1;
    for (size_t i = at; i < at + n; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return -1;
        value = value * 10 + (s.ptr[i] - '0');
    }
    return value;
}

bool clock_parse_date(Str s, int64_t *ret_unix_ms)
{
    int year = digits(s, 0, 4), month = digits(s, 5, 2), day = digits(s, 8, 2);
    if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-' || year < 1970 || month < 1 ||
        month > 12 || day < 1 || day > 31)
        return false;
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
    time_t t = timegm(&tm);
    if (tm.tm_mday != day) /* 31 February */
        return false;
    *ret_unix_ms = (int64_t)t * 1000;
    return true;
}

bool clock_parse_rfc3339(Str s, int64_t *ret_unix_ms)
{
    int64_t midnight;
    if (s.len < 20 || !clock_parse_date(str_slice(s, 0, 10), &midnight))
        return false;
    int hour = digits(s, 11, 2), minute = digits(s, 14, 2), second = digits(s, 17, 2);
    if ((s.ptr[10] != 'T' && s.ptr[10] != 't' && s.ptr[10] != ' ') || s.ptr[13] != ':' ||
        s.ptr[16] != ':' || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 60)
        return false;
    int64_t ms = 0;
    size_t at = 19;
    if (s.ptr[at] == '.') {
        int64_t scale = 100;
        size_t first = ++at;
        for (; at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9'; at++, scale /= 10)
            ms += (s.ptr[at] - '0') * scale;
        if (at == first)
            return false;
    }
    int64_t offset_minutes = 0;
    if (at < s.len && (s.ptr[at] == '+' || s.ptr[at] == '-')) {
        int h = digits(s, at + 1, 2), m = digits(s, at + 4, 2);
        if (at + 6 != s.len || s.ptr[at + 3] != ':' || h < 0 || h > 23 || m < 0 || m > 59)
            return false;
        offset_minutes = (s.ptr[at] == '-' ? -1 : 1) * (h * 60 + m);
    } else if (at + 1 != s.len || (s.ptr[at] != 'Z' && s.ptr[at] != 'z')) {
        return false;
    }
    *ret_unix_ms = midnight + (hour * 3600 + minute * 60 + second) * (int64_t)1000 + ms -
                   offset_minutes * 60000;
    return true;
}
