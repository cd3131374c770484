#include "text/bare.h"

#include <unicode/uchar.h>

#include "text/fold.h"
#include "text/letter.h"
#include "text/utf8.h"

#define TEXT_BYTES_MAX ((size_t)4 * BARE_LETTERS_MAX)
#define NAME_LETTERS_MIN 3
#define NAME_BYTES_MAX ((size_t)256)

struct scan {
    struct str text; /* case-folded */
    size_t at;
    uint32_t before; /* the code point before `at`; a line end at the start */
    bool has_quotes; /* whether they are kept */
    struct bare to;
};

static bool is_host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

/* Where an address ends: at white space, or at what closes it in Markdown. */
static size_t link_end(struct str s, size_t at)
{
    while (at < s.n && (unsigned char)s.p[at] > ' ' && str_find_char(STR(")]>\""), s.p[at]) < 0)
        at++;
    return at;
}

/* Ends of hosts that writers leave without "http://"; others need a path behind them. */
static bool is_known_end(struct str host)
{
    static const struct str ends[] = {
        STR_INIT(".com"), STR_INIT(".net"),    STR_INIT(".org"),  STR_INIT(".info"),
        STR_INIT(".biz"), STR_INIT(".io"),     STR_INIT(".me"),   STR_INIT(".ru"),
        STR_INIT(".kz"),  STR_INIT(".uz"),     STR_INIT(".kg"),   STR_INIT(".tj"),
        STR_INIT(".tm"),  STR_INIT(".by"),     STR_INIT(".su"),   STR_INIT(".ua"),
        STR_INIT(".tk"),  STR_INIT(".cc"),     STR_INIT(".ly"),   STR_INIT(".xyz"),
        STR_INIT(".top"), STR_INIT(".site"),   STR_INIT(".club"), STR_INIT(".shop"),
        STR_INIT(".app"), STR_INIT(".online"), STR_INIT(".tv"),   STR_INIT(".co.uk"),
    };
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        if (str_ends(host, ends[i]))
            return true;
    }
    return false;
}

/* The end of a host without "http://" that begins here, or `at`. */
static size_t bare_host_end(struct str s, size_t at)
{
    size_t end = at;
    while (end < s.n && is_host_char(s.p[end]))
        end++;
    bool has_path = end < s.n && s.p[end] == '/';
    struct str host = {s.p + at, end - at};
    while (host.n > 0 && (host.p[host.n - 1] == '.' || host.p[host.n - 1] == '-'))
        host.n--; /* the sentence's full stop */
    ptrdiff_t dot = str_find_char(host, '.');
    if (dot <= 0 || !(has_path || is_known_end(host)))
        return at;
    return has_path ? link_end(s, end) : at + host.n;
}

static bool is_word_char(uint32_t c)
{
    return u_isalnum((UChar32)c) || c == '_';
}

/* The end of a link that begins here, or `at`. */
static size_t find_link(const struct scan *s)
{
    struct str rest = str_from(s->text, s->at);
    if (rest.n == 0 || !is_host_char(rest.p[0]))
        return s->at;
    if (str_begins(rest, STR("http://")) || str_begins(rest, STR("https://")) ||
        str_begins(rest, STR("www.")))
        return link_end(s->text, s->at);
    if (s->before < 0x80 && (is_word_char(s->before) || is_host_char((char)s->before)))
        return s->at;
    return bare_host_end(s->text, s->at);
}

/* The end of an @name that begins here, or `at`. */
static size_t find_mention(const struct scan *s)
{
    size_t at = s->at;
    if (s->text.p[at] != '@' || is_word_char(s->before))
        return at;
    for (size_t next = at + 1; next < s->text.n;) {
        uint32_t c = utf8_next(s->text, &next);
        if (!is_word_char(c) && c != '-')
            break;
        at = next;
    }
    return at;
}

/* The end of a quoted line that begins here, or `at`. */
static size_t find_quote(const struct scan *s)
{
    size_t at = s->at;
    if (s->has_quotes || s->before != '\n')
        return at;
    while (at < s->text.n && (s->text.p[at] == ' ' || s->text.p[at] == '\t'))
        at++;
    if (at >= s->text.n || s->text.p[at] != '>')
        return s->at;
    while (at < s->text.n && s->text.p[at] != '\n')
        at++;
    return at;
}

static bool is_letter_next(const struct scan *s)
{
    size_t at = s->at;
    return at < s->text.n && letter_of(utf8_next(s->text, &at)) != 0;
}

static void put_letter(struct scan *s, uint32_t c)
{
    uint32_t letter = letter_of(c);
    if (!letter && letter_of(s->before) && is_letter_next(s))
        letter = letter_of_sign(c);
    if (letter && (s->to.n == 0 || s->to.p[s->to.n - 1] != letter))
        s->to.p[s->to.n++] = letter;
}

static struct bare strip(struct arena *a, struct str folded, bool has_quotes)
{
    size_t room = folded.n < BARE_LETTERS_MAX ? folded.n : BARE_LETTERS_MAX;
    struct scan s = {.text = folded, .before = '\n', .has_quotes = has_quotes};
    s.to.p = ARENA_ARRAY(a, uint32_t, room);
    while (s.at < folded.n && s.to.n < room) {
        size_t end = find_quote(&s);
        if (end == s.at)
            end = find_link(&s);
        if (end == s.at)
            end = find_mention(&s);
        if (end > s.at) {
            s.at = end;
            s.before = ' ';
            continue;
        }
        uint32_t c = utf8_next(folded, &s.at);
        put_letter(&s, c);
        s.before = c;
    }
    return s.to;
}

static void drop_name(struct bare *b, struct bare name)
{
    size_t n = 0;
    if (name.n < NAME_LETTERS_MIN)
        return;
    for (size_t i = 0; i < b->n;) {
        if (b->n - i >= name.n && memcmp(b->p + i, name.p, name.n * sizeof *name.p) == 0)
            i += name.n;
        else
            b->p[n++] = b->p[i++];
    }
    b->n = n;
}

struct bare bare_text(struct arena *a, struct str text, struct str name, size_t n_enough)
{
    struct str folded = fold_case(a, utf8_head(text, TEXT_BYTES_MAX));
    struct bare b = strip(a, folded, false);
    if (b.n < n_enough)
        b = strip(a, folded, true);
    if (name.n > 0)
        drop_name(&b, strip(a, fold_case(a, utf8_head(name, NAME_BYTES_MAX)), true));
    return b;
}
