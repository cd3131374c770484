/*
 * For the operator: is it well, and how much of everything.
 */
#include <inttypes.h>

#include "domain/articles.h"
#include "domain/campaign_watch.h"
#include "domain/moderation.h"
#include "web/request.h"

bool health_show(struct request *rq, struct tx *tx, struct err *e)
{
    int64_t next_s;
    if (!edition_next(rq->web->o.domain, tx, &next_s, e)) /* any statement will do */
        return false;
    rq->reply.type = STR("text/plain; charset=utf-8");
    rq->reply.body = STR("ok\n");
    return true;
}

static void put_figure(struct buf *b, const char *name, const char *type, const char *about,
                       uint64_t value)
{
    buf_printf(b, "# HELP aitys_%s %s\n# TYPE aitys_%s %s\naitys_%s %" PRIu64 "\n", name, about,
               name, type, name, value);
}

static void put_http(struct buf *b, const struct http_server *server)
{
    struct http_counts c;
    http_count(server, &c);
    put_figure(b, "http_connections_total", "counter", "Connections accepted.", c.connections);
    put_figure(b, "http_connections_open", "gauge", "Connections now.", c.connections_open);
    put_figure(b, "http_requests_total", "counter", "Requests read in full.", c.requests);
    put_figure(b, "http_refused_total", "counter", "Requests that broke the protocol.", c.refused);
    put_figure(b, "http_timed_out_total", "counter", "Requests that were too slow.", c.timed_out);
    put_figure(b, "http_bytes_in_total", "counter", "Bytes read.", c.bytes_in);
    put_figure(b, "http_bytes_out_total", "counter", "Bytes sent.", c.bytes_out);
    buf_put(b, STR("# HELP aitys_http_answers_total Answers by class of status.\n"
                   "# TYPE aitys_http_answers_total counter\n"));
    for (size_t i = 2; i < ARRAY_LEN(c.by_status); i++)
        buf_printf(b, "aitys_http_answers_total{class=\"%zuxx\"} %" PRIu64 "\n", i, c.by_status[i]);
}

static void put_cache(struct buf *b, struct cache *pages)
{
    struct cache_counts c;
    cache_count(pages, &c);
    put_figure(b, "cache_hits_total", "counter", "Pages answered from memory.", c.hits);
    put_figure(b, "cache_builds_total", "counter", "Pages made.", c.builds);
    put_figure(b, "cache_renewed_total", "counter", "Pages made before anybody asked again.",
               c.renewed);
    put_figure(b, "cache_waits_total", "counter", "Readers who waited for a page.", c.waits);
    put_figure(b, "cache_evicted_total", "counter", "Pages that made room.", c.evicted);
    put_figure(b, "cache_stale_total", "counter", "Pages that were dropped.", c.stale);
    put_figure(b, "cache_pages", "gauge", "Pages in memory.", c.pages);
    put_figure(b, "cache_bytes", "gauge", "Bytes of them.", c.bytes);
}

static void put_db(struct buf *b, const struct db *db)
{
    struct db_counts c;
    db_count(db, &c);
    put_figure(b, "db_statements_total", "counter", "Statements run.", c.statements);
    put_figure(b, "db_commits_total", "counter", "Transactions that wrote.", c.commits);
    put_figure(b, "db_writes_total", "counter", "Write jobs done.", c.writes);
    put_figure(b, "db_writes_failed_total", "counter", "Write jobs that failed.", c.writes_failed);
    put_figure(b, "db_replica_reads_total", "counter", "Reads that the replica did.", c.near);
    put_figure(b, "db_queue", "gauge", "Write jobs that wait.", c.queue_length);
    put_figure(b, "db_wal_bytes", "gauge", "Bytes of the write-ahead log.",
               c.wal_bytes > 0 ? (uint64_t)c.wal_bytes : 0);
}

static void put_campaigns(struct buf *b, const struct campaign_watch *w)
{
    put_figure(b, "campaign_comments", "gauge", "Comments that new ones are compared with.",
               w ? campaign_watch_count(w) : 0);
    put_figure(b, "campaign_ready", "gauge", "1: those of before the start are all there.",
               w && campaign_watch_is_ready(w));
}

#define METRICS_COUNT_MAX 100000 /* told in the figures' own words */

/* On a readers' address there is no such page. */
bool metrics_show(struct request *rq, struct tx *tx, struct err *e)
{
    struct queue_counts waiting;
    if (!rq->x->request.operator_address)
        return err_set(e, ERR_MISSING, 0, "not the operator's address");
    if (!queue_count_to(rq->web->o.domain, tx, METRICS_COUNT_MAX, &waiting, e))
        return false;
    struct buf b = buf_in(rq->arena, 64 * KiB);
    if (rq->web->server)
        put_http(&b, rq->web->server);
    put_cache(&b, rq->web->pages);
    put_db(&b, rq->web->o.db);
    put_campaigns(&b, rq->web->o.domain->campaigns);
    put_figure(&b, "comments_held", "gauge",
               "Comments that wait for a moderator, counted up to 100000.", (uint64_t)waiting.held);
    put_figure(&b, "comments_reported", "gauge",
               "Comments with open reports, counted up to 100000.", (uint64_t)waiting.reported);
    rq->reply.type = STR("text/plain; version=0.0.4; charset=utf-8");
    rq->reply.body = buf_str(&b);
    return true;
}
