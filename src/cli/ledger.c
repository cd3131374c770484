/*
 * aitys ledger verify, export, sign, key, new-key: the chained log of what the team did.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "cli/newsroom.h"
#include "config/file.h"
#include "domain/ledger_head.h"
#include "domain/ledger_read.h"
#include "port/ledger.h"

/* ---- What the keys and heads look like ------------------------------------------------------ */

static struct str key_text(struct arena *a, const struct ledger_key *key)
{
    struct buf b = buf_in(a, 2 * sizeof key->b);
    buf_hex(&b, key->b, sizeof key->b);
    return buf_str(&b);
}

static struct str head_text(struct arena *a, const struct ledger_head *head)
{
    struct buf b = buf_in(a, LEDGER_LINE_BYTES_MAX);
    ledger_print_head(&b, LEDGER_HEAD, head);
    return str_trim(buf_str(&b));
}

/* ---- Signing and keys ----------------------------------------------------------------------- */

struct signing {
    const struct domain *domain;
    struct ledger_head head;
    struct ledger_key key;
    bool is_new;
};

static bool sign(struct tx *tx, void *context, struct err *e)
{
    struct signing *s = context;
    return ledger_sign(s->domain, tx, &s->head, &s->is_new, e);
}

static bool end(struct tx *tx, void *context, struct err *e)
{
    struct signing *s = context;
    return ledger_end(s->domain, tx, &s->head, e);
}

static bool key_get(struct tx *tx, void *context, struct err *e)
{
    struct signing *s = context;
    return ledger_key_get(s->domain, tx, &s->key, e);
}

static bool key_new(struct tx *tx, void *context, struct err *e)
{
    struct signing *s = context;
    return ledger_key_new(s->domain, tx, &s->key, e);
}

/* Opens the newsroom and writes; the caller closes it either way. */
static bool run(struct cli *c, struct newsroom *n, db_work *work, struct signing *s)
{
    struct err e;
    s->domain = &n->domain;
    if (!newsroom_open(c, cli_dir(c, false), NEWSROOM_BESIDE, n))
        return false;
    if (db_write_now(n->db, c->arena, work, s, &e))
        return true;
    (void)cli_fail(&e);
    return false;
}

enum cli_end command_ledger_sign(struct cli *c)
{
    struct newsroom n = {0};
    struct signing s;
    bool ok = run(c, &n, sign, &s);
    newsroom_close(&n);
    if (!ok)
        return CLI_FAILED;
    if (!s.is_new)
        cli_say("nothing was added since; the newest signed head:");
    cli_print(STR_FMT, STR_ARG(head_text(c->arena, &s.head)));
    return CLI_DONE;
}

static enum cli_end tell_key(struct cli *c, db_work *work)
{
    struct newsroom n = {0};
    struct signing s;
    bool ok = run(c, &n, work, &s);
    newsroom_close(&n);
    if (ok)
        cli_print(STR_FMT, STR_ARG(key_text(c->arena, &s.key)));
    return ok ? CLI_DONE : CLI_FAILED;
}

enum cli_end command_ledger_key(struct cli *c)
{
    return tell_key(c, key_get);
}

enum cli_end command_ledger_new_key(struct cli *c)
{
    return tell_key(c, key_new);
}

/* ---- Exporting ------------------------------------------------------------------------------ */

struct exporting {
    const struct domain *domain;
    const struct ledger_head *end;
    FILE *out;
    int64_t entries;
};

static bool export(struct tx *tx, void *context, struct err *e)
{
    struct exporting *x = context;
    return ledger_export(x->domain, tx, x->end, x->out, &x->entries, e);
}

/* A new file, its owner's alone; "-" is standard output. */
static FILE *create(struct cli *c, struct str path)
{
    if (str_eq(path, STR("-")))
        return stdout;
    int fd = open(arena_cstr(c->arena, path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!out && errno == EEXIST)
        cli_say(STR_FMT ": exists already; name a new file", STR_ARG(path));
    else if (!out)
        cli_say(STR_FMT ": cannot be made: %s", STR_ARG(path), strerror(errno));
    return out;
}

/* Whether a file is on the disk; standard output is whole when it was flushed. */
static bool finish(struct cli *c, struct str path, FILE *out, bool ok)
{
    if (out == stdout)
        return ok;
    if (ok && fsync(fileno(out)) != 0) {
        cli_say(STR_FMT ": cannot be written: %s", STR_ARG(path), strerror(errno));
        ok = false;
    }
    (void)fclose(out);
    if (!ok)
        (void)unlink(arena_cstr(c->arena, path));
    return ok;
}

enum cli_end command_ledger_export(struct cli *c)
{
    struct newsroom n = {0};
    struct signing s;
    struct err e;
    struct str path = c->args[0];
    FILE *out = run(c, &n, end, &s) ? create(c, path) : NULL;
    struct exporting x = {.domain = &n.domain, .end = &s.head, .out = out};
    bool ok = out && db_read(n.db, c->arena, export, &x, &e);
    if (out && !ok)
        (void)cli_fail(&e);
    if (out)
        ok = finish(c, path, out, ok);
    newsroom_close(&n);
    if (ok && out != stdout)
        cli_print("%" PRId64 " entries in " STR_FMT, x.entries, STR_ARG(path));
    return ok ? CLI_DONE : CLI_FAILED;
}

/* ---- Verifying ------------------------------------------------------------------------------ */

struct verifying {
    const struct domain *domain;
    struct ledger_trust trust;
    struct ledger_verdict verdict;
    int64_t unmatched;
};

static void on_unmatched(UNUSED void *context, struct str what)
{
    cli_say("ledger: " STR_FMT, STR_ARG(what));
}

static bool verify(struct tx *tx, void *context, struct err *e)
{
    struct verifying *v = context;
    ON_LEAVE(ledger_reader_close)
    struct ledger_reader *r = ledger_reader_open(v->domain, tx, INT64_MAX);
    const struct ledger_source source = {ledger_reader_next, r};
    return ledger_check(&source, &v->trust, &v->verdict, e) &&
           ledger_match(v->domain, tx, on_unmatched, NULL, &v->unmatched, e);
}

/* --key and --head. */
static bool trust_read(struct cli *c, struct ledger_trust *ret_trust, struct ledger_key *key)
{
    struct err e;
    struct str head = c->values[CLI_OPTION_HEAD];
    *ret_trust = (struct ledger_trust){0};
    if (c->has[CLI_OPTION_KEY]) {
        if (!str_to_bytes(c->values[CLI_OPTION_KEY], key->b, sizeof key->b)) {
            cli_say("--key: is no public key, 64 hexadecimal digits");
            return false;
        }
        ret_trust->key = key;
    }
    if (!c->has[CLI_OPTION_HEAD])
        return true;
    struct ledger_head *heads;
    struct str text = head;
    if ((!str_begins(head, STR("head ")) &&
         !file_read(c->arena, head, LEDGER_NOTED_BYTES_MAX, &text, &e)) ||
        !ledger_noted_read(c->arena, text, &heads, &ret_trust->n_noted, &e)) {
        (void)err_where(&e, "--head");
        (void)cli_fail(&e);
        return false;
    }
    ret_trust->noted = heads;
    return true;
}

static enum cli_end tell(struct cli *c, const struct verifying *v, struct str path)
{
    const struct ledger_verdict *w = &v->verdict;
    if (!w->is_good && w->line > 0)
        cli_say(STR_FMT ":%" PRId64 ": %s", STR_ARG(path), w->line, w->fault);
    else if (!w->is_good)
        cli_say("ledger: %s", w->fault);
    if (!w->is_good || v->unmatched > 0)
        return CLI_FAILED;
    cli_print("good: %" PRId64 " entries, %" PRId64 " signed heads", w->entries, w->heads);
    if (w->covered < w->entries)
        cli_print("not signed yet: %" PRId64 " entries", w->entries - w->covered);
    cli_print("hash: " STR_FMT, STR_ARG(hash_hex(c->arena, w->last, 2 * HASH_BYTES)));
    cli_print("key: " STR_FMT, STR_ARG(key_text(c->arena, &w->key)));
    if (path.n > 0 && !v->trust.key)
        cli_print("The key is the one that the file names. Give the newsroom's with --key, and a "
                  "signed head that you noted earlier with --head.");
    return CLI_DONE;
}

static enum cli_end verify_file(struct cli *c, struct str path, struct verifying *v)
{
    struct err e;
    bool is_stdin = str_eq(path, STR("-"));
    FILE *in = is_stdin ? stdin : fopen(arena_cstr(c->arena, path), "re");
    if (!in) {
        cli_say(STR_FMT ": cannot be opened: %s", STR_ARG(path), strerror(errno));
        return CLI_FAILED;
    }
    v->trust.wants_end = true;
    bool ok = ledger_verify_file(in, &v->trust, &v->verdict, &e);
    if (!is_stdin)
        (void)fclose(in);
    if (!ok) {
        (void)err_where(&e, STR_FMT, STR_ARG(path));
        return cli_fail(&e);
    }
    return tell(c, v, path);
}

enum cli_end command_ledger_verify(struct cli *c)
{
    struct newsroom n = {0};
    struct ledger_key key;
    struct verifying v = {.domain = &n.domain};
    struct err e;
    if (!trust_read(c, &v.trust, &key))
        return CLI_FAILED;
    if (c->n_args > 0)
        return verify_file(c, c->args[0], &v);
    enum cli_end ends = CLI_FAILED;
    if (newsroom_open(c, cli_dir(c, false), NEWSROOM_BESIDE, &n))
        ends = db_read(n.db, c->arena, verify, &v, &e) ? tell(c, &v, STR_NONE) : cli_fail(&e);
    newsroom_close(&n);
    return ends;
}
