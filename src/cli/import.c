/*
 * aitys import: comments from a file.
 */
#include "cli/publish.h"
#include "config/file.h"
#include "port/comments.h"

struct importing {
    const struct domain *domain;
    const struct comments_file *file;
    size_t n_added;
};

static bool store(struct tx *tx, void *context, struct err *e)
{
    struct importing *k = context;
    return comments_store(k->domain, tx, k->file, &k->n_added, e);
}

enum cli_end import_file(struct cli *c, struct newsroom *n, struct str path)
{
    struct faults faults = {.arena = c->arena};
    struct comments_file file;
    struct str bytes;
    struct err e;
    if (!file_read(c->arena, path, COMMENTS_FILE_BYTES_MAX, &bytes, &e))
        return cli_fail(&e);
    if (!comments_read(bytes, path, &faults, &file)) {
        newsroom_tell(&faults);
        cli_say("nothing was imported");
        return CLI_FAILED;
    }
    struct importing k = {.domain = &n->domain, .file = &file};
    if (!db_write_now(n->db, c->arena, store, &k, &e)) {
        (void)err_where(&e, STR_FMT, STR_ARG(path));
        (void)cli_fail(&e);
        cli_say("nothing was imported");
        return CLI_FAILED;
    }
    size_t n_all = 0;
    for (size_t i = 0; i < file.n; i++)
        n_all += file.conversations[i].n;
    cli_print("%zu comments: %zu new, %zu there already", n_all, k.n_added, n_all - k.n_added);
    return CLI_DONE;
}

enum cli_end command_import(struct cli *c)
{
    struct newsroom n = {0};
    enum cli_end end = CLI_FAILED;
    if (newsroom_open(c, cli_dir(c, false), NEWSROOM_BESIDE, &n))
        end = import_file(c, &n, c->args[0]);
    newsroom_close(&n);
    return end;
}
