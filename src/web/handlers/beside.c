/*
 * How moderators work side by side: claims, second opinions, notes that only the team sees.
 */
#include "domain/claims.h"
#include "web/address.h"
#include "web/console.h"

bool claim_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct next_form *form = rq->form;
    struct claim_want want = {.seconds = CLAIM_SECONDS};
    struct claim claim;
    if (!read_comment_id(rq, &want.comment, e) ||
        !claim_take(rq->web->o.domain, tx, &rq->actor, &want, &claim, e))
        return false;
    if (claim.moderator.v != rq->actor.moderator.id.v)
        return err_set(e, ERR_CONFLICT, T_MOD_CLAIMED, "another has it");
    reply_redirect(&rq->reply, done_way_back(rq, form->next, STR("claim")));
    return true;
}

bool release_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct next_form *form = rq->form;
    struct comment_id id;
    if (!read_comment_id(rq, &id, e) || !claim_drop(rq->web->o.domain, tx, &rq->actor, id, e))
        return false;
    reply_redirect(&rq->reply, done_way_back(rq, form->next, STR("release")));
    return true;
}

bool opinion_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct words_form *form = rq->form;
    struct comment_id id;
    if (!read_comment_id(rq, &id, e) ||
        !opinion_ask(rq->web->o.domain, tx, &rq->actor, id, form->text, e))
        return false;
    reply_redirect(&rq->reply, done_way_back(rq, form->next, STR("opinion")));
    return true;
}

bool opinion_drop_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct next_form *form = rq->form;
    struct comment_id id;
    if (!read_comment_id(rq, &id, e) || !opinion_drop(rq->web->o.domain, tx, &rq->actor, id, e))
        return false;
    reply_redirect(&rq->reply, done_way_back(rq, form->next, STR("opinion-drop")));
    return true;
}

bool comment_note_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct words_form *form = rq->form;
    struct note_subject on = {0};
    if (!read_comment_id(rq, &on.comment, e) ||
        !team_note_add(rq->web->o.domain, tx, &rq->actor, &on, form->text, e))
        return false;
    reply_redirect(&rq->reply, done_way_back(rq, form->next, STR("note")));
    return true;
}

bool note_drop_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct next_form *form = rq->form;
    int64_t id;
    if (!str_to_int64(rq->args[0], 1, INT64_MAX, &id))
        return err_set(e, ERR_MISSING, 0, "no such note");
    if (!team_note_drop(rq->web->o.domain, tx, &rq->actor, id, e))
        return false;
    reply_redirect(&rq->reply, done_way_back(rq, form->next, STR("note-drop")));
    return true;
}
