#include "cli/newsroom.h"

#include <unistd.h>

#include "config/file.h"
#include "domain/search.h"
#include "store/search_statements.h"
#include "store/statements.h"

#define SEARCH_READERS 2
#define SEARCH_QUEUE_MAX 16
#define SEARCH_CACHE_BYTES ((int64_t)(8 * MiB)) /* of a connection */

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

/* A file that is no index of this program goes; the server alone has it, so nobody else looks. */
static void search_remove(struct cli *c, struct str path)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < ARRAY_LEN(endings); i++)
        (void)unlink(arena_printf(c->arena, STR_FMT "%s", STR_ARG(path), endings[i]).p);
}

static bool search_make(const struct db_options *options, struct db **ret_index, struct err *e)
{
    return db_create(options->address, e) && db_open(options, ret_index, e);
}

static struct db_options search_options(struct cli *c, const struct newsroom *n,
                                        enum newsroom_use use)
{
    struct db_options options = newsroom_db_options(c, n, use);
    options.schema = &search_schema;
    options.replica = STR_NONE;
    options.readers = use == NEWSROOM_ALONE ? SEARCH_READERS : 1;
    options.queue_max = SEARCH_QUEUE_MAX;
    if (options.cache_bytes > SEARCH_CACHE_BYTES)
        options.cache_bytes = SEARCH_CACHE_BYTES;
    if (newsroom_is_on_server(&n->settings))
        options.beside = STR(SEARCH_BESIDE);
    else
        options.address = arena_printf(c->arena, STR_FMT ".search", STR_ARG(options.address));
    return options;
}

bool newsroom_search_open(struct cli *c, const struct newsroom *n, struct db **ret_index,
                          struct err *e)
{
    struct db_options options = search_options(c, n, NEWSROOM_ALONE);
    if (newsroom_is_on_server(&n->settings))
        return db_open(&options, ret_index, e);
    if (access(options.address.p, F_OK) != 0)
        return search_make(&options, ret_index, e);
    if (db_open(&options, ret_index, e))
        return true;
    log_err(&n->log, "search_made_anew", e);
    search_remove(c, options.address);
    return search_make(&options, ret_index, e);
}

void newsroom_close(struct newsroom *n)
{
    if (n->db)
        db_close(&n->db);
}

/* On a server: db_open would make what is not there. */
static bool is_made_work(struct tx *tx, void *context, struct err *e)
{
    struct check_search_is_made_out *row = context;
    return sql_check_search_is_made(tx, row, e);
}

bool newsroom_search_look(struct cli *c, const struct newsroom *n, struct db **ret_index,
                          struct err *e)
{
    struct db_options options = search_options(c, n, NEWSROOM_BESIDE);
    struct check_search_is_made_out made = {0};
    *ret_index = NULL;
    if (str_eq(n->settings.moderation_search, STR("no")))
        return true;
    if (!newsroom_is_on_server(&n->settings))
        made.n = access(options.address.p, F_OK) == 0;
    else if (!db_read(n->db, c->arena, is_made_work, &made, e))
        return false;
    return made.n == 0 || db_open(&options, ret_index, e);
}
