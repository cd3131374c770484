#include "domain/comments.h"
#include "domain/rules.h"
#include "text/language.h"
#include "text/utf8.h"

/* An import under way. */
struct importing {
    const struct domain *d;
    struct tx *tx;
    struct thread_id thread;
    struct thread_delta delta;
    int64_t next_number;
    size_t added;
};

/*
 * Nobody has the edit key of what was brought in. The same name within one conversation is taken
 * for the same person, names under different articles are not.
 */
static bool import_commenter(const struct importing *in, struct comment *c, struct str name,
                             struct err *e)
{
    struct hash id = domain_hash(in->d, STR("import-id"), in->thread.v, 0, name);
    struct hash key = domain_hash(in->d, STR("import-key"), in->thread.v, 0, name);
    memcpy(c->commenter.b, id.b, sizeof c->commenter.b);
    struct commenter_add_in row = {in->d->site.id.v, commenter_str(&c->commenter), hash_str(&key),
                                   c->created_s};
    return sql_commenter_add(in->tx, &row, NULL, e);
}

/* Its place; errors ERR_INVALID when it answers nothing that has one. */
static bool import_seat(const struct importing *in, const struct comment_import *given,
                        struct comment *c, struct err *e)
{
    struct arena *a = tx_arena(in->tx);
    if (given->reply_to == 0) {
        c->path = path_root(a, given->number);
        c->depth = 1;
        return true;
    }
    struct comment_place_out row;
    bool found = false;
    if (given->reply_to > 0 && given->reply_to < given->number) {
        c->parent = comment_id_of(in->thread, given->reply_to);
        struct comment_place_in place = {in->d->site.id.v, c->parent.v};
        if (!sql_comment_place(in->tx, &place, &row, &found, e))
            return false;
    }
    if (!found || !row.placed || !path_reply(a, row.path, given->number, &c->path, &c->depth))
        return err_set(e, ERR_INVALID, 0,
                       "comment %" PRId64 ": it answers %" PRId64 ", which has no place before it",
                       given->number, given->reply_to);
    return true;
}

static bool import_check(const struct comment_import *given, struct err *e)
{
    const char *what = NULL;
    if (given->number < 1 || given->number > COMMENT_NUMBER_MAX)
        what = "the number is not possible";
    else if (given->state > COMMENT_WITHDRAWN)
        what = "the state is not known";
    else if (given->at_s <= 0)
        what = "the time is missing";
    else if (given->state != COMMENT_WITHDRAWN && (given->text.n == 0 || given->name.n == 0))
        what = "the name or the text is empty";
    else if (!utf8_is_text(given->text, true) || !utf8_is_text(given->name, false))
        what = "the name or the text has bytes that are no text";
    if (what)
        return err_set(e, ERR_INVALID, 0, "comment %" PRId64 ": %s", given->number, what);
    return true;
}

static void import_fill(const struct importing *in, const struct comment_import *given,
                        struct comment *c)
{
    const struct site *site = &in->d->site;
    bool withdrawn = given->state == COMMENT_WITHDRAWN;
    c->number = given->number;
    c->id = comment_id_of(in->thread, given->number);
    c->lang = given->lang.n > 0
                  ? given->lang
                  : language_guess(given->text, site->languages, site->n_languages, site->language);
    c->name = withdrawn ? STR_NONE : given->name;
    c->text = withdrawn ? STR_NONE : given->text;
    c->state = given->state;
    c->placed = given->state == COMMENT_PUBLISHED || withdrawn;
    c->created_s = given->at_s;
    if (withdrawn)
        c->withdrawn_by = given->withdrawn_by == BY_MODERATOR ? BY_MODERATOR : BY_AUTHOR;
}

static bool import_one(struct importing *in, const struct comment_import *given, struct err *e)
{
    struct comment c = {.number = 0};
    if (!import_check(given, e))
        return false;
    import_fill(in, given, &c);
    struct comment_place_in there = {in->d->site.id.v, c.id.v};
    struct comment_place_out row;
    bool found;
    if (!sql_comment_place(in->tx, &there, &row, &found, e))
        return false;
    if (found)
        return true;
    if (!import_seat(in, given, &c, e) || !import_commenter(in, &c, given->name, e))
        return false;
    struct hash idem = domain_hash(in->d, STR("import"), in->thread.v, given->number, STR_NONE);
    struct hash words = words_hash(in->d, tx_arena(in->tx), c.text);
    struct new_comment extra = {
        .idem = str_head(hash_str(&idem), 16),
        .text_hash =
            c.state == COMMENT_WITHDRAWN ? STR_NONE : str_head(hash_str(&words), WORDS_HASH_BYTES),
        .rule = STR("import"),
    };
    if (!comment_store(in->d, in->tx, &c, &extra, e))
        return false;
    in->delta.placed += c.placed;
    in->delta.held += c.state == COMMENT_HELD;
    in->delta.revs = 1;
    if (c.number >= in->next_number)
        in->next_number = c.number + 1;
    in->added++;
    return true;
}

bool comment_import_all(const struct domain *d, struct tx *tx,
                        const struct comment_imports *imports, size_t *ret_added, struct err *e)
{
    struct article_by_key_in by_key = {d->site.id.v, imports->article_key};
    struct article_by_key_out article;
    bool found;
    if (!sql_article_by_key(tx, &by_key, &article, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no article \"" STR_FMT "\"",
                       STR_ARG(imports->article_key));
    struct importing in = {.d = d, .tx = tx, .thread = {article.id}};
    struct thread_lock_out row;
    if (!thread_lock(d, tx, in.thread, &row, e))
        return false;
    in.next_number = row.next_number;
    for (size_t i = 0; i < imports->n; i++)
        if (!import_one(&in, &imports->comments[i], e))
            return false;
    in.delta.numbers = in.next_number - row.next_number;
    if (!thread_change(d, tx, in.thread, &in.delta, e))
        return false;
    *ret_added = in.added;
    return true;
}
