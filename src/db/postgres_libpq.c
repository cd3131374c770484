#include "db/postgres_libpq.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

#include "base/must.h"

struct libpq pq;

static const struct {
    const char *name;
    size_t offset;
} calls[] = {
#define CALL(name) {#name, offsetof(struct libpq, name)},
#include "db/postgres_libpq.def"
#undef CALL
};

bool libpq_load(const char *file, struct libpq *ret_pq, struct err *e)
{
    struct libpq loaded;
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return err_set(e, ERR_MISSING, 0,
                       "%s is not installed; databases on PostgreSQL need it (Debian: libpq5)",
                       file);
    for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
        void *call = dlsym(library, calls[i].name);
        if (!call) {
            (void)dlclose(library);
            return err_set(e, ERR_BROKEN, 0, "%s has no %s; version 14 of libpq is needed", file,
                           calls[i].name);
        }
        /* POSIX lets a function's address be kept like an object's; ISO C has no cast for it. */
        _Static_assert(sizeof call == sizeof loaded.PQclear, "addresses of two sizes");
        memcpy((char *)&loaded + calls[i].offset, &call, sizeof call);
    }
    *ret_pq = loaded;
    return true;
}

bool libpq_open(struct err *e)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static bool is_open;
    MUST(pthread_mutex_lock(&lock) == 0);
    is_open = is_open || libpq_load(LIBPQ_FILE, &pq, e);
    bool ok = is_open;
    MUST(pthread_mutex_unlock(&lock) == 0);
    return ok;
}
