#include <inttypes.h>

#include "web/address.h"
#include "web/fill.h"
#include "web/gate.h"
#include "web/reply.h"

#define FAULT_LINES_MAX 40 /* of one form */

struct str fill_role_text(struct request *rq, enum role role)
{
    static const enum message texts[ROLES] = {
        [ROLE_MODERATOR] = T_ROLE_MODERATOR,
        [ROLE_SENIOR] = T_ROLE_SENIOR,
        [ROLE_EDITOR] = T_ROLE_EDITOR,
        [ROLE_ADMINISTRATOR] = T_ROLE_ADMINISTRATOR,
    };
    return i18n_text(rq->words, texts[role]);
}

const struct role_option *fill_roles(struct request *rq, enum role selected, size_t *ret_n)
{
    struct role_option *options = ARENA_ARRAY(rq->arena, struct role_option, ROLES - 1);
    for (enum role r = ROLE_MODERATOR; r < ROLES; r++)
        options[r - 1] = (struct role_option){r, fill_role_text(rq, r), r == selected};
    *ret_n = ROLES - 1;
    return options;
}

struct str fill_form_error(struct request *rq)
{
    const struct form_spec *spec = rq->route->form;
    for (size_t i = 0; rq->err.say == 0 && i < spec->n_fields; i++) {
        if (rq->faults.field[i] != T_NONE)
            return i18n_fill(rq->arena, rq->words, rq->faults.field[i],
                             i18n_number(rq->arena, rq->words, spec->fields[i].max),
                             i18n_number(rq->arena, rq->words, rq->faults.chars[i]));
    }
    return reply_error_text(rq);
}

void fill_fault(struct request *rq, struct fault_list *all, struct str at, struct str text)
{
    if (text.n == 0 || all->n == FAULT_LINES_MAX)
        return;
    if (!all->items)
        all->items = ARENA_ARRAY(rq->arena, struct fault_line, FAULT_LINES_MAX);
    all->items[all->n++] = (struct fault_line){at, text};
}

static bool is_first_fault(const struct request *rq, size_t field)
{
    for (size_t i = 0; i < field; i++)
        if (rq->faults.field[i] != T_NONE)
            return false;
    return rq->faults.field[field] != T_NONE;
}

struct proof_error fill_proof_error(struct request *rq, size_t password_field)
{
    struct str error = fill_form_error(rq);
    bool is_password =
        rq->err.say == T_PASSWORD_WRONG || (rq->err.say == 0 && is_first_fault(rq, password_field));
    struct proof_error at = {.other = error};
    if (is_password)
        at = (struct proof_error){.password = error};
    return at;
}

struct passkey_view *fill_passkey(struct request *rq, enum csrf csrf, const char *action,
                                  struct str next)
{
    const struct domain *d = rq->web->o.domain;
    const struct moderator *m = &rq->actor.moderator;
    struct webauthn_party party;
    if (!webauthn_party_of(rq->web->origin, &party))
        return NULL;
    struct passkey_view *v = ARENA_NEW(rq->arena, struct passkey_view);
    *v = (struct passkey_view){.action = str_of(action),
                               .token = gate_token(rq, csrf),
                               .next = next,
                               .host = party.id,
                               .site_name = d->site.name};
    if (csrf == CSRF_PASSKEY_NEW) {
        v->user = webauthn_text(rq->arena, passkey_handle(d, rq->arena, m->id));
        v->user_name = m->name;
    }
    return v;
}

struct notice_view *fill_done_notice(struct request *rq)
{
    static const struct {
        struct str what;
        enum message text;
    } all[] = {
        {STR_INIT("password"), T_DONE_PASSWORD},
        {STR_INIT("totp-off"), T_DONE_TOTP_OFF},
        {STR_INIT("passkey"), T_DONE_PASSKEY},
        {STR_INIT("passkey-name"), T_DONE_PASSKEY_NAME},
        {STR_INIT("removed"), T_DONE_PASSKEY_GONE},
        {STR_INIT("session"), T_DONE_SESSION},
        {STR_INIT("role"), T_DONE_ROLE},
        {STR_INIT("reset"), T_DONE_RESET},
        {STR_INIT("disable"), T_DONE_DISABLED},
        {STR_INIT("enable"), T_DONE_ENABLED},
    };
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        if (!str_eq(rq->query.done, all[i].what))
            continue;
        struct notice_view *notice = ARENA_NEW(rq->arena, struct notice_view);
        notice->text = i18n_text(rq->words, all[i].text);
        return notice;
    }
    return NULL;
}

/* "Codes from an app, 2 passkeys" */
static struct str second_step_text(struct request *rq, const struct member *m)
{
    struct str parts[2];
    size_t n = 0;
    if (m->has_totp)
        parts[n++] = i18n_text(rq->words, T_TOTP_NAME);
    if (m->passkeys > 0)
        parts[n++] = i18n_count(rq->arena, rq->words, T_PASSKEYS_COUNT, m->passkeys);
    return n ? i18n_list(rq->arena, rq->words, parts, n) : i18n_text(rq->words, T_SECOND_STEP_NONE);
}

struct member_row fill_member(struct request *rq, const struct member *m)
{
    return (struct member_row){
        .name = m->moderator.name,
        .address = arena_printf(rq->arena, "/mod/team/%" PRId64, m->moderator.id.v),
        .role_text = fill_role_text(rq, m->moderator.role),
        .signed_in_text = m->signed_in_s ? fill_time_text(rq, m->signed_in_s, I18N_DATE_TIME)
                                         : i18n_text(rq->words, T_TEAM_NEVER),
        .second_step_text = second_step_text(rq, m),
        .is_disabled = m->disabled_s != 0,
    };
}
