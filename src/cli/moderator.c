/*
 * aitys moderator add, password, list: the team.
 */
#include "cli/newsroom.h"
#include "cli/password.h"
#include "domain/moderation.h"
#include "store/statements.h"

static const struct {
    const char *name;
    enum role role;
} roles[] = {{"moderator", ROLE_MODERATOR}, {"administrator", ROLE_ADMINISTRATOR}};

struct person {
    const struct domain *domain;
    struct str name;
    struct str password;
    enum role role;
};

static bool add(struct tx *tx, void *context, struct err *e)
{
    const struct person *p = context;
    return moderator_add(p->domain, tx, p->name, p->password, p->role, e);
}

static bool set_password(struct tx *tx, void *context, struct err *e)
{
    const struct person *p = context;
    return moderator_set_password(p->domain, tx, p->name, p->password, e);
}

static bool take_role(const struct cli *c, enum role *ret_role)
{
    *ret_role = ROLE_MODERATOR;
    if (!c->has[CLI_OPTION_ROLE])
        return true;
    for (size_t i = 0; i < ARRAY_LEN(roles); i++)
        if (str_eq(c->values[CLI_OPTION_ROLE], str_of(roles[i].name))) {
            *ret_role = roles[i].role;
            return true;
        }
    return false;
}

/* Runs a write about one person with a password that is read or made, and tells what was done. */
static enum cli_end change_person(struct cli *c, db_work *work, enum role role, const char *done)
{
    struct newsroom n = {0};
    struct err e;
    struct person p = {.domain = &n.domain, .name = c->args[0], .role = role};
    bool is_given = c->has[CLI_OPTION_PASSWORD_STDIN];
    if (!is_given)
        p.password = password_make(c->arena);
    else if (!password_read(c->arena, &p.password, &e))
        return cli_fail(&e);
    enum cli_end end = CLI_FAILED;
    if (newsroom_open(c, cli_dir(c, false), NEWSROOM_BESIDE, &n)) {
        if (!db_write_now(n.db, c->arena, work, &p, &e)) {
            end = cli_fail(&e);
        } else {
            cli_print("%s " STR_FMT, done, STR_ARG(p.name));
            if (!is_given)
                cli_print("password: " STR_FMT "\nIt is not shown again.", STR_ARG(p.password));
            end = CLI_DONE;
        }
    }
    newsroom_close(&n);
    return end;
}

enum cli_end command_moderator_add(struct cli *c)
{
    enum role role;
    if (!take_role(c, &role))
        return cli_misused(c, STR_FMT ": is not a role, write moderator or administrator",
                           STR_ARG(c->values[CLI_OPTION_ROLE]));
    return change_person(c, add, role, role == ROLE_ADMINISTRATOR ? "administrator" : "moderator");
}

enum cli_end command_moderator_password(struct cli *c)
{
    return change_person(c, set_password, ROLE_MODERATOR, "new password for");
}

static const char *role_name(int64_t role)
{
    for (size_t i = 0; i < ARRAY_LEN(roles); i++)
        if ((int64_t)roles[i].role == role)
            return roles[i].name;
    return "unknown role";
}

static bool list(struct tx *tx, void *context, struct err *e)
{
    const struct newsroom *n = context;
    const struct moderator_list_in in = {n->domain.site.id.v};
    struct moderator_list_out *rows;
    size_t n_rows;
    if (!sql_moderator_list(tx, &in, &rows, &n_rows, e))
        return false;
    for (size_t i = 0; i < n_rows; i++)
        cli_print("%-14s " STR_FMT, role_name(rows[i].role), STR_ARG(rows[i].name));
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
