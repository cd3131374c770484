/*
 * What commands say: errors to standard error, results to standard output.
 */
#include <stdarg.h>

#include "base/buf.h"
#include "cli/cli.h"

#define LINE_BYTES_MAX (16 * KiB)

/*
 * Control bytes out of files and names must not steer somebody's terminal. The C1 controls are
 * caught in their UTF-8 form; the rest of UTF-8 passes.
 */
static void put_line(FILE *out, const char *prefix, const char *text)
{
    char line[LINE_BYTES_MAX];
    line[0] = 0;
    struct buf b = {.p = line, .capacity = sizeof(line), .max = sizeof(line)};
    buf_put(&b, str_of(prefix));
    for (const unsigned char *p = (const unsigned char *)text; *p && b.n + 8 < sizeof(line); p++) {
        bool is_c1 = *p == 0xC2 && p[1] >= 0x80 && p[1] < 0xA0;
        if ((*p < 0x20 && *p != '\n') || *p == 0x7F || is_c1)
            buf_printf(&b, "\\x%02X", *p);
        else
            buf_char(&b, (char)*p);
    }
    buf_char(&b, '\n');
    (void)fwrite(line, 1, b.n, out);
}

void cli_say(const char *format, ...)
{
    char text[LINE_BYTES_MAX / 2];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    (void)fflush(stdout); /* in the order in which it was said */
    put_line(stderr, "aitys: ", text);
}

void cli_print(const char *format, ...)
{
    char text[LINE_BYTES_MAX / 2];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    put_line(stdout, "", text);
}

enum cli_end cli_fail(const struct err *e)
{
    cli_say("%s", e->why);
    return CLI_FAILED;
}

enum cli_end cli_misused(const struct cli *c, const char *format, ...)
{
    char text[LINE_BYTES_MAX / 4];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    cli_say("%s: %s; see `aitys help %s`", c->command->name, text, c->command->name);
    return CLI_USAGE;
}

struct str cli_environment(const struct cli *c, const char *name)
{
    for (size_t i = 0; c->environment && c->environment[i]; i++) {
        struct str key, value;
        if (str_cut(str_of(c->environment[i]), '=', &key, &value) && str_eq(key, str_of(name)))
            return value;
    }
    return STR_NONE;
}

struct str cli_dir(const struct cli *c, bool dir_is_argument)
{
    if (dir_is_argument && c->n_args > 0)
        return c->args[0];
    if (c->has[CLI_OPTION_DIR])
        return c->values[CLI_OPTION_DIR];
    struct str dir = cli_environment(c, "AITYS_DIR");
    return dir.n > 0 ? dir : STR(".");
}
