#include "domain/claims.h"

#include "base/must.h"
#include "domain/deciding.h"
#include "domain/ledger.h"
#include "text/count.h"
#include "text/utf8.h"

#define CLAIMS_AT_ONCE 500

/* ---- Claims --------------------------------------------------------------------------------- */

static bool holder_get(const struct domain *d, struct tx *tx, struct comment_id comment,
                       struct claim *ret_claim, struct err *e)
{
    struct claim_get_in in = {d->site.id.v, comment.v};
    struct claim_get_out row;
    bool found;
    if (!sql_claim_get(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no comment %" PRId64, comment.v);
    *ret_claim = (struct claim){{row.moderator}, row.name, row.until_s};
    return true;
}

bool claim_take(const struct domain *d, struct tx *tx, const struct actor *actor,
                const struct claim_want *want, struct claim *ret_claim, struct err *e)
{
    MUST(want->seconds >= 1 && want->seconds <= CLAIM_SECONDS_MAX);
    if (!team_check(actor, e))
        return false;
    int64_t now_s = tx_now_s(tx);
    struct claim_take_in in = {d->site.id.v, want->comment.v, actor->moderator.id.v,
                               now_s + want->seconds, now_s};
    return sql_claim_take(tx, &in, NULL, e) && holder_get(d, tx, want->comment, ret_claim, e);
}

bool claim_drop(const struct domain *d, struct tx *tx, const struct actor *actor,
                struct comment_id comment, struct err *e)
{
    struct claim_drop_in in = {d->site.id.v, comment.v, actor->moderator.id.v};
    return team_check(actor, e) && sql_claim_drop(tx, &in, NULL, e);
}

bool claim_expire(const struct domain *d, struct tx *tx, struct err *e)
{
    struct claim_due_in in = {d->site.id.v, tx_now_s(tx), CLAIMS_AT_ONCE};
    struct claim_due_out *rows;
    size_t n;
    if (!sql_claim_due(tx, &in, &rows, &n, e))
        return false;
    if (n == 0)
        return true;
    int64_t *ids = ARENA_ARRAY(tx_arena(tx), int64_t, n);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].comment;
    struct claim_erase_in erase = {d->site.id.v, ids_json(tx_arena(tx), ids, n)};
    return sql_claim_erase(tx, &erase, NULL, e);
}

/* ---- Second opinions ------------------------------------------------------------------------ */

/* Words of the team: there are some, and not too many. */
static bool words_check(struct str words, size_t chars_max, struct err *e)
{
    if (str_trim(words).n == 0 || !utf8_is_text(words, true) || count_chars(words) > chars_max)
        return err_set(e, ERR_INVALID, T_NOTE_MISSING, "no words, or more than %zu characters",
                       chars_max);
    return true;
}

static bool comment_must_be(const struct domain *d, struct tx *tx, struct comment_id id,
                            struct err *e)
{
    struct comment_exists_in in = {d->site.id.v, id.v};
    struct comment_exists_out row;
    bool found;
    if (!sql_comment_exists(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "no comment %" PRId64, id.v);
    return true;
}

bool opinion_ask(const struct domain *d, struct tx *tx, const struct actor *actor,
                 struct comment_id comment, struct str note, struct err *e)
{
    struct opinion_ask_in in = {d->site.id.v, comment.v, actor->moderator.id.v, tx_now_s(tx), note};
    int64_t changed;
    if (!team_check(actor, e) || !words_check(note, OPINION_CHARS_MAX, e) ||
        !comment_must_be(d, tx, comment, e) || !sql_opinion_ask(tx, &in, &changed, e))
        return false;
    if (changed == 0)
        return err_set(e, ERR_CONFLICT, T_MOD_OPINION_ASKED,
                       "an opinion on comment %" PRId64 " is asked for already", comment.v);
    struct str body = arena_printf(tx_arena(tx), "comment=%" PRId64, comment.v);
    return ledger_add(d, tx, actor->moderator.id, STR("opinion"), body, e);
}

bool opinion_drop(const struct domain *d, struct tx *tx, const struct actor *actor,
                  struct comment_id comment, struct err *e)
{
    struct opinion_drop_in in = {d->site.id.v, comment.v, actor->moderator.id.v};
    return team_check(actor, e) && sql_opinion_drop(tx, &in, NULL, e);
}

/* ---- Notes ---------------------------------------------------------------------------------- */

static bool subject_must_be(const struct domain *d, struct tx *tx, const struct note_subject *on,
                            struct err *e)
{
    if (on->comment.v)
        return comment_must_be(d, tx, on->comment, e);
    struct commenter_get_in in = {d->site.id.v, commenter_str(&on->commenter)};
    struct commenter_get_out row;
    bool found;
    if (!sql_commenter_get(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "there is no such commenter");
    return true;
}

bool team_note_add(const struct domain *d, struct tx *tx, const struct actor *actor,
                   const struct note_subject *on, struct str text, struct err *e)
{
    int64_t id;
    if (!team_check(actor, e) || !words_check(text, TEAM_NOTE_CHARS_MAX, e) ||
        !subject_must_be(d, tx, on, e) || !number_take(d, tx, STR("team_note"), &id, e))
        return false;
    struct team_note_add_in in = {.site = d->site.id.v,
                                  .id = id,
                                  .comment = on->comment.v,
                                  .commenter =
                                      on->comment.v ? STR_NONE : commenter_str(&on->commenter),
                                  .moderator = actor->moderator.id.v,
                                  .at_s = tx_now_s(tx),
                                  .text = text};
    return sql_team_note_add(tx, &in, NULL, e);
}

/* Rows come newest first and are told newest last. */
#define NOTES_OF_ROWS(rows, n, notes)                                                              \
    for (size_t i = 0; i < (n); i++)                                                               \
        (notes)[(n)-1 - i] = (struct team_note)                                                    \
        {                                                                                          \
            (rows)[i].id, {(rows)[i].moderator}, (rows)[i].moderator_name, (rows)[i].text,         \
                (rows)[i].at_s                                                                     \
        }

bool team_note_list(const struct domain *d, struct tx *tx, const struct note_subject *on,
                    struct team_note **ret_notes, size_t *ret_n, struct err *e)
{
    size_t n;
    struct team_note *notes;
    if (on->comment.v) {
        struct team_note_of_comment_in in = {d->site.id.v, on->comment.v, TEAM_NOTES_MAX};
        struct team_note_of_comment_out *rows;
        if (!sql_team_note_of_comment(tx, &in, &rows, &n, e))
            return false;
        notes = ARENA_ARRAY(tx_arena(tx), struct team_note, n);
        NOTES_OF_ROWS(rows, n, notes);
    } else {
        struct team_note_of_commenter_in in = {d->site.id.v, commenter_str(&on->commenter),
                                               TEAM_NOTES_MAX};
        struct team_note_of_commenter_out *rows;
        if (!sql_team_note_of_commenter(tx, &in, &rows, &n, e))
            return false;
        notes = ARENA_ARRAY(tx_arena(tx), struct team_note, n);
        NOTES_OF_ROWS(rows, n, notes);
    }
    *ret_notes = notes;
    *ret_n = n;
    return true;
}

bool team_note_drop(const struct domain *d, struct tx *tx, const struct actor *actor, int64_t id,
                    struct err *e)
{
    struct team_note_drop_in in = {d->site.id.v, id, actor->moderator.id.v};
    int64_t changed;
    if (!team_check(actor, e) || !sql_team_note_drop(tx, &in, &changed, e))
        return false;
    if (changed == 0)
        return err_set(e, ERR_MISSING, 0, "no note %" PRId64 " of this moderator", id);
    return true;
}
