#include "domain/controls.h"

#include "base/buf.h"
#include "domain/ledger.h"
#include "domain/rules.h"
#include "text/count.h"
#include "text/utf8.h"

#define HOLD_ALL STR("hold_all")
#define NEW_MODE STR("new_mode")

static bool role_check(const struct actor *actor, enum role least, struct err *e)
{
    if (actor->role < least || actor->moderator.id.v == 0)
        return err_set(e, ERR_DENIED, 0, "role %d moves no such switch", (int)actor->role);
    return true;
}

/* ---- For readers ---------------------------------------------------------------------------- */

bool conversation_talk_get(const struct domain *d, struct tx *tx, struct thread_id id,
                           struct str lang, struct conversation_talk *ret_talk, struct err *e)
{
    struct thread_talk_in in = {d->site.id.v, id.v, lang};
    struct thread_talk_out row;
    bool found;
    if (!sql_thread_talk(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no conversation %" PRId64, id.v);
    *ret_talk = (struct conversation_talk){.thread = {.id = id,
                                                      .mode = (enum mode)row.mode,
                                                      .closes_s = row.closes_s,
                                                      .slow_s = row.slow_s,
                                                      .holds_all = row.holds_all != 0,
                                                      .placed = row.placed,
                                                      .held = row.held,
                                                      .yes = row.yes,
                                                      .no = row.no,
                                                      .rev = row.rev},
                                           .message = row.message};
    return true;
}

bool conversation_wait(const struct domain *d, struct tx *tx, const struct thread *t,
                       const struct commenter_id *who, int64_t *ret_wait_s, struct err *e)
{
    struct commenter_wrote_in in = {d->site.id.v, commenter_str(who), tx_now_s(tx) - t->slow_s,
                                    t->id.v};
    struct commenter_wrote_out row;
    bool found;
    *ret_wait_s = 0;
    if (t->slow_s == 0)
        return true;
    if (!sql_commenter_wrote(tx, &in, &row, &found, e))
        return false;
    if (found)
        *ret_wait_s = row.created_s - in.since_s;
    return true;
}

bool slow_check(const struct domain *d, struct tx *tx, const struct thread *t,
                const struct commenter_id *who, struct err *e)
{
    int64_t wait_s;
    if (!conversation_wait(d, tx, t, who, &wait_s, e))
        return false;
    return wait_s == 0 ||
           err_set(e, ERR_TOO_MANY, T_COMMENT_SLOW, "slow mode of conversation %" PRId64, t->id.v);
}

struct hold_rule site_rule_of(const struct thread *t, struct hold_rule other)
{
    return t->holds_all ? (struct hold_rule){true, STR("site:held")} : other;
}

/* ---- One conversation ----------------------------------------------------------------------- */

/* The message for all languages, then one for each of the site's. */
static bool messages_get(const struct domain *d, struct tx *tx, struct thread_id id,
                         struct conversation_control *ret_control, struct err *e)
{
    struct thread_message_list_in in = {d->site.id.v, id.v};
    struct thread_message_list_out *rows;
    size_t n_rows, n = d->site.n_languages + 1;
    if (!sql_thread_message_list(tx, &in, &rows, &n_rows, e))
        return false;
    struct conversation_message *messages =
        ARENA_ARRAY(tx_arena(tx), struct conversation_message, n);
    for (size_t i = 0; i < n; i++) {
        messages[i].lang = i == 0 ? STR_NONE : d->site.languages[i - 1];
        for (size_t r = 0; r < n_rows; r++)
            if (str_eq(rows[r].lang, messages[i].lang))
                messages[i].text = rows[r].text;
    }
    ret_control->messages = messages;
    ret_control->n_messages = n;
    return true;
}

static bool wishes_get(const struct domain *d, struct tx *tx, struct thread_id id,
                       struct conversation_about *about, struct err *e)
{
    struct thread_wishes_in in = {d->site.id.v, id.v};
    struct thread_wishes_out *rows;
    if (!sql_thread_wishes(tx, &in, &rows, &about->n_wished, e))
        return false;
    struct conversation_wished *wished =
        ARENA_ARRAY(tx_arena(tx), struct conversation_wished, about->n_wished);
    for (size_t i = 0; i < about->n_wished; i++)
        wished[i] = (struct conversation_wished){
            .lang = rows[i].lang,
            .slug = rows[i].slug,
            .headline = rows[i].headline,
            .has_mode = rows[i].wish_mode >= 0,
            .mode = rows[i].wish_mode >= 0 ? (enum mode)rows[i].wish_mode : MODE_OPEN,
            .closes_s = rows[i].wish_closes_s,
        };
    about->wished = wished;
    return true;
}

bool conversation_about_get(const struct domain *d, struct tx *tx, struct thread_id id,
                            struct conversation_about *ret_about, struct err *e)
{
    struct thread_get_in in = {d->site.id.v, id.v};
    struct thread_get_out row;
    bool found;
    if (!sql_thread_get(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no conversation %" PRId64, id.v);
    struct conversation_about about = {
        .control = {.mode = (enum mode)row.mode, .closes_s = row.closes_s, .slow_s = row.slow_s}};
    if (!messages_get(d, tx, id, &about.control, e) || !wishes_get(d, tx, id, &about, e))
        return false;
    *ret_about = about;
    return true;
}

static bool is_language(const struct domain *d, struct str lang)
{
    for (size_t i = 0; i < d->site.n_languages; i++)
        if (str_eq(d->site.languages[i], lang))
            return true;
    return lang.n == 0;
}

static bool control_check(const struct domain *d, const struct conversation_control *c,
                          struct err *e)
{
    if ((unsigned)c->mode > MODE_CLOSED || c->closes_s < 0 || c->slow_s < 0 ||
        c->slow_s > CONVERSATION_SLOW_MINUTES_MAX * 60)
        return err_set(e, ERR_INVALID, 0, "no such mode, date or interval");
    for (size_t i = 0; i < c->n_messages; i++) {
        const struct conversation_message *m = &c->messages[i];
        if (!is_language(d, m->lang) || !utf8_is_text(m->text, true))
            return err_set(e, ERR_INVALID, T_FORM_NOT_TEXT, "message %zu is no text", i);
        if (count_chars(m->text) > CONVERSATION_MESSAGE_CHARS_MAX)
            return err_set(e, ERR_INVALID, T_CONTROL_MESSAGE_LONG, "message %zu is too long", i);
    }
    return true;
}

/* A time that has passed closes nothing from then on: one that was set before is kept, to the
 * minute that a form shows; another is a slip. */
static bool closes_check(const struct domain *d, struct tx *tx, struct thread_id id,
                         const struct conversation_control *c, struct err *e)
{
    struct thread_get_in in = {d->site.id.v, id.v};
    struct thread_get_out row;
    bool found;
    if (c->closes_s == 0 || c->closes_s > tx_now_s(tx))
        return true;
    if (!sql_thread_get(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no conversation %" PRId64, id.v);
    return c->closes_s / 60 == row.closes_s / 60 ||
           err_set(e, ERR_INVALID, T_CONTROL_CLOSES_PAST, "it would have closed before now");
}

static bool messages_put(const struct domain *d, struct tx *tx, struct thread_id id,
                         const struct conversation_control *c, struct err *e)
{
    struct thread_message_clear_in clear = {d->site.id.v, id.v};
    if (!sql_thread_message_clear(tx, &clear, NULL, e))
        return false;
    for (size_t i = 0; i < c->n_messages; i++) {
        struct thread_message_put_in in = {d->site.id.v, id.v, c->messages[i].lang,
                                           str_trim(c->messages[i].text)};
        if (in.text.n > 0 && !sql_thread_message_put(tx, &in, NULL, e))
            return false;
    }
    return true;
}

/* How many messages there are: the words are nobody's business later. */
static int64_t messages_count(const struct conversation_control *c)
{
    int64_t n = 0;
    for (size_t i = 0; i < c->n_messages; i++)
        n += str_trim(c->messages[i].text).n > 0;
    return n;
}

bool conversation_control_set(const struct domain *d, struct tx *tx, const struct actor *actor,
                              struct thread_id id, const struct conversation_control *control,
                              struct err *e)
{
    struct thread_control_in in = {d->site.id.v, id.v, control->mode, control->closes_s,
                                   control->slow_s};
    int64_t changed;
    if (!role_check(actor, ROLE_SENIOR, e) || !control_check(d, control, e) ||
        !closes_check(d, tx, id, control, e) || !sql_thread_control(tx, &in, &changed, e))
        return false;
    if (changed == 0)
        return err_set(e, ERR_MISSING, 0, "no conversation %" PRId64, id.v);
    struct str body = arena_printf(
        tx_arena(tx),
        "thread=%" PRId64 " mode=%d closes=%" PRId64 " slow=%" PRId64 " messages=%" PRId64, id.v,
        (int)control->mode, control->closes_s, control->slow_s, messages_count(control));
    return messages_put(d, tx, id, control, e) &&
           ledger_add(d, tx, actor->moderator.id, STR("conversation"), body, e);
}

/* ---- The whole site ------------------------------------------------------------------------- */

/* standard: where it never was moved. */
static bool switch_get(const struct domain *d, struct tx *tx, struct str name, int64_t standard,
                       struct site_switch *ret_switch, struct err *e)
{
    struct control_about_in in = {d->site.id.v, name};
    struct control_about_out row;
    bool found;
    if (!sql_control_about(tx, &in, &row, &found, e))
        return false;
    *ret_switch = found ? (struct site_switch){row.value, row.changed_s, row.moderator_name}
                        : (struct site_switch){.value = standard};
    return true;
}

bool site_hold_get(const struct domain *d, struct tx *tx, struct site_switch *ret_hold,
                   struct err *e)
{
    return switch_get(d, tx, HOLD_ALL, 0, ret_hold, e);
}

bool site_controls_get(const struct domain *d, struct tx *tx, struct site_controls *ret_controls,
                       struct err *e)
{
    struct site_controls c;
    if (!switch_get(d, tx, HOLD_ALL, 0, &c.holds_all, e) ||
        !switch_get(d, tx, NEW_MODE, NEW_MODE_OF_SETTINGS, &c.new_mode, e))
        return false;
    *ret_controls = c;
    return true;
}

static bool switch_move(const struct domain *d, struct tx *tx, const struct actor *actor,
                        struct str name, int64_t value, struct err *e)
{
    struct control_put_in in = {d->site.id.v, name, value, tx_now_s(tx), actor->moderator.id.v};
    struct str body =
        arena_printf(tx_arena(tx), "name=" STR_FMT " value=%" PRId64, STR_ARG(name), value);
    return sql_control_put(tx, &in, NULL, e) &&
           ledger_add(d, tx, actor->moderator.id, STR("control"), body, e);
}

bool site_hold_set(const struct domain *d, struct tx *tx, const struct actor *actor, bool holds,
                   struct err *e)
{
    struct site_switch now;
    if (!role_check(actor, ROLE_EDITOR, e) || !site_hold_get(d, tx, &now, e))
        return false;
    return (now.value != 0) == holds || switch_move(d, tx, actor, HOLD_ALL, holds, e);
}

bool site_new_mode_set(const struct domain *d, struct tx *tx, const struct actor *actor,
                       int64_t mode, struct err *e)
{
    struct site_switch now;
    if (mode < NEW_MODE_OF_SETTINGS || mode > MODE_CLOSED)
        return err_set(e, ERR_INVALID, 0, "no such mode");
    if (!role_check(actor, ROLE_EDITOR, e) ||
        !switch_get(d, tx, NEW_MODE, NEW_MODE_OF_SETTINGS, &now, e))
        return false;
    return now.value == mode || switch_move(d, tx, actor, NEW_MODE, mode, e);
}

enum mode settings_mode(const struct domain *d)
{
    static const struct {
        struct str name;
        enum mode mode;
    } modes[] = {{STR_INIT("open"), MODE_OPEN},
                 {STR_INIT("first"), MODE_FIRST},
                 {STR_INIT("held"), MODE_HELD},
                 {STR_INIT("closed"), MODE_CLOSED}};
    for (size_t i = 0; i < ARRAY_LEN(modes); i++)
        if (str_eq(modes[i].name, d->settings->comments_mode))
            return modes[i].mode;
    return MODE_HELD;
}

bool site_new_mode(const struct domain *d, struct tx *tx, enum mode *ret_mode, struct err *e)
{
    struct control_get_in in = {d->site.id.v, NEW_MODE};
    struct control_get_out row;
    bool found;
    if (!sql_control_get(tx, &in, &row, &found, e))
        return false;
    *ret_mode = found && row.value >= 0 ? (enum mode)row.value : settings_mode(d);
    return true;
}
