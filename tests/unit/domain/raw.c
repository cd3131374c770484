#include "tests/unit/domain/raw.h"

#include <libpq-fe.h>
#include <sqlite3.h>

#include "domain/search.h"

static bool run(struct room *r, const char *ending, const char *schema, const char *sql)
{
    if (fixture_is_postgres()) {
        struct str all = arena_printf(r->home, "SET search_path = %s; %s", schema, sql);
        PGconn *pg = PQconnectdb(r->f.address);
        assert_int_equal(PQstatus(pg), CONNECTION_OK);
        PGresult *result = PQexec(pg, all.p);
        bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
        if (!ok)
            print_message("# %s", PQerrorMessage(pg));
        PQclear(result);
        PQfinish(pg);
        return ok;
    }
    sqlite3 *db;
    char *why = NULL;
    struct str path = arena_printf(r->home, "%s%s", r->f.address, ending);
    assert_int_equal(sqlite3_open(path.p, &db), SQLITE_OK);
    (void)sqlite3_busy_timeout(db, 5000);
    bool ok = sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK;
    if (!ok)
        print_message("# %s\n", why);
    sqlite3_free(why);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return ok;
}

bool raw(struct room *r, const char *sql)
{
    return run(r, "", "public", sql);
}

bool raw_search(struct room *r, const char *sql)
{
    return run(r, ".search", SEARCH_BESIDE, sql);
}
