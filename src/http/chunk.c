#include "http/chunk.h"

#define EXTENSIONS_MAX 1024 /* bytes in all: CVE-2023-39326 and its like */
#define DIGITS_MAX 8        /* 4 GiB: far beyond any body that is allowed */

enum {
    SIZE,       /* in the digits */
    EXT_NAME,   /* behind ';', before the name's first character */
    EXT_NAMED,  /* in the name */
    EXT_VALUE,  /* behind '=', before the value */
    EXT_TOKEN,  /* in a value */
    EXT_QUOTED, /* in a quoted value */
    EXT_ESCAPE, /* behind its backslash */
    EXT_CLOSED, /* behind its closing quote */
    SIZE_LF,    /* the CR of the size line was read */
    DATA,
    DATA_CR,
    DATA_LF,
    END_CR, /* behind the last chunk: only the empty line may follow */
    END_LF,
    DONE,
};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_tchar(char c)
{
    return is_token((struct str){&c, 1});
}

static bool is_quotable(char c)
{
    return c == '\t' || ((uint8_t)c >= ' ' && c != 0x7f);
}

/* What may follow a complete size or extension. */
static int after_part(char c)
{
    if (c == ';')
        return EXT_NAME;
    return c == '\r' ? SIZE_LF : -1;
}

static int read_size(struct chunks *c, char byte)
{
    int digit = hex_digit(byte);
    if (digit >= 0) {
        if (++c->digits > DIGITS_MAX)
            return -1;
        c->left = c->left * 16 + (unsigned)digit;
        return SIZE;
    }
    return c->digits ? after_part(byte) : -1;
}

/* A byte of an extension, ";name", ";name=value" or ";name="quoted value"". No white space. */
static int read_extension(struct chunks *c, char byte)
{
    if (++c->extensions > EXTENSIONS_MAX)
        return -1;
    switch (c->state) {
    case EXT_NAME:
        return is_tchar(byte) ? EXT_NAMED : -1;
    case EXT_NAMED:
        if (byte == '=')
            return EXT_VALUE;
        return is_tchar(byte) ? EXT_NAMED : after_part(byte);
    case EXT_VALUE:
        if (byte == '"')
            return EXT_QUOTED;
        return is_tchar(byte) ? EXT_TOKEN : -1;
    case EXT_TOKEN:
        return is_tchar(byte) ? EXT_TOKEN : after_part(byte);
    case EXT_QUOTED:
        if (byte == '"')
            return EXT_CLOSED;
        if (byte == '\\')
            return EXT_ESCAPE;
        return is_quotable(byte) ? EXT_QUOTED : -1;
    case EXT_ESCAPE:
        return is_quotable(byte) ? EXT_QUOTED : -1;
    default:
        return after_part(byte);
    }
}

/* One byte of framing. Returns the next state, or -1. */
static int read_frame(struct chunks *c, char byte)
{
    switch (c->state) {
    case SIZE:
        return read_size(c, byte);
    case SIZE_LF:
        c->digits = 0;
        if (byte != '\n')
            return -1;
        return c->left ? DATA : END_CR;
    case DATA_CR:
        return byte == '\r' ? DATA_LF : -1;
    case DATA_LF:
        return byte == '\n' ? SIZE : -1;
    case END_CR:
        return byte == '\r' ? END_LF : -1;
    case END_LF:
        return byte == '\n' ? DONE : -1;
    default:
        return read_extension(c, byte);
    }
}

/* Takes bytes of the chunk's data off the input. */
static size_t read_data(struct chunks *c, struct str in, struct buf *body)
{
    size_t n = in.n < c->left ? in.n : (size_t)c->left;
    buf_put(body, str_head(in, n));
    c->left -= n;
    if (c->left == 0)
        c->state = DATA_CR;
    return n;
}

enum parse_state chunks_read(struct chunks *c, struct str in, struct buf *body, size_t *ret_used,
                             int *ret_status)
{
    size_t at = 0;
    while (at < in.n && c->state != DONE) {
        if (c->state == DATA) {
            at += read_data(c, str_from(in, at), body);
        } else {
            int next = read_frame(c, in.p[at++]);
            if (next < 0) {
                *ret_status = 400;
                return PARSE_BAD;
            }
            c->state = (uint8_t)next;
        }
        /* A chunk that cannot fit is refused when its size is known, not when it has come. */
        if (!buf_ok(body) || (c->state == DATA && c->left > body->max - body->n)) {
            *ret_status = 413;
            return PARSE_BAD;
        }
    }
    *ret_used = at;
    return c->state == DONE ? PARSE_DONE : PARSE_MORE;
}
