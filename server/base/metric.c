#include "base/metric.h"
#include <stdatomic.h>

enum Type { COUNTER, GAUGE, HISTOGRAM };

/* Upper bounds in microseconds: half a millisecond to ten seconds. */
static const int64_t BOUNDS_US[] = {500,    1000,   2500,   5000,    10000,   25000,   50000,
                                    100000, 250000, 500000, 1000000, 2500000, 10000000};
enum { BOUND_COUNT = sizeof BOUNDS_US / sizeof *BOUNDS_US };

typedef struct Histogram {
    _Atomic int64_t buckets[BOUND_COUNT + 1], sum_us;
} Histogram;

static const struct Row {
    enum Type type;
    const char *name, *help;
} ROWS[] = {
#define METRIC_ROW(name, type, wire, help) {type, wire, help},
    METRIC_LIST(METRIC_ROW)};

static _Atomic int64_t values[METRIC_COUNT];
static Histogram histograms[METRIC_COUNT];

void metric_add(Metric metric, int64_t delta)
{
    atomic_fetch_add_explicit(&values[metric], delta, memory_order_relaxed);
}

int64_t metric_value(Metric metric)
{
    return atomic_load_explicit(&values[metric], memory_order_relaxed);
}

void metric_observe_us(Metric metric, int64_t microseconds)
{
    Histogram *h = &histograms[metric];
    size_t i = 0;
    while (i < BOUND_COUNT && microseconds > BOUNDS_US[i])
        i++;
    atomic_fetch_add_explicit(&h->buckets[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&h->sum_us, microseconds, memory_order_relaxed);
}

static void write_histogram(Buf *out, const char *name, Histogram *h)
{
    int64_t count = 0;
    for (size_t i = 0; i <= BOUND_COUNT; i++) {
        count += atomic_load(&h->buckets[i]);
        if (i < BOUND_COUNT)
            buf_printf(out, "%s_bucket{le=\"%g\"} %lld\n", name, (double)BOUNDS_US[i] / 1e6,
                       (long long)count);
        else
            buf_printf(out, "%s_bucket{le=\"+Inf\"} %lld\n", name, (long long)count);
    }
    buf_printf(out, "%s_sum %.6f\n%s_count %lld\n", name, (double)atomic_load(&h->sum_us) / 1e6,
               name, (long long)count);
}

void metric_write_all(Buf *out)
{
    static const char *const types[] = {"counter", "gauge", "histogram"};
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", ROWS[i].name, ROWS[i].help, ROWS[i].name,
                   types[ROWS[i].type]);
        if (ROWS[i].type == HISTOGRAM)
            write_histogram(out, ROWS[i].name, &histograms[i]);
        else
            buf_printf(out, "%s %lld\n", ROWS[i].name, (long long)metric_value((Metric)i));
    }
}
