#include "tests/unit/text/corpora.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/lib/unit.h"

static bool read_file(struct arena *a, const char *path, struct str *ret_s)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return false;
    (void)fseek(f, 0, SEEK_END);
    size_t n = (size_t)ftell(f);
    rewind(f);
    char *p = arena_take(a, n + 1);
    n = fread(p, 1, n, f);
    (void)fclose(f);
    *ret_s = (struct str){p, n};
    return true;
}

static struct str read_or_skip(struct arena *a, const char *folder, const char *name)
{
    struct str path = arena_printf(a, "%s/%s", folder, name), s = STR_NONE;

    if (!read_file(a, path.p, &s)) {
        print_message("# skipped: there is no %s\n", path.p);
        skip();
    }
    return s;
}

struct str corpora_read(struct arena *a, const char *name)
{
    const char *folder = getenv("AITYS_CORPORA");
    return read_or_skip(a, folder ? folder : SOURCE_ROOT "/../shared/corpora", name);
}

struct str corpora_unicode(struct arena *a, const char *name)
{
    return read_or_skip(a, "/usr/share/unicode", name);
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
