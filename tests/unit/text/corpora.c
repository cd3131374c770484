#include "tests/unit/text/corpora.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/lib/unit.h"

#define UNICODE "/usr/share/unicode"
#define PATH_BYTES 4096

static const char *folder(void)
{
    const char *set = getenv("AITYS_CORPORA");
    return set ? set : SOURCE_ROOT "/../shared/corpora";
}

static FILE *open_in(const char *where, const char *name, char path[static PATH_BYTES])
{
    (void)snprintf(path, PATH_BYTES, "%s/%s", where, name);
    return fopen(path, "re");
}

static void need(const char *where, const char *name)
{
    char path[PATH_BYTES];
    FILE *f = open_in(where, name, path);

    if (!f) {
        print_message("# skipped: there is no %s\n", path);
        skip();
    }
    (void)fclose(f);
}

void corpora_need(const char *name)
{
    need(folder(), name);
}

void corpora_need_unicode(const char *name)
{
    need(UNICODE, name);
}

static struct str read_from(struct arena *a, const char *where, const char *name)
{
    char path[PATH_BYTES];
    FILE *f = open_in(where, name, path);

    if (!f)
        fail_msg("%s was not asked for with corpora_need", path);
    (void)fseek(f, 0, SEEK_END);
    size_t n = (size_t)ftell(f);
    rewind(f);
    char *p = arena_take(a, n + 1);
    n = fread(p, 1, n, f);
    (void)fclose(f);
    return (struct str){p, n};
}

struct str corpora_read(struct arena *a, const char *name)
{
    return read_from(a, folder(), name);
}

struct str corpora_unicode(struct arena *a, const char *name)
{
    return read_from(a, UNICODE, name);
}

json_t *corpora_json(struct arena *a, const char *name)
{
    struct str s = corpora_read(a, name);
    json_error_t fault;
    json_t *json = json_loadb(s.p, s.n, JSON_ALLOW_NUL, &fault);
    if (!json)
        fail_msg("%s: line %d: %s", name, fault.line, fault.text);
    return json;
}

struct str corpora_string(const json_t *value)
{
    return (struct str){json_string_value(value), json_string_length(value)};
}
