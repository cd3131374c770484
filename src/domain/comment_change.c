#include "domain/campaign_meet.h"
#include "domain/comments.h"
#include "domain/deciding.h"
#include "domain/rule_judge.h"
#include "domain/rules.h"
#include "text/language.h"

bool comment_may_edit(const struct domain *d, const struct comment *c,
                      const struct commenter_id *who, int64_t now_s)
{
    if (!comment_is_of(c, who))
        return false;
    if (c->state == COMMENT_HELD)
        return true;
    return c->state == COMMENT_PUBLISHED &&
           now_s - c->created_s < d->settings->comments_edit_minutes * 60;
}

bool comment_may_withdraw(const struct comment *c, const struct commenter_id *who)
{
    return comment_is_of(c, who) && (c->state != COMMENT_WITHDRAWN || c->words_kept);
}

/* What the author's changes need of a row; the words are only compared. */
struct own {
    struct comment comment;
    int64_t judged;
    int64_t reports;
    int64_t approved;
    enum trust trust;
};

/* Errors ERR_MISSING: there is none, or it is another's and not public. */
static bool own_get(const struct domain *d, struct tx *tx, struct comment_id id,
                    const struct commenter_id *who, struct own *ret_own, struct err *e)
{
    struct comment_judge_get_in in = {d->site.id.v, id.v};
    struct comment_judge_get_out row;
    bool found;
    if (!sql_comment_judge_get(tx, &in, &row, &found, e))
        return false;
    struct own own = {.comment = {.id = id}};
    if (found)
        own = (struct own){.comment = {.id = id,
                                       .commenter = commenter_id_of(row.commenter),
                                       .state = state_of(row.state),
                                       .placed = row.placed != 0,
                                       .withdrawn_by = (enum comment_by)row.withdrawn_by,
                                       .featured = row.featured != 0,
                                       .created_s = row.created_s,
                                       .edited_s = row.edited_s,
                                       .lang = row.lang,
                                       .text = row.text},
                           .judged = row.judged,
                           .reports = row.reports,
                           .approved = row.approved,
                           .trust = trust_now(row.trust, row.trust_until_s, tx_now_s(tx))};
    if (!found || (!own.comment.placed && !comment_is_of(&own.comment, who)))
        return err_set(e, ERR_MISSING, 0, "no comment %" PRId64 " of this author", id.v);
    *ret_own = own;
    return true;
}

static bool edit_refuse(const struct comment *c, const struct commenter_id *who, struct err *e)
{
    bool late = comment_is_of(c, who) && c->state == COMMENT_PUBLISHED;
    return err_set(e, ERR_DENIED, late ? T_COMMENT_EDIT_LATE : 0,
                   "comment %" PRId64 " cannot be edited by this author now", c->id.v);
}

struct new_words words_prepare(const struct domain *d, struct arena *a, struct str text)
{
    return (struct new_words){.text = text,
                              .hash = words_hash(d, a, text),
                              .rules = rules_look(d->rules, a, text),
                              .sketch = campaign_sketch(d, a, text, STR_NONE)};
}

/* Errors ERR_CONFLICT: another comment than `but` had these words lately. */
static bool words_are_new(const struct domain *d, struct tx *tx, struct comment_id but,
                          struct thread_id t, const struct hash *words, struct err *e)
{
    int64_t hours = d->settings->comments_repeat_hours;
    if (hours == 0)
        return true;
    struct comment_same_words_in in = {
        .site = d->site.id.v,
        .days = days_json(tx_arena(tx), tx_now_s(tx) - hours * 3600, tx_now_s(tx)),
        .thread = t.v,
        .text_hash = str_head(hash_str(words), WORDS_HASH_BYTES),
        .since_s = tx_now_s(tx) - hours * 3600,
        .but_id = but.v};
    struct comment_same_words_out row;
    bool found;
    if (!sql_comment_same_words(tx, &in, &row, &found, e))
        return false;
    if (found)
        return err_set(e, ERR_CONFLICT, T_COMMENT_REPEATED, "the words of comment %" PRId64,
                       row.id);
    return true;
}

/* What the site's rules make of the new words. */
static bool rules_ask(const struct domain *d, struct tx *tx, const struct own *own,
                      const struct new_words *words, struct rule_met *ret_met, struct err *e)
{
    struct rule_subject subject = {.findings = &words->rules,
                                   .words = &words->hash,
                                   .thread = comment_id_thread(own->comment.id),
                                   .trust = own->trust,
                                   .commenter = own->comment.commenter};
    return rules_judge(d, tx, &subject, ret_met, e);
}

/* Each edit has a time of its own, so that a decision meets the words it was made about. */
static int64_t edit_time(const struct tx *tx, const struct comment *c)
{
    int64_t now_s = tx_now_s(tx);
    return now_s > c->edited_s ? now_s : c->edited_s + 1;
}

/* Writes the words; the comment gets that state. */
static bool words_set(const struct domain *d, struct tx *tx, const struct own *own,
                      enum comment_state state, const struct new_words *words, struct err *e)
{
    const struct comment *c = &own->comment;
    struct comment_set_text_in in = {
        .site = d->site.id.v,
        .id = c->id.v,
        .state = state,
        .edited_s = edit_time(tx, c),
        .text_hash = str_head(hash_str(&words->hash), WORDS_HASH_BYTES),
        .lang = language_guess(words->text, d->site.languages, d->site.n_languages, c->lang),
        .text = words->text};
    return sql_comment_set_text(tx, &in, NULL, e);
}

/* Why the comment has another state with its new words. */
static bool edit_decide(const struct domain *d, struct tx *tx, const struct own *own,
                        struct str rule, const struct campaign_met *copy, struct err *e)
{
    const struct comment *c = &own->comment;
    struct decision_facts_out facts = {.seq = 0};
    struct decision why = {
        .comment = c->id,
        .rule = rule,
        .reason = copy->reason,
        .action = action_to(copy->state),
        .from = copy->batch ? copy->given : c->state,
        .to = copy->state,
        .batch = copy->batch,
        .was = {.placed = c->placed, .judged = own->judged, .edited_s = edit_time(tx, c)}};
    return (why.batch == 0 || facts_get(d, tx, c->id, 0, &facts, e)) &&
           campaign_carry(d, tx, &why, facts.seq + 1, e);
}

/* A rule that reported the words of before does not speak of the new ones. */
static bool old_report_end(const struct domain *d, struct tx *tx, const struct own *own,
                           const struct rule_met *met, struct err *e)
{
    bool may_stand = own->reports > 0 && !(met->id && met->does == RULE_REPORTS);
    return !may_stand || rule_report_end(d, tx, own->comment.id, e);
}

bool comment_edit(const struct domain *d, struct tx *tx, struct comment_id id,
                  const struct commenter_id *who, const struct new_words *words, struct err *e)
{
    struct thread_lock_out row;
    struct own own = {.comment = {.id = id}};
    if (!thread_lock(d, tx, comment_id_thread(id), &row, e) || !own_get(d, tx, id, who, &own, e))
        return false;
    const struct comment *c = &own.comment;
    if (!comment_may_edit(d, c, who, tx_now_s(tx)))
        return edit_refuse(c, who, e);
    struct thread t = thread_of_lock(comment_id_thread(id), &row);
    if (!thread_takes_words(&t, tx_now_s(tx), e) || !trust_takes_words(own.trust, e))
        return false;
    if (str_eq(c->text, words->text))
        return true;
    struct rule_met met;
    if (!words_are_new(d, tx, id, t.id, &words->hash, e) || !rules_ask(d, tx, &own, words, &met, e))
        return false;

    struct hold_rule hold = site_rule_of(&t, trust_rule_of(d, own.trust, t.mode, own.approved));
    struct comment changed = {.id = id,
                              .commenter = c->commenter,
                              .state = rule_weigh(&met, hold.holds ? COMMENT_HELD : c->state),
                              .created_s = c->created_s};
    struct campaign_meeting meeting = {&changed, words->sketch, own.trust};
    struct campaign_met copy;
    if (!campaign_meet(d, tx, &meeting, &copy, e))
        return false;
    if (copy.rule.n > 0) {
        met = (struct rule_met){0};
        hold.rule = copy.rule;
    }
    enum comment_state to = copy.state;
    struct move m = {.from = c->state,
                     .to = to,
                     .placed_before = c->placed,
                     .placed_after = c->placed,
                     .words_changed = c->state == COMMENT_PUBLISHED};
    struct thread_delta delta = delta_of(&m);
    struct rule_effect effect = {id, c->state, to, edit_time(tx, c)};
    if (!words_set(d, tx, &own, to, words, e) || !campaign_note(d, tx, &copy, id, e) ||
        !thread_change(d, tx, t.id, &delta, e) || !rule_note(d, tx, &effect, &met, e) ||
        !old_report_end(d, tx, &own, &met, e))
        return false;
    return to == c->state || met.id || edit_decide(d, tx, &own, hold.rule, &copy, e);
}

bool comment_erase(const struct domain *d, struct tx *tx, const struct erase *erase, struct err *e)
{
    struct comment_erase_in in = {.site = d->site.id.v,
                                  .id = erase->id.v,
                                  .withdrawn_by = erase->by,
                                  .judged = erase->judged,
                                  .nothing = STR_NONE};
    campaign_follow(d, tx, erase->id, COMMENT_WITHDRAWN);
    return sql_comment_erase(tx, &in, NULL, e);
}

/* What a moderator withdrew the author takes back as well: then nobody can undo it any more. */
static bool kept_words_withdraw(const struct domain *d, struct tx *tx, struct comment_id id,
                                struct err *e)
{
    struct kept_words_drop_in in = {d->site.id.v, id.v};
    struct decision why = {.comment = id,
                           .rule = STR("author"),
                           .action = ACTION_WITHDRAW,
                           .from = COMMENT_WITHDRAWN,
                           .to = COMMENT_WITHDRAWN};
    int64_t changed;
    if (!sql_kept_words_drop(tx, &in, &changed, e))
        return false;
    if (changed == 0)
        return err_set(e, ERR_DENIED, 0, "comment %" PRId64 " has no words any more", id.v);
    return decision_put(d, tx, &why, e);
}

bool comment_withdraw(const struct domain *d, struct tx *tx, struct comment_id id,
                      const struct commenter_id *who, struct err *e)
{
    struct thread_lock_out row;
    struct own own = {.comment = {.id = id}};
    if (!thread_lock(d, tx, comment_id_thread(id), &row, e) || !own_get(d, tx, id, who, &own, e))
        return false;
    const struct comment *c = &own.comment;
    if (comment_is_of(c, who) && c->withdrawn_by == BY_MODERATOR)
        return kept_words_withdraw(d, tx, id, e);
    if (!comment_may_withdraw(c, who))
        return err_set(e, ERR_DENIED, 0, "comment %" PRId64 " cannot be withdrawn", id.v);
    struct move m = {.from = c->state,
                     .to = COMMENT_WITHDRAWN,
                     .placed_before = c->placed,
                     .placed_after = c->placed};
    struct thread_delta delta = delta_of(&m);
    struct erase erase = {.id = id, .by = BY_AUTHOR, .judged = own.judged};
    struct decision why = {.comment = id,
                           .rule = STR("author"),
                           .action = ACTION_WITHDRAW,
                           .from = c->state,
                           .to = COMMENT_WITHDRAWN};
    return comment_erase(d, tx, &erase, e) &&
           thread_change(d, tx, comment_id_thread(id), &delta, e) && decision_put(d, tx, &why, e) &&
           reports_close(d, tx, id, own.reports, e);
}
