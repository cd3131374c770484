/*
 * aitys publish: articles, sections and pages from files.
 */
#include "cli/publish.h"
#include "port/publish.h"

static const char *saved_name(enum saved saved)
{
    static const char *const names[] = {
        [SAVED_NEW] = "new", [SAVED_CHANGED] = "changed", [SAVED_SAME] = "same"};
    return names[saved];
}

struct publishing {
    const struct domain *domain;
    struct publish *publish;
};

static bool compare(struct tx *tx, void *context, struct err *e)
{
    struct publishing *k = context;
    return publish_compare(k->domain, tx, k->publish, e);
}

static bool store(struct tx *tx, void *context, struct err *e)
{
    struct publishing *k = context;
    return publish_store(k->domain, tx, k->publish, e);
}

static enum cli_end fail_faults(const struct publish *p)
{
    newsroom_tell(&p->faults);
    cli_say("nothing was published");
    return CLI_FAILED;
}

static enum cli_end run(struct cli *c, struct newsroom *n, struct publish *p)
{
    struct publishing k = {.domain = &n->domain, .publish = p};
    struct err e;
    /* Sections and what is stored are looked up even when files are faulty: all faults at once. */
    if (!db_read(n->db, c->arena, compare, &k, &e))
        return cli_fail(&e);
    if (p->faults.n > 0)
        return fail_faults(p);
    if (!publish_encode(p, &e))
        return cli_fail(&e);
    if (p->faults.n > 0)
        return fail_faults(p);
    if (!db_write_now(n->db, c->arena, store, &k, &e)) {
        (void)cli_fail(&e);
        cli_say("nothing was published");
        return CLI_FAILED;
    }
    for (size_t i = 0; i < p->n_files; i++)
        cli_print("%-8s " STR_FMT, saved_name(p->files[i].saved), STR_ARG(p->files[i].shown));
    return CLI_DONE;
}

enum cli_end publish_paths(struct cli *c, struct newsroom *n, const struct str *paths,
                           size_t n_paths)
{
    struct publish p;
    publish_read(c->arena, &n->settings, paths, n_paths, &p);
    newsroom_tell(&p.notes);
    if (p.n_files == 0 && p.faults.n == 0) {
        cli_say("there are no .md files to publish");
        return CLI_FAILED;
    }
    return run(c, n, &p);
}

enum cli_end command_publish(struct cli *c)
{
    struct newsroom n = {0};
    enum cli_end end = CLI_FAILED;
    if (newsroom_open(c, cli_dir(c, false), NEWSROOM_BESIDE, &n))
        end = publish_paths(c, &n, c->args, c->n_args);
    newsroom_close(&n);
    return end;
}
