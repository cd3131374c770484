#include "cli/newsroom.h"

#include <unistd.h>

#include "config/file.h"
#include "store/statements.h"

bool newsroom_is_on_server(const struct settings *s)
{
    return str_begins(s->database, STR("postgresql://")) ||
           str_begins(s->database, STR("postgres://"));
}

void newsroom_tell(const struct faults *faults)
{
    for (size_t i = 0; i < faults->n; i++) {
        struct str line = fault_print(faults, &faults->items[i]);
        cli_say(STR_FMT, STR_ARG(line));
    }
    if (faults->n_untold > 0)
        cli_say("and %zu more", faults->n_untold);
}

static enum log_level level_of(struct str name)
{
    if (str_eq(name, STR("debug")))
        return LOG_LEVEL_DEBUG;
    if (str_eq(name, STR("info")))
        return LOG_LEVEL_INFO;
    return str_eq(name, STR("warning")) ? LOG_LEVEL_WARNING : LOG_LEVEL_ERROR;
}

bool newsroom_load(struct cli *c, struct str dir, struct newsroom *n)
{
    struct err e;
    *n = (struct newsroom){0};
    bool ok = settings_load_report(c->arena, dir, c->environment, &n->settings, &n->report, &e);
    if (!ok && n->report.faults.n == 0)
        (void)cli_fail(&e);
    newsroom_tell(&n->report.faults);
    newsroom_tell(&n->report.notes);
    if (!ok)
        return false;
    n->log = (struct log){
        .fd = STDERR_FILENO,
        .least = level_of(n->settings.log_level),
        .journal = cli_environment(c, "JOURNAL_STREAM").n > 0,
    };
    return true;
}

struct db_options newsroom_db_options(struct cli *c, const struct newsroom *n,
                                      enum newsroom_use use)
{
    const struct settings *s = &n->settings;
    return (struct db_options){
        .address =
            newsroom_is_on_server(s) ? s->database : file_path(c->arena, s->dir, s->database),
        .replica = use == NEWSROOM_ALONE ? s->store_replica : STR_NONE,
        .schema = &store_schema,
        .exclusive = use == NEWSROOM_ALONE,
        .readers = use == NEWSROOM_ALONE ? (size_t)s->store_readers : 1,
        .queue_max = (size_t)s->store_queue_max,
        .busy_ms = s->store_busy_ms,
        .read_ms = use == NEWSROOM_ALONE ? s->store_read_ms : 0,
        .cache_bytes = s->store_cache_bytes,
        .log = &n->log,
        .clock = &clock_system,
    };
}

static bool open_domain(struct tx *tx, void *context, struct err *e)
{
    struct newsroom *n = context;
    return domain_open(tx, &n->settings, &n->domain, e);
}

bool newsroom_connect(struct cli *c, enum newsroom_use use, struct newsroom *n)
{
    /* A command tells people, not the journal. */
    if (use == NEWSROOM_BESIDE && n->log.least == LOG_LEVEL_INFO)
        n->log.least = LOG_LEVEL_WARNING;
    struct db_options options = newsroom_db_options(c, n, use);
    struct err e;
    if (db_open(&options, &n->db, &e) && db_read(n->db, c->arena, open_domain, n, &e))
        return true;
    /* A server's address may hold a password; a file's path says where to look. */
    if (!newsroom_is_on_server(&n->settings) && !str_begins(str_of(e.why), options.address))
        (void)err_where(&e, STR_FMT, STR_ARG(options.address));
    (void)cli_fail(&e);
    return false;
}

bool newsroom_open(struct cli *c, struct str dir, enum newsroom_use use, struct newsroom *n)
{
    return newsroom_load(c, dir, n) && newsroom_connect(c, use, n);
}

void newsroom_close(struct newsroom *n)
{
    if (n->db)
        db_close(&n->db);
}
