#include "domain/reasons.h"

#include "base/buf.h"
#include "domain/deciding.h"
#include "domain/ledger.h"
#include "domain/rights.h"
#include "text/count.h"
#include "text/utf8.h"

#define KEY_PREFIX "own-"

/* ---- Reading -------------------------------------------------------------------------------- */

static const struct {
    struct str key;
    bool wants_note;
} compiled[] = {
#define REASON(key, name, text, wants_note) {STR_INIT(key), wants_note},
#include "model/reasons.def"
#undef REASON
};

static struct reason_list compiled_list(struct arena *a)
{
    struct reason *items = ARENA_ARRAY(a, struct reason, ARRAY_LEN(compiled));
    for (size_t i = 0; i < ARRAY_LEN(compiled); i++)
        items[i] = (struct reason){.key = compiled[i].key,
                                   .is_on = true,
                                   .wants_note = compiled[i].wants_note,
                                   .is_used = true,
                                   .position = (int64_t)i + 1,
                                   .rev = 1};
    return (struct reason_list){items, ARRAY_LEN(compiled), false};
}

bool reason_list_get(const struct domain *d, struct tx *tx, struct str lang,
                     struct reason_list *ret_list, struct err *e)
{
    struct reason_list_in in = {d->site.id.v, lang, d->site.language};
    struct reason_list_out *rows;
    size_t n;
    if (!sql_reason_list(tx, &in, &rows, &n, e))
        return false;
    if (n == 0) {
        *ret_list = compiled_list(tx_arena(tx));
        return true;
    }
    struct reason *items = ARENA_ARRAY(tx_arena(tx), struct reason, n);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct reason){.key = rows[i].key,
                                   .is_on = rows[i].is_on != 0,
                                   .wants_note = rows[i].wants_note != 0,
                                   .is_used = rows[i].is_used != 0,
                                   .position = rows[i].position,
                                   .rev = rows[i].rev,
                                   .successor = rows[i].successor,
                                   .name = rows[i].name,
                                   .text = rows[i].text};
    *ret_list = (struct reason_list){items, n, true};
    return true;
}

const struct reason *reason_of(const struct reason_list *list, struct str key)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->items[i].key, key))
            return &list->items[i];
    return NULL;
}

const struct reason *reason_latest(const struct reason_list *list, struct str key)
{
    const struct reason *r = reason_of(list, key);
    for (size_t i = 0; i < list->n && r && r->successor.n > 0; i++)
        r = reason_of(list, r->successor);
    return r;
}

bool reason_texts_get(const struct domain *d, struct tx *tx, struct str key,
                      struct reason_texts *ret_texts, struct err *e)
{
    struct reason_words_in in = {d->site.id.v, key};
    struct reason_words_out *rows;
    size_t n;
    if (!sql_reason_words(tx, &in, &rows, &n, e))
        return false;
    struct reason_words *items = ARENA_ARRAY(tx_arena(tx), struct reason_words, n);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct reason_words){rows[i].lang, rows[i].text};
    *ret_texts = (struct reason_texts){items, n};
    return true;
}

/* ---- Giving --------------------------------------------------------------------------------- */

static bool compiled_find(struct str key, bool *ret_wants_note)
{
    for (size_t i = 0; i < ARRAY_LEN(compiled); i++) {
        if (!str_eq(compiled[i].key, key))
            continue;
        *ret_wants_note = compiled[i].wants_note;
        return true;
    }
    return false;
}

bool reason_give(const struct domain *d, struct tx *tx, struct str key, bool *ret_wants_note,
                 struct err *e)
{
    struct reason_find_in in = {d->site.id.v, key};
    struct reason_find_out row;
    if (!sql_reason_find(tx, &in, &row, e))
        return false;
    if (!row.has_own && compiled_find(key, ret_wants_note))
        return true;
    if (!row.is_on.is_set)
        return err_set(e, ERR_INVALID, T_REASON_MISSING, "no reason that is known");
    if (!row.is_on.v)
        return err_set(e, ERR_INVALID, T_REASON_OUT_OF_USE, "a reason that is out of use");
    *ret_wants_note = row.wants_note.v != 0;
    struct reason_use_in use = {d->site.id.v, key};
    return row.is_used.v || sql_reason_use(tx, &use, NULL, e);
}

/* ---- Changing ------------------------------------------------------------------------------- */

static bool reason_put(const struct domain *d, struct tx *tx, const struct reason *r, struct err *e)
{
    struct reason_add_in in = {d->site.id.v, r->key,      r->is_on, r->wants_note,
                               r->is_used,   r->position, r->name};
    return sql_reason_add(tx, &in, NULL, e);
}

static bool reason_place(const struct domain *d, struct tx *tx, const struct reason *r, bool is_on,
                         int64_t position, struct err *e)
{
    struct reason_place_in in = {d->site.id.v, r->key, is_on, position};
    return sql_reason_place(tx, &in, NULL, e);
}

/* The site's list, to be changed. Errors also ERR_DENIED. */
static bool list_open(const struct domain *d, struct tx *tx, const struct actor *actor,
                      struct reason_list *list, struct err *e)
{
    if (!team_check(actor, e))
        return false;
    if (!right_is_held(RIGHT_REASON_CHANGE, actor->role))
        return err_set(e, ERR_DENIED, 0, "role %d changes no reasons", (int)actor->role);
    return reason_list_get(d, tx, d->site.language, list, e);
}

/* The first change makes it the site's own. */
static bool list_own(const struct domain *d, struct tx *tx, const struct reason_list *list,
                     struct err *e)
{
    for (size_t i = 0; i < list->n && !list->is_own; i++)
        if (!reason_put(d, tx, &list->items[i], e))
            return false;
    return true;
}

static unsigned right_state(const struct reason *r)
{
    return r->successor.n ? REASON_IS_REPLACED : r->is_on ? REASON_IS_ON : REASON_IS_OFF;
}

/* One to be changed. Errors ERR_MISSING, ERR_CONFLICT (it was worded anew) */
static bool list_find(const struct reason_list *list, struct str key,
                      const struct reason **ret_reason, struct err *e)
{
    *ret_reason = reason_of(list, key);
    if (!*ret_reason)
        return err_set(e, ERR_MISSING, 0, "no such reason");
    return right_is_possible(RIGHT_REASON_CHANGE, right_state(*ret_reason)) ||
           err_set(e, ERR_CONFLICT, T_REASON_CHANGED, "the reason was worded anew");
}

/* How many are in use, and the position behind all. */
static size_t in_use(const struct reason_list *list, int64_t *ret_end)
{
    size_t n = 0;
    *ret_end = 1;
    for (size_t i = 0; i < list->n; i++) {
        n += list->items[i].is_on;
        if (list->items[i].position >= *ret_end)
            *ret_end = list->items[i].position + 1;
    }
    return n;
}

static bool ledger_tell(const struct domain *d, struct tx *tx, const struct actor *actor,
                        struct str key, const char *did, struct err *e)
{
    struct str body = arena_printf(tx_arena(tx), "reason=" STR_FMT " did=%s", STR_ARG(key), did);
    return ledger_add(d, tx, actor->moderator.id, STR("reason"), body, e);
}

/* Of the words a hash: whoever has them can show that they were these. */
static bool ledger_tell_words(const struct domain *d, struct tx *tx, const struct actor *actor,
                              struct str key, const struct reason_plan *plan, struct err *e)
{
    struct arena *a = tx_arena(tx);
    struct buf b = buf_in(a, MiB);
    for (size_t i = 0; i < plan->texts.n; i++) {
        buf_put(&b, plan->texts.items[i].lang);
        buf_char(&b, '=');
        buf_put(&b, str_trim(plan->texts.items[i].text));
        buf_char(&b, '\n');
    }
    struct str hex = hash_hex(a, domain_hash(d, STR("reason"), 0, 0, buf_str(&b)), 64);
    struct str body =
        plan->key.n
            ? arena_printf(a,
                           "reason=" STR_FMT " did=changed was=" STR_FMT " note=%d hash=" STR_FMT,
                           STR_ARG(key), STR_ARG(plan->key), plan->wants_note, STR_ARG(hex))
            : arena_printf(a, "reason=" STR_FMT " did=added note=%d hash=" STR_FMT, STR_ARG(key),
                           plan->wants_note, STR_ARG(hex));
    return ledger_add(d, tx, actor->moderator.id, STR("reason"), body, e);
}

static bool plan_check(const struct domain *d, const struct reason_plan *plan, struct err *e)
{
    bool has_text = false;
    if (str_trim(plan->name).n == 0 || !utf8_is_text(plan->name, false) ||
        count_chars(plan->name) > REASON_NAME_CHARS_MAX)
        return err_set(e, ERR_INVALID, T_REASON_NAME_EMPTY, "a reason without a fitting name");
    for (size_t i = 0; i < plan->texts.n; i++) {
        const struct reason_words *w = &plan->texts.items[i];
        if (!utf8_is_text(w->text, false))
            return err_set(e, ERR_INVALID, T_FORM_NOT_TEXT, "text %zu is no text", i);
        if (count_chars(str_trim(w->text)) > REASON_TEXT_CHARS_MAX)
            return err_set(e, ERR_INVALID, T_REASON_TEXT_LONG, "text %zu is too long", i);
        has_text |= str_eq(w->lang, d->site.language) && str_trim(w->text).n > 0;
    }
    return has_text ||
           err_set(e, ERR_INVALID, T_REASON_TEXT_EMPTY, "no words in the site's language");
}

static bool texts_put(const struct domain *d, struct tx *tx, struct str key,
                      const struct reason_texts *texts, struct err *e)
{
    for (size_t i = 0; i < texts->n; i++) {
        struct reason_text_put_in in = {d->site.id.v, key, texts->items[i].lang,
                                        str_trim(texts->items[i].text)};
        if (in.text.n > 0 && !sql_reason_text_put(tx, &in, NULL, e))
            return false;
    }
    return true;
}

/* A reason of its own: new, or in the place of one whose words stay. */
static bool reason_make(const struct domain *d, struct tx *tx, const struct reason_plan *plan,
                        const struct reason *like, struct str *ret_key, struct err *e)
{
    struct reason r = *like;
    int64_t number;
    if (!number_take(d, tx, STR("reason"), &number, e))
        return false;
    r.key = arena_printf(tx_arena(tx), KEY_PREFIX "%" PRId64, number);
    r.name = str_trim(plan->name);
    r.wants_note = plan->wants_note;
    r.is_used = false;
    *ret_key = r.key;
    return reason_put(d, tx, &r, e) && texts_put(d, tx, r.key, &plan->texts, e);
}

static bool reason_succeed(const struct domain *d, struct tx *tx, const struct reason *r,
                           struct str successor, struct err *e)
{
    struct reason_succeed_in in = {d->site.id.v, r->key, successor};
    return sql_reason_succeed(tx, &in, NULL, e);
}

static bool reason_add(const struct domain *d, struct tx *tx, const struct reason_list *list,
                       const struct reason_plan *plan, struct str *ret_key, struct err *e)
{
    struct reason like = {.is_on = true};
    if (in_use(list, &like.position) >= REASONS_IN_USE_MAX || list->n >= REASONS_MAX)
        return err_set(e, ERR_INVALID, T_REASONS_TOO_MANY, "%zu reasons", list->n);
    return list_own(d, tx, list, e) && reason_make(d, tx, plan, &like, ret_key, e);
}

static bool reason_change(const struct domain *d, struct tx *tx, const struct reason_list *list,
                          const struct reason_plan *plan, struct str *ret_key, struct err *e)
{
    const struct reason *old;
    if (!list_find(list, plan->key, &old, e))
        return false;
    if (old->rev != plan->rev)
        return err_set(e, ERR_CONFLICT, T_REASON_CHANGED, "the reason is at rev %" PRId64,
                       old->rev);
    if (old->is_used && list->n >= REASONS_MAX)
        return err_set(e, ERR_INVALID, T_REASONS_TOO_MANY, "%zu reasons", list->n);
    if (old->is_used)
        return list_own(d, tx, list, e) && reason_make(d, tx, plan, old, ret_key, e) &&
               reason_succeed(d, tx, old, *ret_key, e);
    struct reason_change_in in = {d->site.id.v, old->key, plan->wants_note, str_trim(plan->name)};
    struct reason_text_clear_in clear = {d->site.id.v, old->key};
    *ret_key = old->key;
    return sql_reason_change(tx, &in, NULL, e) && sql_reason_text_clear(tx, &clear, NULL, e) &&
           texts_put(d, tx, old->key, &plan->texts, e);
}

bool reason_save(const struct domain *d, struct tx *tx, const struct actor *actor,
                 const struct reason_plan *plan, struct str *ret_key, struct err *e)
{
    struct reason_list list = {0};
    struct str key = STR_NONE;
    if (!list_open(d, tx, actor, &list, e) || !plan_check(d, plan, e) ||
        !(plan->key.n ? reason_change : reason_add)(d, tx, &list, plan, &key, e) ||
        !ledger_tell_words(d, tx, actor, key, plan, e))
        return false;
    *ret_key = key;
    return true;
}

bool reason_switch(const struct domain *d, struct tx *tx, const struct actor *actor, struct str key,
                   bool is_on, struct err *e)
{
    struct reason_list list = {0};
    const struct reason *r;
    int64_t end;
    if (!list_open(d, tx, actor, &list, e) || !list_find(&list, key, &r, e))
        return false;
    if (r->is_on == is_on)
        return true;
    size_t n = in_use(&list, &end);
    if (is_on && n >= REASONS_IN_USE_MAX)
        return err_set(e, ERR_INVALID, T_REASONS_TOO_MANY, "%zu reasons in use", n);
    if (!is_on && n == 1)
        return err_set(e, ERR_INVALID, T_REASON_LAST, "the last reason in use");
    return list_own(d, tx, &list, e) &&
           reason_place(d, tx, r, is_on, is_on ? end : r->position, e) &&
           ledger_tell(d, tx, actor, r->key, is_on ? "on" : "off", e);
}

/* Its neighbour in use; NULL: it is the first or the last. */
static const struct reason *neighbour(const struct reason_list *list, const struct reason *r,
                                      bool is_up)
{
    const struct reason *before = NULL;
    bool is_past = false;
    for (size_t i = 0; i < list->n; i++) {
        const struct reason *x = &list->items[i];
        if (!x->is_on)
            continue;
        if (x == r && is_up)
            return before;
        if (is_past)
            return x;
        is_past = x == r;
        before = x;
    }
    return NULL;
}

bool reason_move(const struct domain *d, struct tx *tx, const struct actor *actor, struct str key,
                 bool is_up, struct err *e)
{
    struct reason_list list = {0};
    const struct reason *r;
    if (!list_open(d, tx, actor, &list, e) || !list_find(&list, key, &r, e))
        return false;
    if (!right_is_possible(RIGHT_REASON_MOVE, right_state(r)))
        return err_set(e, ERR_CONFLICT, 0, "a reason that is out of use is moved");
    const struct reason *other = neighbour(&list, r, is_up);
    return !other ||
           (list_own(d, tx, &list, e) && reason_place(d, tx, r, true, other->position, e) &&
            reason_place(d, tx, other, true, r->position, e) &&
            ledger_tell(d, tx, actor, r->key, is_up ? "up" : "down", e));
}
