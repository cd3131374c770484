#include "domain/report.h"

#include "domain/inner.h"
#include "domain/rules.h"

#define REPORTER_BYTES 16
#define ERASED_AT_ONCE 500

struct hash reporter_of(const struct domain *d, struct comment_id comment, struct str token)
{
    return domain_hash(d, STR("reporter"), comment.v, 0, token);
}

static bool reason_is_known(struct str key)
{
    static const struct str keys[] = {
#define REPORT_REASON(key, message) STR_INIT(key),
#include "model/report_reasons.def"
#undef REPORT_REASON
    };
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (str_eq(keys[i], key))
            return true;
    return false;
}

static bool words_check(const struct report *r, struct err *e)
{
    if (!reason_is_known(r->reason))
        return err_set(e, ERR_INVALID, T_REPORT_REASON_MISSING, "no reason that is known");
    if (str_eq(r->reason, STR("other")) && str_trim(r->text).n == 0)
        return err_set(e, ERR_INVALID, T_REPORT_TEXT_MISSING, "another reason, but no words on it");
    return true;
}

/* The comment, if it may be reported. */
static bool facts_get(const struct domain *d, struct tx *tx, struct comment_id id,
                      const struct commenter_id *viewer, struct report_facts_out *ret_facts,
                      struct err *e)
{
    struct report_facts_in in = {d->site.id.v, id.v};
    bool found;
    if (!sql_report_facts(tx, &in, ret_facts, &found, e))
        return false;
    bool is_own = found && viewer && str_eq(ret_facts->commenter, commenter_str(viewer));
    bool is_known =
        found && (ret_facts->placed || (is_own && state_of(ret_facts->state) != COMMENT_WITHDRAWN));
    if (!is_known)
        return err_set(e, ERR_MISSING, 0, "no comment %" PRId64 " for this reader", id.v);
    if (is_own)
        return err_set(e, ERR_DENIED, T_REPORT_OWN, "comment %" PRId64 " is the reader's", id.v);
    if (state_of(ret_facts->state) != COMMENT_PUBLISHED)
        return err_set(e, ERR_CONFLICT, T_REPORT_GONE, "comment %" PRId64 " is not public", id.v);
    return true;
}

bool report_check(const struct domain *d, struct tx *tx, struct comment_id comment,
                  const struct commenter_id *viewer, struct err *e)
{
    struct report_facts_out facts;
    return facts_get(d, tx, comment, viewer, &facts, e);
}

/* Adds the row, unless the reporter has one. */
static bool row_add(const struct domain *d, struct tx *tx, const struct report *r, bool *ret_is_new,
                    struct err *e)
{
    bool is_kept = r->network.n == NETWORK_BYTES && d->settings->moderation_network_hours > 0;
    struct hash network =
        domain_hash(d, STR("reporter's network"), r->comment.v, 0, is_kept ? r->network : STR_NONE);
    struct report_add_in in = {
        .site = d->site.id.v,
        .comment = r->comment.v,
        .reporter = str_head(hash_str(&r->reporter), REPORTER_BYTES),
        .network = is_kept ? str_head(hash_str(&network), NETWORK_BYTES) : STR_NONE,
        .reason = r->reason,
        .at_s = tx_now_s(tx),
        .text = r->text,
    };
    int64_t changed;
    if (!sql_report_add(tx, &in, &changed, e))
        return false;
    *ret_is_new = changed > 0;
    return true;
}

/* Whether readers alone take it out of sight, this report being one more than facts says. */
static bool hold_get(const struct domain *d, struct tx *tx, const struct report *r,
                     const struct report_facts_out *facts, bool *ret_holds, struct err *e)
{
    int64_t least = d->settings->moderation_reports_hold;
    struct report_distinct_in in = {d->site.id.v, r->comment.v};
    struct report_distinct_out row;
    *ret_holds = false;
    if (least == 0 || facts->reports + 1 < least || facts->is_approved ||
        trust_now(facts->trust, facts->trust_until_s, tx_now_s(tx)) == TRUST_FULL)
        return true;
    if (!sql_report_distinct(tx, &in, &row, e))
        return false;
    *ret_holds = row.n >= least;
    return true;
}

static bool comment_hold(const struct domain *d, struct tx *tx, struct comment_id id, struct err *e)
{
    struct comment_hold_in in = {d->site.id.v, id.v};
    struct move m = {
        .from = COMMENT_PUBLISHED, .to = COMMENT_HELD, .placed_before = true, .placed_after = true};
    struct thread_delta delta = delta_of(&m);
    struct decision why = {
        .comment = id, .rule = STR("reports"), .action = ACTION_HOLD, .from = m.from, .to = m.to};
    return sql_comment_hold(tx, &in, NULL, e) &&
           thread_change(d, tx, comment_id_thread(id), &delta, e) && decision_put(d, tx, &why, e);
}

bool report_add(const struct domain *d, struct tx *tx, const struct report *r, bool *ret_is_held,
                struct err *e)
{
    struct thread_lock_out row;
    struct report_facts_out facts;
    struct comment_reported_in count = {d->site.id.v, r->comment.v};
    bool is_new, holds = false;
    if (!words_check(r, e) || !thread_lock(d, tx, comment_id_thread(r->comment), &row, e) ||
        !facts_get(d, tx, r->comment, r->viewer, &facts, e) || !row_add(d, tx, r, &is_new, e))
        return false;
    if (is_new &&
        (!sql_comment_reported(tx, &count, NULL, e) || !hold_get(d, tx, r, &facts, &holds, e) ||
         (holds && !comment_hold(d, tx, r->comment, e))))
        return false;
    *ret_is_held = holds;
    return true;
}

bool report_list(const struct domain *d, struct tx *tx, struct comment_id comment,
                 struct report_line **ret_lines, size_t *ret_n, struct err *e)
{
    struct report_list_in in = {d->site.id.v, comment.v, REPORTS_SHOWN_MAX};
    struct report_list_out *rows;
    size_t n;
    if (!sql_report_list(tx, &in, &rows, &n, e))
        return false;
    struct report_line *lines = ARENA_ARRAY(tx_arena(tx), struct report_line, n);
    for (size_t i = 0; i < n; i++)
        lines[i] =
            (struct report_line){rows[i].reason, rows[i].text, rows[i].at_s, rows[i].closed_s};
    *ret_lines = lines;
    *ret_n = n;
    return true;
}

bool report_expire(const struct domain *d, struct tx *tx, int64_t *ret_erased, struct err *e)
{
    int64_t now_s = tx_now_s(tx);
    struct report_forget_networks_in forget = {
        d->site.id.v, now_s - d->settings->moderation_network_hours * 3600};
    int64_t before_s = now_s - d->settings->moderation_reports_days * 86400;
    struct report_due_in in = {d->site.id.v, before_s, ERASED_AT_ONCE};
    struct report_due_out *rows;
    size_t n;
    *ret_erased = 0;
    if (!sql_report_forget_networks(tx, &forget, NULL, e) || !sql_report_due(tx, &in, &rows, &n, e))
        return false;
    if (n == 0)
        return true;
    int64_t *ids = ARENA_ARRAY(tx_arena(tx), int64_t, n);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].comment;
    struct report_erase_in erase = {d->site.id.v, before_s, ids_json(tx_arena(tx), ids, n)};
    return sql_report_erase(tx, &erase, ret_erased, e);
}
