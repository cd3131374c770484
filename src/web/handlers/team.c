/*
 * The team, for administrators: who is in it, with which role, and who is shut out.
 */
#include <inttypes.h>

#include "domain/password.h"
#include "web/fill.h"
#include "web/gate.h"
#include "web/handlers/account.h"
#include "web/reply.h"

bool team_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct team_form *form = rq->form;
    const struct frame_want want = {.title = i18n_text(rq->words, T_TEAM), .is_noindex = true};
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct team_page *p = ARENA_NEW(rq->arena, struct team_page);
    struct member *members;
    size_t n;
    if (!frame_fill(rq, tx, &want, f, e) || !moderator_list(rq->web->o.domain, tx, &members, &n, e))
        return false;
    struct member_row *rows = ARENA_ARRAY(rq->arena, struct member_row, n);
    for (size_t i = 0; i < n; i++)
        rows[i] = fill_member(rq, &members[i]);
    *p = (struct team_page){
        .moderator = f->moderator,
        .members = rows,
        .n_members = n,
        .action = STR("/mod/team"),
        .token = gate_token(rq, CSRF_SESSION),
        .name = form ? form->name : STR_NONE,
    };
    p->roles = fill_roles(rq, form ? (enum role)form->role : ROLE_MODERATOR, &p->n_roles);
    if (rq->err.kind)
        p->error = fill_form_error(rq);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_TEAM, p);
    return true;
}

/* ---- A password for somebody ---------------------------------------------------------------- */

struct invitation {
    struct request *rq;
    struct moderator moderator; /* id {0}: a new one */
    struct str password, hash;
};

static bool make_password(struct invitation *i, struct err *e)
{
    i->password = password_make(i->rq->arena, PASSWORD_GROUPS);
    return password_hash(i->rq->arena, i->password, &i->hash, e);
}

static bool show_password(struct invitation *i, struct tx *tx, struct err *e)
{
    struct request *rq = i->rq;
    const struct shown_once once = {
        .title = T_TEAM_PASSWORD_FOR,
        .title_argument = i->moderator.name,
        .text = T_TEAM_PASSWORD_ABOUT,
        .secrets = &i->password,
        .n_secrets = 1,
        .back_address = arena_printf(rq->arena, "/mod/team/%" PRId64, i->moderator.id.v),
        .back = T_TEAM_PASSWORD_GIVEN,
    };
    return account_show_once(rq, tx, &once, e);
}

static bool add_member(struct tx *tx, void *context, struct err *e)
{
    struct invitation *i = context;
    const struct request *rq = i->rq;
    return moderator_add(rq->web->o.domain, tx, rq->actor.moderator.id, &i->moderator, i->hash,
                         e) &&
           show_password(i, tx, e);
}

/* On the thread for passwords, because of the hash. */
bool team_add_post(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    const struct team_form *form = rq->form;
    struct invitation i = {.rq = rq,
                           .moderator = {.name = form->name, .role = (enum role)form->role}};
    return make_password(&i, e) && gate_write(rq, add_member, &i, e);
}

/* ---- One of them ---------------------------------------------------------------------------- */

static bool read_id(const struct request *rq, struct moderator_id *ret_id, struct err *e)
{
    return str_to_int64(rq->args[0], 1, INT64_MAX, &ret_id->v) ||
           err_set(e, ERR_MISSING, 0, "no such moderator");
}

static const struct notice_view *member_notice(struct request *rq)
{
    if (!rq->err.kind)
        return fill_done_notice(rq);
    struct notice_view *notice = ARENA_NEW(rq->arena, struct notice_view);
    *notice = (struct notice_view){.text = fill_form_error(rq), .is_problem = true};
    return notice;
}

static void fill_actions(struct request *rq, const struct member *m, struct member_page *p)
{
    struct str at = p->member->address;
    p->role_action = arena_printf(rq->arena, STR_FMT "/role", STR_ARG(at));
    p->password_action = arena_printf(rq->arena, STR_FMT "/password", STR_ARG(at));
    if (member_has_second_step(m))
        p->reset_action = arena_printf(rq->arena, STR_FMT "/reset", STR_ARG(at));
    if (m->disabled_s)
        p->enable_action = arena_printf(rq->arena, STR_FMT "/enable", STR_ARG(at));
    else
        p->disable_action = arena_printf(rq->arena, STR_FMT "/disable", STR_ARG(at));
}

bool member_show(struct request *rq, struct tx *tx, struct err *e)
{
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct member_page *p = ARENA_NEW(rq->arena, struct member_page);
    struct member_row *row = ARENA_NEW(rq->arena, struct member_row);
    struct moderator_id id;
    struct member m;
    if (!read_id(rq, &id, e) || !moderator_get(rq->web->o.domain, tx, id, &m, e))
        return false;
    const struct frame_want want = {.title = m.moderator.name, .is_noindex = true};
    if (!frame_fill(rq, tx, &want, f, e))
        return false;
    *row = fill_member(rq, &m);
    *p = (struct member_page){
        .moderator = f->moderator,
        .back_address = STR("/mod/team"),
        .notice = member_notice(rq),
        .member = row,
        .is_oneself = id.v == rq->actor.moderator.id.v,
        .token = gate_token(rq, CSRF_SESSION),
    };
    p->roles = fill_roles(rq, m.moderator.role, &p->n_roles);
    fill_actions(rq, &m, p);
    frame_into(f, &p->head, &p->bar, &p->foot);
    reply_template(&rq->reply, TEMPLATE_MEMBER, p);
    return true;
}

static bool find_member(struct tx *tx, void *context, struct err *e)
{
    struct invitation *i = context;
    struct member m;
    if (!read_id(i->rq, &i->moderator.id, e) ||
        !moderator_get(i->rq->web->o.domain, tx, i->moderator.id, &m, e))
        return false;
    i->moderator = m.moderator;
    return true;
}

static bool set_password(struct tx *tx, void *context, struct err *e)
{
    struct invitation *i = context;
    const struct request *rq = i->rq;
    struct moderator_id by = rq->actor.moderator.id;
    if (by.v == i->moderator.id.v)
        return err_set(e, ERR_DENIED, T_TEAM_ONESELF, "one's own password is on one's own page");
    const struct password_change change = {.of = i->moderator.id, .hash = i->hash};
    return moderator_set_password(rq->web->o.domain, tx, by, &change, e) && show_password(i, tx, e);
}

bool member_password_post(struct request *rq, UNUSED struct tx *tx, struct err *e)
{
    struct invitation i = {.rq = rq};
    return gate_read(rq, find_member, &i, e) && make_password(&i, e) &&
           gate_write(rq, set_password, &i, e);
}

/* Back to their page, which says what was done. */
static void lead_back(struct request *rq, struct moderator_id id, const char *done)
{
    reply_redirect(&rq->reply,
                   arena_printf(rq->arena, "/mod/team/%" PRId64 "?done=%s", id.v, done));
}

bool member_role_post(struct request *rq, struct tx *tx, struct err *e)
{
    const struct role_form *form = rq->form;
    struct moderator_id id;
    if (!read_id(rq, &id, e))
        return false;
    lead_back(rq, id, "role");
    return moderator_set_role(rq->web->o.domain, tx, rq->actor.moderator.id, id,
                              (enum role)form->role, e);
}

bool member_reset_post(struct request *rq, struct tx *tx, struct err *e)
{
    struct moderator_id id;
    if (!read_id(rq, &id, e))
        return false;
    lead_back(rq, id, "reset");
    return moderator_reset(rq->web->o.domain, tx, rq->actor.moderator.id, id, e);
}

static bool set_disabled(struct request *rq, struct tx *tx, bool is_disabled, struct err *e)
{
    struct moderator_id id;
    if (!read_id(rq, &id, e))
        return false;
    lead_back(rq, id, is_disabled ? "disable" : "enable");
    return moderator_set_disabled(rq->web->o.domain, tx, rq->actor.moderator.id, id, is_disabled,
                                  e);
}

bool member_disable_post(struct request *rq, struct tx *tx, struct err *e)
{
    return set_disabled(rq, tx, true, e);
}

bool member_enable_post(struct request *rq, struct tx *tx, struct err *e)
{
    return set_disabled(rq, tx, false, e);
}
