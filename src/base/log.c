#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_BYTES 1024

static size_t escape_into(char *line, size_t at, size_t max, const char *text)
{
    static const char digits[] = "0123456789abcdef";
    for (; *text && at + 4 < max; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == 0x7f) {
            line[at++] = '\\';
            line[at++] = 'x';
            line[at++] = digits[c >> 4];
            line[at++] = digits[c & 15];
        } else {
            line[at++] = (char)c;
        }
    }
    return at;
}

void log_line(const struct log *l, enum log_level level, const char *event, const char *format, ...)
{
    char text[LINE_BYTES];
    char line[LINE_BYTES * 4 + 64];
    va_list args;

    if (l->fd < 0 || level > l->least)
        return;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    int head = l->journal ? snprintf(line, 64, "<%d>%s ", (int)level, event)
                          : snprintf(line, 64, "%s ", event);
    size_t at = head < 0 ? 0 : head < 64 ? (size_t)head : 63;
    at = escape_into(line, at, sizeof line - 1, text);
    line[at++] = '\n';
    ssize_t written = write(l->fd, line, at);
    (void)written; /* a log that cannot be written must not stop the server */
}

void log_err(const struct log *l, const char *event, const struct err *e)
{
    log_error(l, event, "kind=%s why=\"%s\"", err_kind_name(e->kind), e->why);
}
