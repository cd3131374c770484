#include "domain/domain.h"

#include "base/rand.h"
#include "domain/inner.h"
#include "domain/ledger_inner.h"
#include "text/fold.h"

/* One database serves one site until sites have rows of their own. */
#define SITE_FIRST 1
#define SECRET_NAME STR("hash")

bool site_found(struct tx *tx, struct err *e)
{
    struct hash secret;
    rand_bytes(secret.b, sizeof secret.b);
    struct secret_add_in in = {SITE_FIRST, SECRET_NAME, hash_str(&secret)};
    int64_t changed;
    if (!sql_secret_add(tx, &in, &changed, e))
        return false;
    if (changed == 0)
        return err_set(e, ERR_CONFLICT, 0, "the site was founded before");
    return ledger_found(tx, (struct site_id){SITE_FIRST}, e);
}

static bool secret_load(struct tx *tx, struct hash *ret_secret, struct err *e)
{
    struct secret_get_in in = {SITE_FIRST, SECRET_NAME};
    struct secret_get_out row;
    bool found;
    if (!sql_secret_get(tx, &in, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_MISSING, 0, "the database has no site; run: aitys init");
    *ret_secret = hash_of_blob(row.value);
    return true;
}

/* Skeletons of the names in settings and database. */
static bool names_load(struct tx *tx, struct domain *d, struct err *e)
{
    struct protected_name_list_in in = {d->site.id.v};
    struct protected_name_list_out *rows;
    size_t n_rows;
    if (!sql_protected_name_list(tx, &in, &rows, &n_rows, e))
        return false;
    struct arena *a = tx_arena(tx);
    const struct setting_list *given = &d->settings->comments_protected_names;
    struct str *skeletons = ARENA_ARRAY(a, struct str, n_rows + given->n + 1);
    size_t n = 0;
    skeletons[n++] = fold_skeleton(a, d->site.name);
    for (size_t i = 0; i < given->n; i++)
        skeletons[n++] = fold_skeleton(a, given->items[i]);
    for (size_t i = 0; i < n_rows; i++)
        skeletons[n++] = fold_skeleton(a, rows[i].name);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (skeletons[i].n > 0)
            skeletons[kept++] = skeletons[i];
    d->protected_skeletons = skeletons;
    d->n_protected_skeletons = kept;
    return true;
}

bool domain_open(struct tx *tx, const struct settings *settings, struct domain *ret_domain,
                 struct err *e)
{
    struct domain d = {
        .settings = settings,
        .site = {.id = {SITE_FIRST},
                 .origin = settings->site_origin,
                 .name = settings->site_name,
                 .language = settings->site_language,
                 .languages = settings->site_languages.items,
                 .n_languages = settings->site_languages.n,
                 .zone = settings->site_zone},
    };
    if (!secret_load(tx, &d.secret, e) || !names_load(tx, &d, e))
        return false;
    *ret_domain = d;
    return true;
}
