/*
 * aitys check: settings, theme and, when asked, the database.
 */
#include "domain/check.h"
#include "cli/newsroom.h"
#include "config/file.h"
#include "domain/search.h"
#include "domain/search_check.h"
#include "view/view.h"

static bool check_theme(struct cli *c, const struct newsroom *n)
{
    struct str theme = n->settings.theme_dir;
    if (theme.n > 0)
        theme = file_path(c->arena, n->settings.dir, theme);
    struct view *view = NULL;
    struct err e;
    if (!view_open(theme, &view, &e)) {
        (void)cli_fail(&e);
        return false;
    }
    view_close(&view);
    cli_print("theme: good");
    return true;
}

static void on_fault(void *context, struct str what)
{
    (void)context;
    cli_say("database: " STR_FMT, STR_ARG(what));
}

struct checking {
    const struct domain *domain;
    size_t n_faults;
};

static bool check_counts(struct tx *tx, void *context, struct err *e)
{
    struct checking *k = context;
    return check_invariants(k->domain, tx, on_fault, NULL, &k->n_faults, e);
}

static bool check_database(struct cli *c, const struct newsroom *n)
{
    struct err e;
    struct checking k = {.domain = &n->domain};
    if (!db_check(n->db, &e) || !db_read(n->db, c->arena, check_counts, &k, &e)) {
        (void)cli_fail(&e);
        return false;
    }
    if (k.n_faults > 0) {
        cli_say("database: %zu faults; keep a copy and report them", k.n_faults);
        return false;
    }
    cli_print("database: good");
    return true;
}

static void on_search_fault(void *context, struct str what)
{
    (void)context;
    cli_say("search: " STR_FMT, STR_ARG(what));
}

static bool tell_search(const struct search_verdict *v)
{
    if (!v->is_compared)
        cli_print("search: the index is still being made");
    else if (v->faults == 0)
        cli_print("search: good");
    else
        cli_say("search: %zu faults; the server makes the index anew when it is removed",
                v->faults);
    return v->faults == 0;
}

/* The index is derived: without one there is nothing to say. */
static bool check_search(struct cli *c, struct newsroom *n)
{
    struct db *index;
    struct err e;
    struct search_verdict v = {0};
    if (!newsroom_search_look(c, n, &index, &e)) {
        (void)err_where(&e, "search");
        (void)cli_fail(&e);
        return false;
    }
    if (!index)
        return true;
    n->domain.search = search_new(index, n->db);
    bool ok = db_check(index, &e) && search_check(&n->domain, on_search_fault, NULL, &v, &e);
    search_free(&n->domain.search);
    db_close(&index);
    if (ok)
        return tell_search(&v);
    (void)err_where(&e, "search");
    (void)cli_fail(&e);
    return false;
}

/* Both are looked at, whatever is found in the first. */
static bool check_all(struct cli *c, struct newsroom *n)
{
    bool is_good = check_database(c, n);
    return check_search(c, n) && is_good;
}

enum cli_end command_check(struct cli *c)
{
    struct newsroom n = {0};
    bool ok = newsroom_load(c, cli_dir(c, true), &n);
    if (ok) {
        cli_print("settings: good");
        ok = check_theme(c, &n);
    }
    if (ok && c->has[CLI_OPTION_DATABASE])
        ok = newsroom_connect(c, NEWSROOM_BESIDE, &n) && check_all(c, &n);
    newsroom_close(&n);
    return ok ? CLI_DONE : CLI_FAILED;
}
