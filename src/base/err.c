#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool err_set(struct err *e, enum err_kind kind, int say, const char *format, ...)
{
    va_list args;

    e->kind = kind;
    e->say = say;
    va_start(args, format);
    (void)vsnprintf(e->why, sizeof e->why, format, args);
    va_end(args);
    return false;
}

bool err_where(struct err *e, const char *format, ...)
{
    char before[ERR_WHY_BYTES];
    size_t n = sizeof before;
    va_list args;

    memcpy(before, e->why, n);
    va_start(args, format);
    int written = vsnprintf(e->why, sizeof e->why, format, args);
    va_end(args);
    size_t at = written < 0 ? 0 : (size_t)written;
    if (at < sizeof e->why)
        (void)snprintf(e->why + at, sizeof e->why - at, ": %.*s", (int)n, before);
    return false;
}

const char *err_kind_name(enum err_kind kind)
{
    switch (kind) {
    case ERR_NONE:
        return "none";
    case ERR_INVALID:
        return "invalid";
    case ERR_MISSING:
        return "missing";
    case ERR_DENIED:
        return "denied";
    case ERR_SIGN_IN:
        return "sign-in";
    case ERR_CONFLICT:
        return "conflict";
    case ERR_TOO_LARGE:
        return "too-large";
    case ERR_TOO_MANY:
        return "too-many";
    case ERR_BUSY:
        return "busy";
    case ERR_UNKNOWN:
        return "unknown";
    case ERR_BROKEN:
        return "broken";
    }
    return "?";
}
