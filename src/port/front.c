#include "port/front.h"

#include "base/must.h"
#include "port/fields.h"
#include "text/markdown.h"
#include "text/utf8.h"

#define FENCE STR("---")

const char *front_kind_name(enum front_kind kind)
{
    static const char *const names[] = {
        [FRONT_ARTICLE] = "article", [FRONT_SECTION] = "section", [FRONT_STANDING] = "page"};
    return names[kind];
}

/* Takes one line off the front of *rest, without its end. False when nothing is left. */
static bool next_line(struct str *rest, struct str *ret_line)
{
    if (rest->n == 0)
        return false;
    ptrdiff_t end = str_find_char(*rest, '\n');
    size_t n = end < 0 ? rest->n : (size_t)end;
    *ret_line = str_head(*rest, n);
    *rest = str_from(*rest, n + 1);
    if (str_ends(*ret_line, STR("\r")))
        ret_line->n--;
    return true;
}

static bool is_fence(struct str line)
{
    return str_begins(line, FENCE) && str_trim(line).n == FENCE.n;
}

bool front_is_there(struct str bytes)
{
    struct str line;
    return next_line(&bytes, &line) && is_fence(line);
}

/* Every line must be text: the fault then has a line. */
static bool check_text(struct str bytes, struct str where, struct faults *faults)
{
    struct str rest = bytes, line;
    size_t number = 0;
    if (str_begins(bytes, STR("\xEF\xBB\xBF"))) {
        fault_add(faults, where, 1, "begins with a byte order mark; save it as UTF-8 without one");
        return false;
    }
    while (next_line(&rest, &line)) {
        number++;
        if (!utf8_is_valid(line)) {
            fault_add(faults, where, number, "is not well-formed UTF-8; save the file as UTF-8");
            return false;
        }
        if (!utf8_is_text(line, false)) {
            bool has_tab = str_find_char(line, '\t') >= 0;
            fault_add(faults, where, number, "%s",
                      has_tab ? "has a tab; write spaces instead"
                              : "has a control character or a character that is none; remove it");
            return false;
        }
    }
    return true;
}

/*
 * Keyboards of some scripts write marks that look like YAML's but mean nothing to it; libyaml then
 * complains about the line below.
 */
static void tell_wide_marks(struct str matter, struct str where, struct faults *faults)
{
    static const struct str wide[] = {STR_INIT("："), STR_INIT("﹕")};
    struct str rest = matter, line;
    for (size_t number = 2; next_line(&rest, &line); number++)
        for (size_t i = 0; i < ARRAY_LEN(wide); i++)
            if (str_find_char(line, ':') < 0 && str_find(line, wide[i]) >= 0)
                fault_add(faults, where, number,
                          "has a full-width colon \"" STR_FMT "\" after the name; write \": \"",
                          STR_ARG(wide[i]));
}

/* Splits a file. *ret_body_line is the number of the body's first line. */
static bool split(struct str bytes, struct str where, struct faults *faults, struct str *ret_matter,
                  struct str *ret_body, size_t *ret_body_line)
{
    struct str rest = bytes, line;
    if (!next_line(&rest, &line) || !is_fence(line)) {
        fault_add(faults, where, 1, "has no front matter; begin the file with a line \"---\"");
        return false;
    }
    const char *begin = rest.p;
    size_t number = 1;
    for (struct str before = rest; next_line(&rest, &line); before = rest) {
        number++;
        if (!is_fence(line))
            continue;
        *ret_matter = (struct str){begin, (size_t)(before.p - begin)};
        *ret_body = rest;
        *ret_body_line = number + 1;
        return true;
    }
    fault_add(faults, where, 1, "the front matter has no end; close it with a line \"---\"");
    return false;
}

static const struct yaml_node *find(const struct yaml_node *root, const char *key)
{
    for (const struct yaml_node *node = root->first; node; node = node->next)
        if (str_eq(node->key, str_of(key)))
            return node;
    return NULL;
}

size_t front_line(const struct front *f, const char *field)
{
    const struct yaml_node *node = find(f->root, field);
    return node ? node->line : 1;
}

static bool find_kind(const struct yaml_node *root, struct str where, struct faults *faults,
                      enum front_kind *ret_kind)
{
    bool has_article = find(root, "article"), has_page = find(root, "page");
    if (has_article && has_page) {
        fault_add(faults, where, find(root, "page")->line,
                  "page: an article cannot be a page, too; remove one of them");
        return false;
    }
    if (has_article)
        *ret_kind = FRONT_ARTICLE;
    else if (has_page)
        *ret_kind = FRONT_STANDING;
    else if (find(root, "headline") || !find(root, "section")) {
        fault_add(faults, where, 1,
                  "says neither article, section nor page; write which of them it is and its key");
        return false;
    } else {
        *ret_kind = FRONT_SECTION;
    }
    return true;
}

/* "line 12: why" of the body becomes a line of the file. */
static void body_fault(const struct front *f, size_t body_line, const struct err *e,
                       struct faults *faults)
{
    struct str why = str_of(e->why), number, rest;
    int64_t line = 1;
    if (str_begins(why, STR("line ")) && str_cut(str_from(why, 5), ':', &number, &rest) &&
        str_to_int64(number, 1, INT32_MAX, &line))
        why = str_trim(rest);
    fault_add(faults, f->where, body_line + (size_t)line - 1, "body: " STR_FMT, STR_ARG(why));
}

static void check_body(const struct front *f, size_t body_line, struct faults *faults)
{
    bool is_blank = str_trim(f->body).n == 0;
    if (f->kind == FRONT_SECTION) {
        if (!is_blank)
            fault_add(faults, f->where, body_line,
                      "a section has no body; write the text into about");
        return;
    }
    if (is_blank) {
        fault_add(faults, f->where, body_line,
                  "the body is empty; write it below the front matter");
        return;
    }
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct markdown_block *blocks;
    size_t n;
    struct err e;
    if (!markdown_article(a, f->body, &blocks, &n, &e))
        body_fault(f, body_line, &e, faults);
}

static void check_times(const struct front *f, struct faults *faults)
{
    if (f->updated_s != 0 && f->published_s != 0 && f->updated_s < f->published_s)
        fault_add(faults, f->where, front_line(f, "updated"),
                  "updated: is before published; correct one of them");
    if (f->closes_s != 0 && f->published_s != 0 && f->closes_s <= f->published_s)
        fault_add(faults, f->where, front_line(f, "conversation_closes"),
                  "conversation_closes: is not after published; correct one of them");
}

/* An article stands right below its language, where these lead to something else. */
static void check_slug(const struct front *f, struct faults *faults)
{
    static const struct str taken[] = {STR_INIT("section"), STR_INIT("author"), STR_INIT("page"),
                                       STR_INIT("comments")};
    if (f->kind != FRONT_ARTICLE)
        return;
    for (size_t i = 0; i < ARRAY_LEN(taken); i++)
        if (str_eq(f->slug, taken[i]))
            fault_add(faults, f->where, front_line(f, "slug"),
                      "slug: \"" STR_FMT "\" is an address of the site itself; choose another",
                      STR_ARG(f->slug));
}

bool front_read(struct str bytes, struct str where, struct faults *faults, struct front *ret_front)
{
    size_t n_before = faults->n + faults->n_untold, body_line;
    struct str matter;
    struct yaml_node *root;
    struct front f = {.where = where};
    if (!check_text(bytes, where, faults) ||
        !split(bytes, where, faults, &matter, &f.body, &body_line))
        return false;
    if (!yaml_parse(matter, where, 2, faults, &root)) {
        tell_wide_marks(matter, where, faults);
        return false;
    }
    if (root->kind != YAML_MAP) {
        fault_add(faults, where, root->line,
                  "the front matter is %s, but should be fields; write them as \"name: value\"",
                  yaml_kind_name(root->kind));
        return false;
    }
    f.root = root;
    if (!find_kind(root, where, faults, &f.kind))
        return false;
    fields_read(root, faults, &f);
    check_slug(&f, faults);
    check_times(&f, faults);
    check_body(&f, body_line, faults);
    *ret_front = f;
    return faults->n + faults->n_untold == n_before;
}
