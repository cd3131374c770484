#include "base/must.h"
#include "base/rand.h"
#include "domain/arriving.h"
#include "domain/campaign_meet.h"
#include "domain/comments.h"
#include "domain/conversation.h"
#include "domain/rule_judge.h"
#include "domain/rules.h"
#include "text/language.h"

#define COMMENTER_TIME_BYTES 5

struct hold_rule hold_rule_of(const struct domain *d, enum mode mode, int64_t approved)
{
    switch (mode) {
    case MODE_OPEN:
        return (struct hold_rule){false, STR_NONE};
    case MODE_FIRST:
        return approved < d->settings->comments_first_n
                   ? (struct hold_rule){true, STR("mode:first")}
                   : (struct hold_rule){false, STR_NONE};
    case MODE_HELD:
    case MODE_CLOSED:
        return (struct hold_rule){true, STR("mode:held")};
    }
    return (struct hold_rule){true, STR("mode:held")};
}

bool thread_takes_words(const struct thread *t, int64_t now_s, struct err *e)
{
    enum message why;
    if (!thread_is_open(t, now_s, &why))
        return err_set(e, ERR_DENIED, (int)why, "conversation %" PRId64 " is closed", t->id.v);
    return true;
}

/* The comment that the same form made before. */
static bool repeat_get(const struct domain *d, struct tx *tx, const struct comment_draft *draft,
                       struct comment_added *ret_added, struct err *e)
{
    struct comment_by_idem_in in = {
        d->site.id.v, draft->thread.v, {(const char *)draft->idem, sizeof draft->idem}};
    struct comment_by_idem_out row;
    if (!sql_comment_by_idem(tx, &in, &row, e))
        return false;
    struct hash key = hash_of_blob(row.key_hash);
    *ret_added = (struct comment_added){
        .comment = COMMENT_OF_ROW(row),
        .is_repeat = true,
        .is_new_commenter = !draft->has_commenter && hash_eq(key, draft->new_key_hash),
    };
    return true;
}

/* A comment on its way into its conversation. */
struct writing {
    const struct comment_draft *draft;
    struct comment_before_out before; /* what there was */
    struct thread thread;             /* of it: who may write what */
    struct comment_added added;
    enum trust trust;         /* in the writer */
    struct hold_rule hold;    /* by mode and trust */
    struct rule_met met;      /* of the site's rules */
    struct campaign_met copy; /* what it is a copy of */
};

static bool before_get(const struct domain *d, struct tx *tx, struct writing *w, struct err *e)
{
    const struct comment_draft *draft = w->draft;
    int64_t now_s = tx_now_s(tx), words_s = now_s - d->settings->comments_repeat_hours * 3600;
    bool asks_network = !draft->has_commenter && network_is_kept(d, draft->network);
    struct comment_before_in in = {
        .site = d->site.id.v,
        .thread = draft->thread.v,
        .idem = {(const char *)draft->idem, sizeof draft->idem},
        .skeleton = draft->facts->skeleton,
        .days = words_s < now_s ? days_json(tx_arena(tx), words_s, now_s) : STR("[]"),
        .text_hash = str_head(hash_str(&draft->facts->words), WORDS_HASH_BYTES),
        .since_s = words_s,
        .parent = comment_id_of(draft->thread, draft->reply_to > 0 ? draft->reply_to : 0).v,
        .commenter = draft->has_commenter ? commenter_str(&draft->commenter) : STR_NONE,
        .network = asks_network ? draft->network : STR_NONE,
        .network_since_s = now_s - d->settings->moderation_network_hours * 3600,
        .now_s = now_s};
    bool found;
    arriving_meet(tx, draft);
    if (!sql_comment_before(tx, &in, &w->before, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no conversation %" PRId64, draft->thread.v);
    w->thread = (struct thread){.id = draft->thread,
                                .mode = (enum mode)w->before.mode,
                                .closes_s = w->before.closes_s,
                                .slow_s = w->before.slow_s,
                                .holds_all = w->before.holds_all != 0};
    return true;
}

/* Where the comment will stand: parent, number, path, depth; and the name it answers. */
static bool comment_seat(struct tx *tx, struct writing *w, struct err *e)
{
    const struct comment_before_out *row = &w->before;
    const struct comment_draft *draft = w->draft;
    struct comment *c = &w->added.comment;
    c->number = arriving_number(tx, draft->thread, row->next_number);
    if (c->number > COMMENT_NUMBER_MAX)
        return err_set(e, ERR_DENIED, T_COMMENT_CLOSED, "conversation %" PRId64 " is full",
                       draft->thread.v);
    c->id = comment_id_of(draft->thread, c->number);
    if (draft->reply_to == 0) {
        c->depth = 1;
        c->path = path_root(tx_arena(tx), c->number);
        c->root_path = c->path;
        return true;
    }
    if (draft->reply_to < 0 || draft->reply_to >= c->number)
        return err_set(e, ERR_MISSING, T_COMMENT_PARENT_GONE, "no comment to reply to");
    c->parent = comment_id_of(draft->thread, draft->reply_to);
    if (!row->parent_placed.v)
        return err_set(e, ERR_MISSING, T_COMMENT_PARENT_GONE, "comment %" PRId64 " has no place",
                       c->parent.v);
    if (!path_reply(tx_arena(tx), row->parent_path, c->number, &c->path, &c->depth))
        return err_set(e, ERR_BROKEN, 0, "comment %" PRId64 " has a broken path", c->parent.v);
    c->root_path = path_head(c->path);
    c->parent_name = row->parent_state.v == COMMENT_PUBLISHED ? row->parent_name : STR_NONE;
    return true;
}

struct commenter_id commenter_id_new(int64_t now_s)
{
    struct commenter_id id;
    rand_bytes(id.b, sizeof id.b);
    for (size_t i = 0; i < COMMENTER_TIME_BYTES; i++)
        id.b[i] = (uint8_t)((uint64_t)now_s >> 8 * (COMMENTER_TIME_BYTES - 1 - i));
    return id;
}

/* Who writes: known by the edit key, or a new guest. */
static bool writer_see(struct tx *tx, struct writing *w, struct err *e)
{
    const struct comment_before_out *row = &w->before;
    struct comment_added *added = &w->added;
    added->is_new_commenter = !w->draft->has_commenter;
    added->comment.commenter =
        added->is_new_commenter ? commenter_id_new(tx_now_s(tx)) : w->draft->commenter;
    if (!added->is_new_commenter && !row->approved.is_set)
        return err_set(e, ERR_MISSING, 0, "there is no such commenter");
    w->trust = trust_now(row->trust.v, row->trust_until_s.v, tx_now_s(tx));
    return trust_takes_words(w->trust, e);
}

static bool words_check(const struct writing *w, struct err *e)
{
    if (w->before.protected.p)
        return name_refuse(NAME_IMITATION, e);
    if (w->before.same_words.is_set)
        return err_set(e, ERR_CONFLICT, T_COMMENT_REPEATED, "the words of comment %" PRId64,
                       w->before.same_words.v);
    return true;
}

/* Whether it may be written at all; gives it its place and its author. */
static bool writing_open(const struct domain *d, struct tx *tx, struct writing *w, struct err *e)
{
    return thread_takes_words(&w->thread, tx_now_s(tx), e) && comment_seat(tx, w, e) &&
           words_check(w, e) && writer_see(tx, w, e) &&
           (w->added.is_new_commenter ||
            slow_check(d, tx, &w->thread, &w->added.comment.commenter, e));
}

/* Whether the comment is held, by what is known of who writes it. */
static void hold_see(const struct domain *d, struct writing *w)
{
    bool is_suspect = w->added.is_new_commenter && w->before.banned.is_set;
    w->hold = is_suspect ? (struct hold_rule){true, STR("network:banned")}
                         : trust_rule_of(d, w->trust, w->thread.mode, w->before.approved.v);
    w->hold = site_rule_of(&w->thread, w->hold);
}

/* What the site's rules make of it. */
static bool rules_ask(const struct domain *d, struct tx *tx, struct writing *w, struct err *e)
{
    const struct comment_facts *facts = w->draft->facts;
    struct comment *c = &w->added.comment;
    struct rule_subject subject = {.findings = &facts->rules,
                                   .words = &facts->words,
                                   .thread = w->thread.id,
                                   .trust = w->trust,
                                   .is_new_commenter = w->added.is_new_commenter,
                                   .commenter = c->commenter};
    if (!rules_judge(d, tx, &subject, &w->met, e))
        return false;
    c->state = rule_weigh(&w->met, w->hold.holds ? COMMENT_HELD : COMMENT_PUBLISHED);
    return true;
}

/* What becomes of it: the strictest of what is known of its author, its words and its copies. */
static bool writing_judge(const struct domain *d, struct tx *tx, struct writing *w, struct err *e)
{
    struct comment *c = &w->added.comment;
    hold_see(d, w);
    if (!rules_ask(d, tx, w, e) || !tx_begin_changes(tx, e))
        return false;
    struct campaign_meeting meeting = {c, w->draft->facts->sketch, w->trust};
    if (!campaign_meet(d, tx, &meeting, &w->copy, e))
        return false;
    if (w->copy.rule.n > 0) {
        w->met = (struct rule_met){0};
        w->hold.rule = w->copy.rule;
    }
    c->state = w->copy.state;
    c->placed = c->state == COMMENT_PUBLISHED;
    return true;
}

/* A new guest with the new key. */
static bool writer_store(const struct domain *d, struct tx *tx, const struct writing *w,
                         struct err *e)
{
    struct commenter_new_in in = {d->site.id.v, commenter_str(&w->added.comment.commenter),
                                  hash_str(&w->draft->new_key_hash), tx_now_s(tx)};
    return !w->added.is_new_commenter || sql_commenter_new(tx, &in, NULL, e);
}

static bool writing_store(const struct domain *d, struct tx *tx, const struct writing *w,
                          struct err *e)
{
    const struct comment *c = &w->added.comment;
    struct new_comment extra = {
        .idem = {(const char *)w->draft->idem, sizeof w->draft->idem},
        .text_hash = str_head(hash_str(&w->draft->facts->words), WORDS_HASH_BYTES),
        .rule = w->met.id ? STR_NONE : w->hold.rule,
        .reason = w->copy.reason,
        .batch = w->copy.batch,
        .from = w->copy.batch ? w->copy.given : COMMENT_HELD,
    };
    struct thread_delta delta = {.numbers = 1,
                                 .placed = c->placed ? 1 : 0,
                                 .held = c->state == COMMENT_HELD ? 1 : 0,
                                 .revs = c->placed ? 1 : 0};
    struct rule_effect effect = {c->id, COMMENT_HELD, c->state, 0};
    return writer_store(d, tx, w, e) && comment_store(d, tx, c, &extra, e) &&
           campaign_note(d, tx, &w->copy, c->id, e) &&
           thread_change(d, tx, w->thread.id, &delta, e) &&
           arrival_note(d, tx, c->id, w->draft->network, e) &&
           rule_note(d, tx, &effect, &w->met, e);
}

enum action action_to(enum comment_state state)
{
    static const enum action action_of[] = {
        [COMMENT_HELD] = ACTION_HOLD,          [COMMENT_PUBLISHED] = ACTION_PUBLISH,
        [COMMENT_REJECTED] = ACTION_REJECT,    [COMMENT_SPAM] = ACTION_SPAM,
        [COMMENT_WITHDRAWN] = ACTION_WITHDRAW,
    };
    return action_of[state];
}

bool comment_store(const struct domain *d, struct tx *tx, const struct comment *c,
                   const struct new_comment *extra, struct err *e)
{
    struct comment_insert_in in = {
        .site = d->site.id.v,
        .id = c->id.v,
        .thread = comment_id_thread(c->id).v,
        .parent = c->parent.v,
        .depth = c->depth,
        .root = root_number(c->path),
        .path = c->path,
        .state = c->state,
        .placed = c->placed,
        .withdrawn_by = c->withdrawn_by,
        .created_s = c->created_s,
        .commenter = commenter_str(&c->commenter),
        .idem = extra->idem,
        .text_hash = extra->text_hash,
        .lang = c->lang,
        .name = c->name,
        .text = c->text,
    };
    if (!sql_comment_insert(tx, &in, NULL, e))
        return false;
    if (c->state == COMMENT_PUBLISHED || extra->rule.n == 0)
        return true;
    struct decision why = {.comment = c->id,
                           .rule = extra->rule,
                           .evidence = extra->evidence,
                           .reason = extra->reason,
                           .action = action_to(c->state),
                           .from = extra->from,
                           .to = c->state,
                           .batch = extra->batch};
    return campaign_carry(d, tx, &why, 1, e);
}

bool comment_prepare(const struct domain *d, struct arena *a, struct comment_draft *draft,
                     struct err *e)
{
    struct comment_facts facts;
    if (!name_allow(d, a, draft->name, &facts.skeleton, e))
        return false;
    facts.words = words_hash(d, a, draft->text);
    facts.sketch = campaign_sketch(d, a, draft->text, draft->name);
    facts.rules = rules_look(d->rules, a, draft->text);
    facts.lang = language_guess(draft->text, d->site.languages, d->site.n_languages, draft->lang);
    struct comment_facts *kept = ARENA_NEW(a, struct comment_facts);
    *kept = facts;
    draft->facts = kept;
    return true;
}

bool comment_add(const struct domain *d, struct tx *tx, const struct comment_draft *draft,
                 struct comment_added *ret_added, struct err *e)
{
    MUST(draft->facts);
    struct writing w = {.draft = draft,
                        .added = {.comment = {.lang = draft->facts->lang,
                                              .name = draft->name,
                                              .text = draft->text,
                                              .created_s = tx_now_s(tx)}}};
    if (!before_get(d, tx, &w, e))
        return false;
    if (w.before.repeats.is_set)
        return repeat_get(d, tx, draft, ret_added, e);
    if (!writing_open(d, tx, &w, e) || !writing_judge(d, tx, &w, e) || !writing_store(d, tx, &w, e))
        return false;
    arriving_note(tx, draft, &w.added.comment);
    *ret_added = w.added;
    return true;
}

bool commenter_find(const struct domain *d, struct tx *tx, const struct commenter_id *id,
                    struct hash key_hash, bool *ret_found, struct err *e)
{
    struct commenter_key_in in = {d->site.id.v, commenter_str(id)};
    struct commenter_key_out row;
    bool found;
    if (!sql_commenter_key(tx, &in, &row, &found, e))
        return false;
    *ret_found = found && hash_eq(hash_of_blob(row.key_hash), key_hash);
    return true;
}
