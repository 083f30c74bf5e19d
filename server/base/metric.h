/* base/metric.h: counters, gauges and histograms, described once in METRIC_LIST and shown by ops as Prometheus text.
 *
 * Threads  Counting is a relaxed atomic add, from anywhere.
 */
#pragma once
#include "base/buf.h"
#include <stdint.h>

/* clang-format off */
#define METRIC_LIST(M)                                                                                        \
    M(METRIC_HTTP_REQUESTS,       COUNTER, "anser_http_requests_total",          "Requests answered")           \
    M(METRIC_HTTP_ERRORS_4XX,     COUNTER, "anser_http_client_errors_total",     "Requests answered 4xx")       \
    M(METRIC_HTTP_ERRORS_5XX,     COUNTER, "anser_http_server_errors_total",     "Requests answered 5xx")       \
    M(METRIC_HTTP_CONNECTIONS,    GAUGE,   "anser_http_connections",             "Open connections")            \
    M(METRIC_WS_CONNECTIONS,      GAUGE,   "anser_websocket_connections",        "Open WebSockets")             \
    M(METRIC_WS_DELIVERIES,       COUNTER, "anser_websocket_deliveries_total",   "Event frames queued to sockets") \
    M(METRIC_WS_OVERFLOWS,        COUNTER, "anser_websocket_overflows_total",    "Sockets closed because they read too slowly") \
    M(METRIC_HUB_EVENTS,          COUNTER, "anser_hub_events_total",             "Events published")            \
    M(METRIC_POSTS_CREATED,       COUNTER, "anser_posts_created_total",          "Posts created")               \
    M(METRIC_QUEUE_FULL,          COUNTER, "anser_queue_full_total",             "Requests refused because a worker lane was full") \
    M(METRIC_DB_COMMITS,          COUNTER, "anser_db_commits_total",             "Transactions committed")      \
    M(METRIC_DB_BATCHES,          COUNTER, "anser_db_batches_total",             "Durable commits (a batch may hold many transactions)") \
    M(METRIC_DB_RETRIES,          COUNTER, "anser_db_retries_total",             "Handlers run again after a lost race") \
    M(METRIC_JOBS_DONE,           COUNTER, "anser_jobs_done_total",              "Background jobs finished")    \
    M(METRIC_JOBS_FAILED,         COUNTER, "anser_jobs_failed_total",            "Background job attempts that failed") \
    M(METRIC_REQUEST_SECONDS,     HISTOGRAM, "anser_request_duration_seconds",   "Time from parsed request to reply")
/* clang-format on */

#define METRIC_ENUM(name, type, wire, help) name,
typedef enum Metric { METRIC_LIST(METRIC_ENUM) METRIC_COUNT } Metric;

void metric_add(Metric metric, int64_t delta);
void metric_observe_us(Metric metric, int64_t microseconds);
int64_t metric_value(Metric metric);
/* Prometheus text exposition format 0.0.4. */
void metric_write_all(Buf *out);
