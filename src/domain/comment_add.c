#include "base/must.h"
#include "base/rand.h"
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

bool words_are_new(const struct domain *d, struct tx *tx, struct comment_id but, struct thread_id t,
                   const struct hash *words, struct err *e)
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

bool thread_takes_words(const struct thread *t, int64_t now_s, struct err *e)
{
    enum message why;
    if (!thread_is_open(t, now_s, &why))
        return err_set(e, ERR_DENIED, (int)why, "conversation %" PRId64 " is closed", t->id.v);
    return true;
}

/* The comment that the same form made before. */
static bool repeat_find(const struct domain *d, struct tx *tx, const struct comment_draft *draft,
                        struct comment_added *ret_added, bool *ret_found, struct err *e)
{
    struct comment_by_idem_in in = {
        d->site.id.v, draft->thread.v, {(const char *)draft->idem, sizeof draft->idem}};
    struct comment_by_idem_out row;
    if (!sql_comment_by_idem(tx, &in, &row, ret_found, e))
        return false;
    if (*ret_found) {
        struct hash key = hash_of_blob(row.key_hash);
        *ret_added = (struct comment_added){
            .comment = COMMENT_OF_ROW(row),
            .is_repeat = true,
            .is_new_commenter = !draft->has_commenter && hash_eq(key, draft->new_key_hash),
        };
    }
    return true;
}

/* Where the comment will stand: parent, number, path, depth; and the name it answers. */
static bool comment_seat(const struct domain *d, struct tx *tx, const struct comment_draft *draft,
                         int64_t number, struct comment *c, struct err *e)
{
    if (number > COMMENT_NUMBER_MAX)
        return err_set(e, ERR_DENIED, T_COMMENT_CLOSED, "conversation %" PRId64 " is full",
                       draft->thread.v);
    c->id = comment_id_of(draft->thread, number);
    c->number = number;
    if (draft->reply_to == 0) {
        c->depth = 1;
        c->path = path_root(tx_arena(tx), number);
        c->root_path = c->path;
        return true;
    }
    if (draft->reply_to < 0 || draft->reply_to >= number)
        return err_set(e, ERR_MISSING, T_COMMENT_PARENT_GONE, "no comment to reply to");
    c->parent = comment_id_of(draft->thread, draft->reply_to);
    struct comment_place_in in = {d->site.id.v, c->parent.v};
    struct comment_place_out row;
    bool found;
    if (!sql_comment_place(tx, &in, &row, &found, e))
        return false;
    if (!found || !row.placed)
        return err_set(e, ERR_MISSING, T_COMMENT_PARENT_GONE, "comment %" PRId64 " has no place",
                       c->parent.v);
    if (!path_reply(tx_arena(tx), row.path, number, &c->path, &c->depth))
        return err_set(e, ERR_BROKEN, 0, "comment %" PRId64 " has a broken path", c->parent.v);
    c->root_path = path_head(c->path);
    c->parent_name = row.state == COMMENT_PUBLISHED ? row.name : STR_NONE;
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

/* Who writes: known by the edit key, or a new guest with the new key. */
static bool writer_get(const struct domain *d, struct tx *tx, const struct comment_draft *draft,
                       struct comment_added *added, struct commenter_get_out *ret_row,
                       struct err *e)
{
    *ret_row = (struct commenter_get_out){.approved = 0};
    struct commenter_id *who = &added->comment.commenter;
    *who = draft->commenter;
    if (!draft->has_commenter) {
        *who = commenter_id_new(tx_now_s(tx));
        struct commenter_add_in in = {d->site.id.v, commenter_str(who),
                                      hash_str(&draft->new_key_hash), tx_now_s(tx)};
        int64_t changed;
        if (!sql_commenter_add(tx, &in, &changed, e))
            return false;
        added->is_new_commenter = changed > 0;
        return added->is_new_commenter ||
               err_set(e, ERR_BUSY, 0, "a new commenter met an equal one");
    }
    struct commenter_get_in in = {d->site.id.v, commenter_str(who)};
    bool found;
    if (!sql_commenter_get(tx, &in, ret_row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "there is no such commenter");
    return true;
}

/* A comment on its way into its conversation. */
struct writing {
    const struct comment_draft *draft;
    struct thread thread;
    int64_t number; /* the next of the conversation */
    struct comment_added added;
    struct commenter_get_out writer;
    enum trust trust;         /* in the writer */
    struct hold_rule hold;    /* by mode and trust */
    struct rule_met met;      /* of the site's rules */
    struct campaign_met copy; /* what it is a copy of */
};

/* Whether it may be written at all; gives it its place and its author. */
static bool writing_open(const struct domain *d, struct tx *tx, struct writing *w, struct err *e)
{
    const struct comment_facts *facts = w->draft->facts;
    struct comment *c = &w->added.comment;
    if (!thread_takes_words(&w->thread, tx_now_s(tx), e) ||
        !name_still_free(d, tx, facts->skeleton, e) ||
        !comment_seat(d, tx, w->draft, w->number, c, e) ||
        !words_are_new(d, tx, c->id, w->thread.id, &facts->words, e) ||
        !writer_get(d, tx, w->draft, &w->added, &w->writer, e))
        return false;
    w->trust = trust_now(w->writer.trust, w->writer.trust_until_s, tx_now_s(tx));
    return slow_check(d, tx, &w->thread, &c->commenter, e) && trust_takes_words(w->trust, e);
}

/* Whether the comment is held, by what is known of who writes it. */
static bool hold_get(const struct domain *d, struct tx *tx, struct writing *w, struct err *e)
{
    bool is_suspect = false;
    if (w->added.is_new_commenter && !network_is_banned(d, tx, w->draft->network, &is_suspect, e))
        return false;
    w->hold = is_suspect ? (struct hold_rule){true, STR("network:banned")}
                         : trust_rule_of(d, w->trust, w->thread.mode, w->writer.approved);
    w->hold = site_rule_of(&w->thread, w->hold);
    return true;
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
    if (!hold_get(d, tx, w, e) || !rules_ask(d, tx, w, e))
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

static bool writing_store(const struct domain *d, struct tx *tx, const struct writing *w,
                          struct err *e)
{
    const struct comment *c = &w->added.comment;
    struct new_comment extra = {
        .idem = {(const char *)w->draft->idem, sizeof w->draft->idem},
        .text_hash = str_head(hash_str(&w->draft->facts->words), WORDS_HASH_BYTES),
        .rule = w->met.id ? STR_NONE : w->hold.rule,
        .reason = w->copy.reason,
    };
    struct thread_delta delta = {.numbers = 1,
                                 .placed = c->placed ? 1 : 0,
                                 .held = c->state == COMMENT_HELD ? 1 : 0,
                                 .revs = c->placed ? 1 : 0};
    struct rule_effect effect = {c->id, COMMENT_HELD, c->state};
    return comment_store(d, tx, c, &extra, e) && campaign_note(d, tx, &w->copy, c->id, e) &&
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
    int64_t changed;
    if (!sql_comment_insert(tx, &in, &changed, e))
        return false;
    if (changed == 0)
        return err_set(e, ERR_CONFLICT, 0, "comment %" PRId64 " met an equal one", c->id.v);
    if (c->state == COMMENT_PUBLISHED || extra->rule.n == 0)
        return true;
    struct decision why = {.comment = c->id,
                           .rule = extra->rule,
                           .evidence = extra->evidence,
                           .reason = extra->reason,
                           .action = action_to(c->state),
                           .from = COMMENT_HELD,
                           .to = c->state};
    return decision_put(d, tx, &why, e);
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
    struct thread_lock_out row;
    bool is_repeat;
    if (!thread_lock(d, tx, draft->thread, &row, e) ||
        !repeat_find(d, tx, draft, ret_added, &is_repeat, e))
        return false;
    if (is_repeat)
        return true;

    struct writing w = {.draft = draft,
                        .thread = thread_of_lock(draft->thread, &row),
                        .number = row.next_number,
                        .added = {.comment = {.lang = draft->facts->lang,
                                              .name = draft->name,
                                              .text = draft->text,
                                              .created_s = tx_now_s(tx)}}};
    if (!writing_open(d, tx, &w, e) || !writing_judge(d, tx, &w, e) || !writing_store(d, tx, &w, e))
        return false;
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
