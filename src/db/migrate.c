#include "db/inner.h"

static bool version_check(const struct db *db, int version, struct err *e)
{
    if ((size_t)version <= db->o.schema->n_migrations)
        return true;
    return err_set(e, ERR_CONFLICT, 0,
                   "the database has schema %d, this program knows %zu: it is too old for it",
                   version, db->o.schema->n_migrations);
}

/* One migration in one transaction; another process may have made it meanwhile. */
static bool migrate_next(struct db *db, struct conn *c, int *ret_version, struct err *e)
{
    if (!conn_begin(c, e))
        return false;
    int version = 0;
    bool ok = db->engine->version(c, &version, e) && version_check(db, version, e);
    if (ok && (size_t)version < db->o.schema->n_migrations) {
        const struct db_migration *m = &db->o.schema->migrations[version];
        MUST(m->number == version + 1);
        ok = conn_migrate(c, m, e) || err_where(e, "migration %04d_%s", m->number, m->name);
        version++;
    }
    if (!ok || !conn_commit(c, e)) {
        db->engine->rollback(c);
        return false;
    }
    *ret_version = version;
    return true;
}

bool migrate(struct db *db, struct conn *c, struct err *e)
{
    int version = 0;
    if (!db->engine->version(c, &version, e) || !version_check(db, version, e))
        return false;
    if ((size_t)version == db->o.schema->n_migrations)
        return true;
    if (!db->engine->migrating(c, true, e))
        return false;
    bool ok = true;
    while (ok && (size_t)version < db->o.schema->n_migrations)
        ok = migrate_next(db, c, &version, e);
    struct err ignored;
    return db->engine->migrating(c, false, ok ? e : &ignored) && ok;
}
