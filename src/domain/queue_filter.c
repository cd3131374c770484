/*
 * Filters as text: the query of an address, and what a batch was made on.
 */
#include "base/buf.h"
#include "domain/inner.h"
#include "domain/queue.h"
#include "text/search_words.h"
#include "text/utf8.h"

#define FILTER_TEXT_BYTES 60 /* of one value as it is meant */

static const struct str names[QUEUE_WHICH_N] = {
    [QUEUE_HELD] = STR_INIT("held"),
    [QUEUE_PUBLISHED] = STR_INIT("published"),
    [QUEUE_REJECTED] = STR_INIT("rejected"),
    [QUEUE_SPAM] = STR_INIT("spam"),
    [QUEUE_WITHDRAWN] = STR_INIT("withdrawn"),
    [QUEUE_REPORTED] = STR_INIT("reported"),
    [QUEUE_OPINION] = STR_INIT("opinion"),
    [QUEUE_FEATURED] = STR_INIT("featured"),
    [QUEUE_ALL] = STR_INIT("all"),
};

struct str queue_which_name(enum queue_which which)
{
    return names[which];
}

bool queue_which_of(struct str name, enum queue_which *ret_which)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (str_eq(names[i], name)) {
            *ret_which = (enum queue_which)i;
            return true;
        }
    return false;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

static void key_put(struct buf *b, const char *key)
{
    if (buf_str(b).n > 0)
        buf_char(b, '&');
    buf_put(b, str_of(key));
    buf_char(b, '=');
}

static void text_put(struct buf *b, const char *key, struct str text, size_t max)
{
    if (text.n == 0)
        return;
    key_put(b, key);
    for (size_t i = 0; i < text.n && i < max; i++) {
        if (is_plain(text.p[i]))
            buf_char(b, text.p[i]);
        else
            buf_printf(b, "%%%02X", (unsigned)(unsigned char)text.p[i]);
    }
}

static void number_put(struct buf *b, const char *key, int64_t n)
{
    if (n == 0)
        return;
    key_put(b, key);
    buf_int(b, n);
}

struct str queue_filter_print(struct arena *a, const struct queue_filter *f)
{
    struct buf b = buf_in(a, 2 * QUEUE_FILTER_BYTES);
    if (f->which != QUEUE_HELD)
        text_put(&b, "state", names[f->which], FILTER_TEXT_BYTES);
    number_put(&b, "article", f->thread.v);
    text_put(&b, "lang", f->lang, FILTER_TEXT_BYTES);
    text_put(&b, "edition", f->edition, FILTER_TEXT_BYTES);
    text_put(&b, "rule", f->rule, FILTER_TEXT_BYTES);
    if (f->has_commenter) {
        key_put(&b, "commenter");
        buf_hex(&b, f->commenter.b, sizeof f->commenter.b);
    }
    number_put(&b, "campaign", f->campaign.v);
    text_put(&b, "q", f->words, SEARCH_QUERY_BYTES);
    return buf_str(&b);
}

/* A value with its %XX as bytes, at most max of them. */
static bool bytes_read(struct arena *a, struct str text, size_t max, struct str *ret_value)
{
    struct buf b = buf_in(a, max);
    for (size_t i = 0; i < text.n; i++) {
        uint8_t c = (uint8_t)text.p[i];
        if (c == '%') {
            if (text.n - i < 3 || !str_to_bytes((struct str){text.p + i + 1, 2}, &c, 1))
                return false;
            i += 2;
        }
        buf_char(&b, (char)c);
    }
    *ret_value = buf_str(&b);
    return buf_ok(&b) && ret_value->n > 0;
}

/* What is written there is text without control characters. */
static bool value_read(struct arena *a, struct str text, struct str *ret_value)
{
    if (!bytes_read(a, text, FILTER_TEXT_BYTES, ret_value))
        return false;
    for (size_t i = 0; i < ret_value->n; i++) {
        if (ret_value->p[i] <= ' ' || ret_value->p[i] >= 0x7f)
            return false;
    }
    return true;
}

/* What somebody typed. */
static bool words_read(struct arena *a, struct str text, struct str *ret_words)
{
    struct str words;
    if (!bytes_read(a, text, SEARCH_QUERY_BYTES, &words) || !utf8_is_text(words, false))
        return false;
    *ret_words = words;
    return true;
}

static bool pair_read(struct arena *a, struct str key, struct str value, struct queue_filter *f)
{
    struct str text;
    if (str_eq(key, STR("q")))
        return words_read(a, value, &f->words);
    if (!value_read(a, value, &text))
        return false;
    if (str_eq(key, STR("state")))
        return queue_which_of(text, &f->which);
    if (str_eq(key, STR("article")))
        return str_to_int64(text, 1, INT64_MAX >> COMMENT_NUMBER_BITS, &f->thread.v);
    if (str_eq(key, STR("campaign")))
        return str_to_int64(text, 1, INT64_MAX, &f->campaign.v);
    if (str_eq(key, STR("commenter"))) {
        f->has_commenter = true;
        return str_to_bytes(text, f->commenter.b, sizeof f->commenter.b);
    }
    struct str *at = str_eq(key, STR("lang"))      ? &f->lang
                     : str_eq(key, STR("edition")) ? &f->edition
                     : str_eq(key, STR("rule"))    ? &f->rule
                                                   : NULL;
    if (at)
        *at = text;
    return at != NULL;
}

bool queue_filter_parse(struct arena *a, struct str text, struct queue_filter *ret_filter)
{
    struct queue_filter f = {.which = QUEUE_HELD};
    if (text.n > QUEUE_FILTER_BYTES)
        return false;
    while (text.n > 0) {
        struct str pair, key, value;
        if (!str_next(&text, '&', &pair) || !str_cut(pair, '=', &key, &value) ||
            !pair_read(a, key, value, &f))
            return false;
    }
    *ret_filter = f;
    return true;
}
