#include "domain/inner.h"

#include "base/buf.h"
#include "text/fold.h"
#include "text/shown.h"

#define DAY_S 86400

struct commenter_id commenter_id_of(struct str blob)
{
    struct commenter_id c = {{0}};
    if (blob.n == sizeof c.b)
        memcpy(c.b, blob.p, sizeof c.b);
    return c;
}

struct hash hash_of_blob(struct str blob)
{
    struct hash h = {{0}};
    if (blob.n == sizeof h.b)
        memcpy(h.b, blob.p, sizeof h.b);
    return h;
}

bool comment_is_of(const struct comment *c, const struct commenter_id *who)
{
    return who && hash_eq_bytes(c->commenter.b, who->b, sizeof who->b);
}

int64_t root_number(struct str path)
{
    int64_t numbers[COMMENT_DEPTH_MAX];
    size_t n;
    return path_numbers(path, numbers, &n) ? numbers[0] : 0;
}

void comment_blank(struct comment *c, const struct commenter_id *viewer)
{
    if (c->state == COMMENT_PUBLISHED || comment_is_of(c, viewer))
        return;
    c->name = STR_NONE;
    c->text = STR_NONE;
    c->edited_s = 0;
}

bool kept_words_mark(const struct domain *d, struct tx *tx, struct comment *comments, size_t n,
                     const struct commenter_id *viewer, struct err *e)
{
    int64_t *ids = ARENA_ARRAY(tx_arena(tx), int64_t, n);
    size_t n_ids = 0, n_rows;
    for (size_t i = 0; i < n; i++)
        if (comments[i].withdrawn_by == BY_MODERATOR && comment_is_of(&comments[i], viewer))
            ids[n_ids++] = comments[i].id.v;
    if (n_ids == 0)
        return true;
    struct kept_words_of_in in = {d->site.id.v, ids_json(tx_arena(tx), ids, n_ids), tx_now_s(tx)};
    struct kept_words_of_out *rows;
    if (!sql_kept_words_of(tx, &in, &rows, &n_rows, e))
        return false;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n_rows; k++)
            comments[i].words_kept |= comments[i].id.v == rows[k].comment;
    return true;
}

struct str days_json(struct arena *a, int64_t since_s, int64_t until_s)
{
    int64_t days[DAYS_MAX + 1], last = until_s / DAY_S, first = since_s / DAY_S;
    size_t n = 0;
    for (int64_t day = first > last - DAYS_MAX ? first : last - DAYS_MAX; day <= last; day++)
        days[n++] = day;
    return ids_json(a, days, n);
}

struct str ids_json(struct arena *a, const int64_t *ids, size_t n)
{
    struct buf b = buf_in(a, n * 21 + 2);
    buf_char(&b, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_char(&b, ',');
        buf_int(&b, ids[i]);
    }
    buf_char(&b, ']');
    return buf_str(&b);
}

bool thread_lock(const struct domain *d, struct tx *tx, struct thread_id id,
                 struct thread_lock_out *ret_row, struct err *e)
{
    struct thread_lock_in in = {d->site.id.v, id.v};
    bool found;
    if (!sql_thread_lock(tx, &in, ret_row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no conversation %" PRId64, id.v);
    return true;
}

struct thread thread_of_lock(struct thread_id id, const struct thread_lock_out *row)
{
    return (struct thread){.id = id,
                           .mode = (enum mode)row->mode,
                           .closes_s = row->closes_s,
                           .slow_s = row->slow_s,
                           .holds_all = row->holds_all != 0,
                           .placed = row->placed,
                           .held = row->held,
                           .yes = row->yes,
                           .no = row->no,
                           .rev = row->rev};
}

bool thread_change(const struct domain *d, struct tx *tx, struct thread_id id,
                   const struct thread_delta *delta, struct err *e)
{
    if (!delta->numbers && !delta->placed && !delta->held && !delta->yes && !delta->no &&
        !delta->revs)
        return true;
    struct thread_change_in in = {.site = d->site.id.v,
                                  .id = id.v,
                                  .numbers = delta->numbers,
                                  .placed = delta->placed,
                                  .held = delta->held,
                                  .yes = delta->yes,
                                  .no = delta->no,
                                  .revs = delta->revs};
    return sql_thread_change(tx, &in, NULL, e);
}

struct thread_delta delta_of(const struct move *m)
{
    bool shown = m->placed_before || m->placed_after;
    return (struct thread_delta){
        .placed = (m->placed_after ? 1 : 0) - (m->placed_before ? 1 : 0),
        .held = (m->to == COMMENT_HELD ? 1 : 0) - (m->from == COMMENT_HELD ? 1 : 0),
        .revs = shown && (m->words_changed || m->from != m->to) ? 1 : 0,
    };
}

bool decision_put(const struct domain *d, struct tx *tx, const struct decision *decision,
                  struct err *e)
{
    struct decision_add_in in = {.site = d->site.id.v,
                                 .comment = decision->comment.v,
                                 .moderator = decision->moderator.v,
                                 .rule = decision->rule,
                                 .action = decision->action,
                                 .from_state = decision->from,
                                 .to_state = decision->to,
                                 .reason = decision->reason,
                                 .note = decision->note,
                                 .evidence = decision->evidence,
                                 .undoes = decision->undoes,
                                 .batch = decision->batch,
                                 .was_placed = decision->was.placed,
                                 .was_judged = decision->was.judged,
                                 .was_featured = decision->was.featured,
                                 .was_edited_s = decision->was.edited_s,
                                 .at_s = tx_now_s(tx)};
    return sql_decision_add(tx, &in, NULL, e);
}

enum trust trust_now(int64_t trust, int64_t until_s, int64_t now_s)
{
    return until_s == 0 || until_s > now_s ? (enum trust)trust : TRUST_NONE;
}

bool reports_close(const struct domain *d, struct tx *tx, struct comment_id id, int64_t reports,
                   struct err *e)
{
    if (reports == 0)
        return true;
    struct report_close_all_in in = {d->site.id.v, id.v, tx_now_s(tx)};
    struct comment_count_reports_in count = {d->site.id.v, id.v};
    return sql_report_close_all(tx, &in, NULL, e) && sql_comment_count_reports(tx, &count, NULL, e);
}

static void put_int64(struct buf *b, int64_t n)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_char(b, (char)(uint8_t)((uint64_t)n >> shift));
}

struct hash domain_hash(const struct domain *d, struct str purpose, int64_t first, int64_t second,
                        struct str text)
{
    struct buf b = buf_heap(purpose.n + text.n + 17);
    buf_put(&b, purpose);
    buf_char(&b, '\0');
    put_int64(&b, first);
    put_int64(&b, second);
    buf_put(&b, text);
    struct hash h = hash_keyed(d->secret, buf_str(&b));
    buf_free(&b);
    return h;
}

struct hash words_hash(const struct domain *d, struct arena *a, struct str text)
{
    struct str shown = shown_of(a, text).text, words = fold_words(a, shown);
    /* Nothing but punctuation: the marks themselves are what is said. */
    return words.n > 0 ? domain_hash(d, STR("words"), 0, 0, words)
                       : domain_hash(d, STR("marks"), 0, 0, shown.n > 0 ? shown : text);
}

bool name_protect(const struct domain *d, struct tx *tx, struct str name, struct err *e)
{
    struct protected_name_add_in in = {
        .site = d->site.id.v, .skeleton = fold_skeleton(tx_arena(tx), name), .name = name};
    return in.skeleton.n == 0 || sql_protected_name_add(tx, &in, NULL, e);
}

static enum message name_message(enum name_fault fault)
{
    switch (fault) {
    case NAME_GOOD:
        return T_NONE;
    case NAME_EMPTY:
        return T_NAME_EMPTY;
    case NAME_CONTROLS:
        return T_NAME_CONTROLS;
    case NAME_MARKS:
        return T_NAME_MARKS;
    case NAME_IMITATION:
        return T_NAME_IMITATION;
    case NAME_SCRIPTS:
        return T_NAME_SCRIPTS;
    }
    return T_NONE;
}

bool name_refuse(enum name_fault fault, struct err *e)
{
    return err_set(e, ERR_INVALID, name_message(fault), "name fault %d", (int)fault);
}

bool name_allow(const struct domain *d, struct arena *a, struct str name, struct str *ret_skeleton,
                struct err *e)
{
    enum name_fault fault = name_check(name, d->protected_skeletons, d->n_protected_skeletons);
    if (fault != NAME_GOOD)
        return name_refuse(fault, e);
    *ret_skeleton = fold_skeleton(a, name);
    return true;
}
