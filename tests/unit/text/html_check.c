#include "tests/unit/text/html_check.h"

#include <stdio.h>

#define DEPTH_MAX 400

struct rule {
    const char *element;
    const char *attributes; /* by spaces */
};

static const struct rule comment_rules[] = {
    {"p", ""},       {"br", ""}, {"em", ""},  {"strong", ""}, {"blockquote", ""}, {"ul", ""},
    {"ol", "start"}, {"li", ""}, {"pre", ""}, {"code", ""},   {"a", "href rel"},  {"bdi", "class"},
};

static const struct rule article_rules[] = {
    {"p", ""},     {"br", ""},      {"em", ""},      {"strong", ""},  {"blockquote", ""},
    {"ul", ""},    {"ol", "start"}, {"li", ""},      {"pre", ""},     {"code", "class"},
    {"hr", ""},    {"h2", "id"},    {"h3", "id"},    {"table", ""},   {"thead", ""},
    {"tbody", ""}, {"tr", ""},      {"th", "class"}, {"td", "class"}, {"a", "href title"},
};

struct reader {
    struct str s;
    size_t at;
    const struct rule *rules;
    size_t rules_n;
    enum html_kind kind;
    struct str open[DEPTH_MAX];
    size_t depth, deepest;
    bool in_link;
};

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static struct str take_name(struct reader *r)
{
    size_t from = r->at;
    while (r->at < r->s.n && is_name_char(r->s.p[r->at]))
        r->at++;
    return (struct str){r->s.p + from, r->at - from};
}

static bool take(struct reader *r, char c)
{
    if (r->at >= r->s.n || r->s.p[r->at] != c)
        return false;
    r->at++;
    return true;
}

static const char *check_reference(struct str s)
{
    static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (str_begins(s, str_of(known[i])))
            return NULL;
    }
    return "a bare ampersand";
}

/* Text up to `end` ('<' for element content, '"' for attributes). */
static const char *check_text(struct reader *r, char end, struct str *ret_text)
{
    size_t from = r->at;
    for (; r->at < r->s.n && r->s.p[r->at] != end; r->at++) {
        char c = r->s.p[r->at];
        if (c == '<' || c == '>' || c == '"' || c == '\'')
            return "a bare character of markup in text";
        if (c == '&') {
            const char *fault = check_reference(str_from(r->s, r->at));
            if (fault)
                return fault;
        }
    }
    *ret_text = (struct str){r->s.p + from, r->at - from};
    return NULL;
}

static bool is_href(const struct reader *r, struct str v)
{
    for (size_t i = 0; i < v.n; i++) {
        if ((unsigned char)v.p[i] <= 0x20 || v.p[i] == 0x7F || v.p[i] == '\\')
            return false;
    }
    if (str_eq_nocase(str_head(v, 7), STR("http://")) ||
        str_eq_nocase(str_head(v, 8), STR("https://")))
        return true;
    return r->kind == HTML_ARTICLE &&
           (str_eq_nocase(str_head(v, 7), STR("mailto:")) || str_begins(v, STR("#")) ||
            (str_begins(v, STR("/")) && !str_begins(v, STR("//"))));
}

static bool is_listed(struct str word, const char *words)
{
    struct str rest = str_of(words), part;
    while (str_next(&rest, ' ', &part)) {
        if (str_eq(part, word))
            return true;
    }
    return false;
}

static const char *check_attribute(struct reader *r, const struct rule *rule)
{
    struct str name = take_name(r), value = STR_NONE;
    if (!is_listed(name, rule->attributes))
        return "an attribute that is not allowed";
    if (!take(r, '=') || !take(r, '"'))
        return "an attribute without quotes";
    const char *fault = check_text(r, '"', &value);
    if (fault)
        return fault;
    if (!take(r, '"'))
        return "an attribute without an end";
    if (str_eq(name, STR("href")) && !is_href(r, value))
        return "an address that is not allowed";
    if (str_eq(name, STR("rel")) && !str_eq(value, STR("ugc nofollow noopener noreferrer")))
        return "another rel";
    return NULL;
}

static const char *check_start(struct reader *r)
{
    struct str name = take_name(r);
    const struct rule *rule = NULL;

    for (size_t i = 0; i < r->rules_n; i++) {
        if (str_eq(name, str_of(r->rules[i].element)))
            rule = &r->rules[i];
    }
    if (!rule)
        return "an element that is not allowed";
    while (take(r, ' ')) {
        const char *fault = check_attribute(r, rule);
        if (fault)
            return fault;
    }
    if (!take(r, '>'))
        return "a tag without an end";
    if (str_eq(name, STR("br")) || str_eq(name, STR("hr")))
        return NULL;
    if (str_eq(name, STR("a"))) {
        if (r->in_link)
            return "a link in a link";
        r->in_link = true;
    }
    if (r->depth == DEPTH_MAX)
        return "too deep";
    r->open[r->depth++] = name;
    if (r->depth > r->deepest)
        r->deepest = r->depth;
    return NULL;
}

static const char *check_end(struct reader *r)
{
    struct str name = take_name(r);
    if (!take(r, '>'))
        return "an end tag without an end";
    if (r->depth == 0 || !str_eq(r->open[--r->depth], name))
        return "an end tag out of order";
    if (str_eq(name, STR("a")))
        r->in_link = false;
    return NULL;
}

const char *html_fault(struct str html, enum html_kind kind, size_t *ret_depth)
{
    struct reader r = {.s = html, .kind = kind};
    r.rules = kind == HTML_COMMENT ? comment_rules : article_rules;
    r.rules_n = kind == HTML_COMMENT ? ARRAY_LEN(comment_rules) : ARRAY_LEN(article_rules);

    while (r.at < html.n) {
        struct str text;
        const char *fault = check_text(&r, '<', &text);
        if (!fault && take(&r, '<'))
            fault = take(&r, '/') ? check_end(&r) : check_start(&r);
        if (fault)
            return fault;
    }
    *ret_depth = r.deepest;
    return r.depth ? "an element without an end" : NULL;
}
