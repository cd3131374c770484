/*
 * aitys moderator …: the team, from the machine itself.
 */
#include "cli/newsroom.h"
#include "cli/password.h"
#include "domain/password.h"
#include "domain/team.h"

static const struct {
    const char *name;
    enum role role;
} roles[] = {
    {"moderator", ROLE_MODERATOR},
    {"senior", ROLE_SENIOR},
    {"editor", ROLE_EDITOR},
    {"administrator", ROLE_ADMINISTRATOR},
};

struct person {
    const struct domain *domain;
    struct str name;
    struct str hash; /* of a password */
    enum role role;
};

/* Of the team: the operator is none of it. */
static const struct moderator_id nobody = {0};

static bool add(struct tx *tx, void *context, struct err *e)
{
    const struct person *p = context;
    struct moderator who = {.name = p->name, .role = p->role};
    return moderator_add(p->domain, tx, nobody, &who, p->hash, e);
}

static bool set_password(struct tx *tx, void *context, struct err *e)
{
    const struct person *p = context;
    struct password_change change = {.hash = p->hash};
    return moderator_find(p->domain, tx, p->name, &change.of, e) &&
           moderator_set_password(p->domain, tx, nobody, &change, e);
}

static bool set_role(struct tx *tx, void *context, struct err *e)
{
    const struct person *p = context;
    struct moderator_id id;
    return moderator_find(p->domain, tx, p->name, &id, e) &&
           moderator_set_role(p->domain, tx, nobody, id, p->role, e);
}

static bool disable(struct tx *tx, void *context, struct err *e)
{
    const struct person *p = context;
    struct moderator_id id;
    return moderator_find(p->domain, tx, p->name, &id, e) &&
           moderator_set_disabled(p->domain, tx, nobody, id, true, e);
}

static bool enable(struct tx *tx, void *context, struct err *e)
{
    const struct person *p = context;
    struct moderator_id id;
    return moderator_find(p->domain, tx, p->name, &id, e) &&
           moderator_set_disabled(p->domain, tx, nobody, id, false, e);
}

static bool reset(struct tx *tx, void *context, struct err *e)
{
    const struct person *p = context;
    struct moderator_id id;
    return moderator_find(p->domain, tx, p->name, &id, e) &&
           moderator_reset(p->domain, tx, nobody, id, e);
}

static bool role_find(struct str name, enum role *ret_role)
{
    for (size_t i = 0; i < ARRAY_LEN(roles); i++)
        if (str_eq(name, str_of(roles[i].name))) {
            *ret_role = roles[i].role;
            return true;
        }
    return false;
}

static enum cli_end not_a_role(struct cli *c, struct str name)
{
    return cli_misused(c,
                       STR_FMT ": is not a role, write moderator, senior, editor or administrator",
                       STR_ARG(name));
}

/* Runs a write about one person, and tells what was done. */
static enum cli_end change(struct cli *c, db_work *work, struct person p, const char *done)
{
    struct newsroom n = {0};
    struct err e;
    enum cli_end end = CLI_FAILED;
    p.domain = &n.domain;
    p.name = c->args[0];
    if (newsroom_open(c, cli_dir(c, false), NEWSROOM_BESIDE, &n)) {
        end = db_write_now(n.db, c->arena, work, &p, &e) ? CLI_DONE : cli_fail(&e);
        if (end == CLI_DONE)
            cli_print("%s " STR_FMT, done, STR_ARG(p.name));
    }
    newsroom_close(&n);
    return end;
}

/* The same with a password that is read or made. */
static enum cli_end change_password(struct cli *c, db_work *work, struct person p, const char *done)
{
    struct err e;
    struct str password;
    bool is_given = c->has[CLI_OPTION_PASSWORD_STDIN];
    if (!is_given)
        password = password_make(c->arena, PASSWORD_GROUPS);
    else if (!password_read(c->arena, &password, &e))
        return cli_fail(&e);
    if (!password_hash(c->arena, password, &p.hash, &e))
        return cli_fail(&e);
    enum cli_end end = change(c, work, p, done);
    if (end == CLI_DONE && !is_given)
        cli_print("password: " STR_FMT "\nIt is not shown again.", STR_ARG(password));
    return end;
}

static const char *role_name(enum role role)
{
    for (size_t i = 0; i < ARRAY_LEN(roles); i++)
        if (roles[i].role == role)
            return roles[i].name;
    return "unknown role";
}

enum cli_end command_moderator_add(struct cli *c)
{
    struct person p = {.role = ROLE_MODERATOR};
    if (c->has[CLI_OPTION_ROLE] && !role_find(c->values[CLI_OPTION_ROLE], &p.role))
        return not_a_role(c, c->values[CLI_OPTION_ROLE]);
    return change_password(c, add, p, role_name(p.role));
}

enum cli_end command_moderator_password(struct cli *c)
{
    return change_password(c, set_password, (struct person){0}, "new password for");
}

enum cli_end command_moderator_role(struct cli *c)
{
    struct person p = {0};
    if (!role_find(c->args[1], &p.role))
        return not_a_role(c, c->args[1]);
    return change(c, set_role, p, role_name(p.role));
}

enum cli_end command_moderator_disable(struct cli *c)
{
    return change(c, disable, (struct person){0}, "shut out");
}

enum cli_end command_moderator_enable(struct cli *c)
{
    return change(c, enable, (struct person){0}, "let in again");
}

enum cli_end command_moderator_reset(struct cli *c)
{
    return change(c, reset, (struct person){0}, "no second step any more for");
}

/* What stands behind a name: shut out, codes, passkeys. */
static void print_member(const struct member *m)
{
    cli_print("%-14s " STR_FMT "%s%s%s", role_name(m->moderator.role), STR_ARG(m->moderator.name),
              m->disabled_s ? " (shut out)" : "", m->has_totp ? " (codes)" : "",
              m->passkeys ? " (passkeys)" : "");
}

static bool list(struct tx *tx, void *context, struct err *e)
{
    const struct newsroom *n = context;
    struct member *members;
    size_t n_members;
    if (!moderator_list(&n->domain, tx, &members, &n_members, e))
        return false;
    for (size_t i = 0; i < n_members; i++)
        print_member(&members[i]);
    return true;
}

enum cli_end command_moderator_list(struct cli *c)
{
    struct newsroom n = {0};
    struct err e;
    enum cli_end end = CLI_FAILED;
    if (newsroom_open(c, cli_dir(c, false), NEWSROOM_BESIDE, &n))
        end = db_read(n.db, c->arena, list, &n, &e) ? CLI_DONE : cli_fail(&e);
    newsroom_close(&n);
    return end;
}
