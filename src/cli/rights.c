/*
 * aitys reference rights: who may do what, printed from the tables that decide it: routes.def,
 * domain/moves.c and rights.def. tools/make-man keeps docs/reference/rights.md.
 */
#include <stdio.h>

#include "cli/cli.h"
#include "domain/comments.h"
#include "domain/decisions.h"
#include "domain/rights.h"
#include "web/route.h"

static const char *const accesses[ACCESSES] = {
    [ACCESS_READER] = "reader",
    [ACCESS_PENDING] = "pending",
    [ACCESS_ACCOUNT] = "account",
    [ACCESS_MODERATOR] = "moderator",
    [ACCESS_SENIOR] = "senior",
    [ACCESS_EDITOR] = "editor",
    [ACCESS_ADMINISTRATOR] = "administrator",
};

static const char *const roles[ROLES] = {
    [ROLE_READER] = "reader", [ROLE_MODERATOR] = "moderator",         [ROLE_SENIOR] = "senior",
    [ROLE_EDITOR] = "editor", [ROLE_ADMINISTRATOR] = "administrator",
};

static const char *const actions[] = {
    [ACTION_PUBLISH] = "publish",     [ACTION_REJECT] = "reject", [ACTION_SPAM] = "spam",
    [ACTION_WITHDRAW] = "withdraw",   [ACTION_HOLD] = "hold",     [ACTION_FEATURE] = "feature",
    [ACTION_UNFEATURE] = "unfeature",
};

static const char *const states[] = {
    [COMMENT_HELD] = "held", [COMMENT_PUBLISHED] = "published", [COMMENT_REJECTED] = "rejected",
    [COMMENT_SPAM] = "spam", [COMMENT_WITHDRAWN] = "withdrawn",
};

static void put_header(const char *first, const char *const *columns, size_t n)
{
    (void)printf("| %s |", first);
    for (size_t i = 0; i < n; i++)
        (void)printf(" %s |", columns[i]);
    (void)printf("\n|---|");
    for (size_t i = 0; i < n; i++)
        (void)printf("---|");
    (void)putchar('\n');
}

static void put_mark(bool may)
{
    (void)printf(may ? " yes |" : " |");
}

static void put_route(const struct route *r)
{
    (void)printf("| %s `" STR_FMT "`<br>%s |", r->method == HTTP_GET ? "GET" : "POST",
                 STR_ARG(r->pattern), r->about);
    for (enum access a = ACCESS_READER; a < ACCESSES; a++)
        put_mark(a >= r->least);
    (void)putchar('\n');
}

static void put_action(enum role role, enum action a)
{
    (void)printf("| %s: %s |", roles[role], actions[a]);
    for (size_t s = 0; s < ARRAY_LEN(states); s++)
        put_mark(action_is_allowed(role, a, (enum comment_state)s));
    (void)putchar('\n');
}

/* What an author's action needs beside the state: nothing, or that it is not too late. */
static void put_own_action(const char *action, const struct comment *late,
                           const struct comment *early, bool (*may)(const struct comment *c))
{
    (void)printf("| %s |", action);
    for (size_t s = 0; s < ARRAY_LEN(states); s++) {
        struct comment l = *late, n = *early;
        l.state = n.state = (enum comment_state)s;
        (void)printf(may(&l) ? " yes |" : may(&n) ? " for a time |" : " |");
    }
    (void)putchar('\n');
}

#define OWN_NOW_S (365 * 86400)

static bool may_edit(const struct comment *c)
{
    static const struct settings settings = {.comments_edit_minutes = 1};
    static const struct domain domain = {.settings = &settings};
    return comment_may_edit(&domain, c, &c->commenter, OWN_NOW_S);
}

static bool may_withdraw(const struct comment *c)
{
    return comment_may_withdraw(c, &c->commenter);
}

static void put_own(void)
{
    const struct comment late = {.created_s = 1};
    const struct comment early = {.created_s = OWN_NOW_S, .words_kept = true};
    (void)printf(
        "\n## What authors do to their own comments\n\n"
        "By the edit key of their browser. A published comment is edited for "
        "`comments.edit_minutes`. What a moderator withdrew\nits author withdraws as well "
        "for as long as the words are kept for undoing (`moderation.undo_hours`): then they "
        "are\nerased, and the decision stays and cannot be taken back.\n\n");
    put_header("Action", states, ARRAY_LEN(states));
    put_own_action("edit", &late, &early, may_edit);
    put_own_action("withdraw", &late, &early, may_withdraw);
}

/* The least role for whom it is possible in that state. */
static void put_right(enum right right)
{
    const struct right_row *r = right_row(right);
    (void)printf("| %s |", r->what);
    for (unsigned s = 0; s < r->object->n_states; s++)
        (void)printf(right_is_possible(right, s) ? " %s |" : " |", roles[r->least]);
    (void)putchar('\n');
}

static void put_objects(void)
{
    const struct right_object *object = NULL;
    (void)printf("\n## Who does what to batches, campaigns, rules, commenters and reasons\n\n"
                 "The least role, by the state of the object; those above it may, too.\n");
    for (enum right right = 0; right < RIGHTS; right++) {
        const struct right_object *next = right_row(right)->object;
        if (next != object) {
            (void)putchar('\n');
            put_header(next->name, next->states, next->n_states);
        }
        object = next;
        put_right(right);
    }
}

enum cli_end command_reference_rights(UNUSED struct cli *c)
{
    size_t n;
    const struct route *routes = routes_all(&n);
    (void)printf(
        "# Rights\n\n"
        "Printed by `aitys reference rights` from `src/web/routes.def`, `src/domain/moves.c` and "
        "`src/model/rights.def`;\nnot written by hand. Tested in full by "
        "`tests/api/security/matrix.test.mjs` and "
        "`tests/unit/domain/test_decisions.c`.\n\n"
        "A session's strength decides before its role: **pending** gave the password and has yet "
        "to give the second\nproof; **account** is signed in, but the site "
        "(`moderation.second_step`) wants a second step set up first.\n\n"
        "## Who reaches which address\n\n");
    put_header("Address", accesses, ACCESSES);
    for (size_t i = 0; i < n; i++)
        put_route(&routes[i]);
    (void)printf("\n## Who does what to a comment\n\n");
    put_header("Role and action", states, ARRAY_LEN(states));
    for (enum role role = ROLE_MODERATOR; role < ROLES; role++)
        for (enum action a = ACTION_PUBLISH; a <= ACTION_UNFEATURE; a++)
            put_action(role, a);
    put_own();
    put_objects();
    return CLI_DONE;
}
