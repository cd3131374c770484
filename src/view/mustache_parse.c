#include "view/mustache.h"

#include "base/hash.h"

/* A file that is being read: the template, or a partial within it. */
struct source {
    struct str file;
    struct str name; /* a partial's */
    struct str text;
    size_t at;
    size_t line;
    size_t line_start; /* where the current line begins */
    size_t n_open;     /* sections that were open when it began: it may not close those */
    bool is_blank;     /* nothing but white space so far on this line */
    char open[MUSTACHE_DELIMITER_BYTES];
    char close[MUSTACHE_DELIMITER_BYTES];
    size_t n_open_bytes;
    size_t n_close_bytes;
};

struct tag {
    char kind; /* '{' and '&' raw, '#', '^', '/', '!', '>', '=', or 0: a variable */
    struct str content;
    size_t line;
};

struct open_section {
    size_t step;
    size_t line;
    bool has_context;
};

struct parser {
    struct arena *a;
    struct arena *scratch; /* ends with the parsing */
    const struct mustache_model *m;
    struct err *e;
    struct source sources[MUSTACHE_PARTIALS + 1];
    size_t n_sources;
    struct open_section sections[MUSTACHE_DEPTH];
    size_t n_sections;
    const void *types[MUSTACHE_DEPTH + 1];
    size_t n_types;
    struct mustache_step *steps;
    size_t n_steps;
    size_t capacity;
    size_t n_tags;
};

static struct source *top(struct parser *p)
{
    return &p->sources[p->n_sources - 1];
}

static bool fail(struct parser *p, size_t line, const char *why, struct str what)
{
    return err_set(p->e, ERR_INVALID, 0, STR_FMT ":%zu: %s" STR_FMT, STR_ARG(top(p)->file), line,
                   why, STR_ARG(what));
}

static struct mustache_step *add(struct parser *p, enum mustache_step_kind kind)
{
    struct mustache_step *s = ARENA_PUSH(p->scratch, p->steps, p->n_steps, p->capacity);
    *s = (struct mustache_step){.kind = kind};
    return s;
}

static bool means_the_same(const struct mustache_ref *a, const struct mustache_ref *b)
{
    return str_eq(a->name, b->name) && a->up == b->up && a->n_path == b->n_path &&
           memcmp(a->path, b->path, sizeof a->path) == 0 && a->item == b->item &&
           a->is_section == b->is_section && a->is_raw == b->is_raw;
}

/* One for all uses of names that mean the same. */
static const struct mustache_ref *share(struct parser *p, const struct mustache_ref *ref)
{
    static const uint8_t no_key[HASH_TABLE_KEY_BYTES];
    struct mustache_names *names = p->m->names;
    size_t at = hash_table(no_key, ref->name) & (MUSTACHE_NAMES - 1);

    while (names && names->refs[at] && !means_the_same(names->refs[at], ref))
        at = (at + 1) & (MUSTACHE_NAMES - 1);
    if (names && names->refs[at])
        return names->refs[at];
    struct mustache_ref *kept = ARENA_NEW(p->a, struct mustache_ref);
    *kept = *ref;
    if (names && names->n < MUSTACHE_NAMES / 2) {
        names->refs[at] = kept;
        names->n++;
    }
    return kept;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* Adds the text between two places of a source and keeps count of lines. */
static void add_text(struct parser *p, struct source *s, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (s->text.p[i] == '\n') {
            s->line++;
            s->line_start = i + 1;
            s->is_blank = true;
        } else if (!is_space(s->text.p[i]) && s->text.p[i] != '\r') {
            s->is_blank = false;
        }
    }
    if (to > from)
        add(p, MUSTACHE_STEP_TEXT)->text = (struct str){s->text.p + from, to - from};
}

static void delimiters_usual(struct source *s)
{
    memcpy(s->open, "{{", 2);
    memcpy(s->close, "}}", 2);
    s->n_open_bytes = 2;
    s->n_close_bytes = 2;
}

static bool source_push(struct parser *p, struct mustache_file file, struct str name)
{
    if (file.text.n > MUSTACHE_BYTES)
        return err_set(p->e, ERR_INVALID, 0, STR_FMT ":1: the file is too large",
                       STR_ARG(file.name));
    struct source *s = &p->sources[p->n_sources++];
    *s = (struct source){.file = file.name, .name = name, .text = file.text, .line = 1};
    s->is_blank = true;
    s->n_open = p->n_sections;
    delimiters_usual(s);
    return true;
}

/* Reads the delimiters of {{=<% %>=}}. */
static bool set_delimiters(struct parser *p, struct source *s, const struct tag *t)
{
    struct str open = str_trim(t->content);
    size_t n = 0;

    while (n < open.n && !is_space(open.p[n]) && open.p[n] != '\n' && open.p[n] != '\r')
        n++;
    struct str close = str_trim(str_from(open, n));
    open = str_head(open, n);
    bool fits = open.n > 0 && open.n <= MUSTACHE_DELIMITER_BYTES && close.n > 0 &&
                close.n <= MUSTACHE_DELIMITER_BYTES;
    for (size_t i = 0; fits && i < close.n; i++)
        fits = !is_space(close.p[i]) && close.p[i] != '\n';
    fits = fits && str_find_char(open, '=') < 0 && str_find_char(close, '=') < 0;
    if (!fits)
        return fail(p, t->line, "these are no delimiters: ", str_head(t->content, 40));
    memcpy(s->open, open.p, open.n);
    memcpy(s->close, close.p, close.n);
    s->n_open_bytes = open.n;
    s->n_close_bytes = close.n;
    return true;
}

static bool section_open(struct parser *p, const struct tag *t, struct mustache_ref *ref)
{
    if (p->n_sections == MUSTACHE_DEPTH)
        return fail(p, t->line, "too many sections within each other: ", ref->name);
    bool is_inverted = t->kind == '^';
    struct open_section *o = &p->sections[p->n_sections++];
    *o = (struct open_section){.step = p->n_steps, .line = t->line};
    add(p, is_inverted ? MUSTACHE_STEP_INVERTED : MUSTACHE_STEP_SECTION)->ref = share(p, ref);
    o->has_context = !is_inverted && ref->item;
    if (o->has_context)
        p->types[p->n_types++] = ref->item;
    return true;
}

static bool section_close(struct parser *p, const struct tag *t)
{
    struct str name = str_trim(t->content);

    if (p->n_sections == top(p)->n_open)
        return fail(p, t->line, "no section is open to close: ", name);
    struct open_section *o = &p->sections[p->n_sections - 1];
    if (!str_eq(p->steps[o->step].ref->name, name))
        return fail(p, t->line, "the section that is open is not: ", name);
    add(p, MUSTACHE_STEP_END)->jump = (uint32_t)o->step;
    p->steps[o->step].jump = (uint32_t)p->n_steps;
    p->n_sections--;
    p->n_types -= o->has_context ? 1 : 0;
    return true;
}

/* A copy in which every line begins with the indent. */
static struct str indented(struct arena *a, struct str text, struct str indent)
{
    struct buf b = buf_in(a, 4 * MUSTACHE_BYTES);
    struct str rest = text;

    if (indent.n == 0)
        return text;
    while (rest.n > 0) {
        ptrdiff_t end = str_find_char(rest, '\n');
        size_t n = end < 0 ? rest.n : (size_t)end + 1;
        buf_put(&b, indent);
        buf_put(&b, str_head(rest, n));
        rest = str_from(rest, n);
    }
    return buf_ok(&b) ? buf_str(&b) : text;
}

static bool partial_open(struct parser *p, const struct tag *t, struct str indent)
{
    struct str name = str_trim(t->content);
    struct mustache_file file = {0};

    for (size_t i = 1; i < p->n_sources; i++)
        if (str_eq(p->sources[i].name, name))
            return fail(p, t->line, "the partial includes itself: ", name);
    if (p->n_sources > MUSTACHE_PARTIALS)
        return fail(p, t->line, "too many partials within each other: ", name);
    if (!p->m->partial || !p->m->partial(p->m, name, &file))
        return p->m->is_lenient || fail(p, t->line, "there is no partial ", name);
    file.text = indented(p->a, file.text, indent);
    return source_push(p, file, name);
}

/* What a tag does, once its lines and white space are dealt with. */
static bool tag_apply(struct parser *p, const struct tag *t, struct str indent)
{
    if (++p->n_tags > MUSTACHE_TAGS)
        return fail(p, t->line, "the template is too large", STR_NONE);
    if (t->kind == '!')
        return true;
    if (t->kind == '=')
        return set_delimiters(p, top(p), t);
    if (t->kind == '/')
        return section_close(p, t);
    if (t->kind == '>')
        return partial_open(p, t, indent);

    struct err why = {0};
    struct mustache_ref ref = {.name = str_trim(t->content),
                               .is_section = t->kind == '#' || t->kind == '^'};
    if (ref.name.n == 0)
        return fail(p, t->line, "a tag without a name", STR_NONE);
    if (!p->m->resolve(p->m, p->types, p->n_types, &ref, &why))
        return fail(p, t->line, "", str_of(why.why));
    if (ref.is_section)
        return section_open(p, t, &ref);
    bool wants_raw = t->kind == '{' || t->kind == '&';
    if (wants_raw && !ref.is_raw && !p->m->is_lenient)
        return fail(p, t->line, "text can never be raw: ", ref.name);
    ref.is_raw |= wants_raw;
    add(p, MUSTACHE_STEP_VALUE)->ref = share(p, &ref);
    return true;
}

/* Reads the tag that begins at s->at; leaves s->at behind it. */
static bool tag_read(struct parser *p, struct source *s, struct tag *ret_tag)
{
    struct tag t = {.line = s->line};
    size_t from = s->at + s->n_open_bytes;
    struct str rest = str_from(s->text, from);
    char close[MUSTACHE_DELIMITER_BYTES + 1];
    size_t n_close = 0;

    if (rest.n > 0 && str_find_char(STR("{&#^/!>="), rest.p[0]) >= 0)
        t.kind = rest.p[0];
    if (t.kind == '{')
        close[n_close++] = '}';
    if (t.kind == '=')
        close[n_close++] = '=';
    memcpy(close + n_close, s->close, s->n_close_bytes);
    n_close += s->n_close_bytes;
    rest = str_from(rest, t.kind ? 1 : 0);
    ptrdiff_t end = str_find(rest, (struct str){close, n_close});
    if (end < 0)
        return fail(p, t.line, "the tag is not closed: ", str_head(rest, 20));
    t.content = str_head(rest, (size_t)end);
    s->at = from + (t.kind ? 1 : 0) + (size_t)end + n_close;
    for (size_t i = 0; i < t.content.n; i++)
        s->line += t.content.p[i] == '\n' ? 1 : 0;
    *ret_tag = t;
    return true;
}

/* Where the line ends that holds only white space from here on; false when it holds more. */
static bool rest_is_blank(const struct source *s, size_t *ret_end)
{
    size_t i = s->at;

    while (i < s->text.n && is_space(s->text.p[i]))
        i++;
    if (i + 1 < s->text.n && s->text.p[i] == '\r' && s->text.p[i + 1] == '\n')
        i++;
    if (i < s->text.n && s->text.p[i] != '\n')
        return false;
    *ret_end = i < s->text.n ? i + 1 : i;
    return true;
}

/* The text up to the next tag, and the tag. A tag that stands alone takes its line with it. */
static bool next_tag(struct parser *p)
{
    struct source *s = top(p);
    ptrdiff_t found = str_find(str_from(s->text, s->at), (struct str){s->open, s->n_open_bytes});
    size_t begin = found < 0 ? s->text.n : s->at + (size_t)found;
    size_t from = s->at;
    size_t steps_before = p->n_steps;
    struct tag t = {0};
    size_t end = 0;

    add_text(p, s, from, begin);
    s->at = begin;
    if (found < 0)
        return true;
    size_t line_start = s->line_start > from ? s->line_start : from;
    bool was_blank = s->is_blank;
    if (!tag_read(p, s, &t))
        return false;
    bool may_stand_alone = t.kind && t.kind != '{' && t.kind != '&';
    struct str indent = STR_NONE;
    s->is_blank = false;
    if (may_stand_alone && was_blank && rest_is_blank(s, &end)) {
        indent = (struct str){s->text.p + line_start, begin - line_start};
        if (p->n_steps > steps_before)
            p->steps[p->n_steps - 1].text.n -= indent.n;
        s->line += end > s->at && s->text.p[end - 1] == '\n' ? 1 : 0;
        s->at = end;
        s->line_start = end;
        s->is_blank = true;
    }
    return tag_apply(p, &t, t.kind == '>' ? indent : STR_NONE);
}

/* At the end of a source every section that it opened must be closed. */
static bool source_pop(struct parser *p)
{
    if (p->n_sections > top(p)->n_open) {
        const struct open_section *o = &p->sections[p->n_sections - 1];
        return fail(p, o->line, "the section is not closed: ", p->steps[o->step].ref->name);
    }
    p->n_sources--;
    return true;
}

bool mustache_parse(struct arena *a, const struct mustache_model *m, struct mustache_file file,
                    const void *root, struct mustache *ret_mustache, struct err *e)
{
    ON_LEAVE(arena_free) struct arena *scratch = arena_new(64 * KiB);
    struct parser *p = ARENA_NEW(scratch, struct parser);

    *p = (struct parser){.a = a, .scratch = scratch, .m = m, .e = e, .types = {root}, .n_types = 1};
    if (!source_push(p, file, STR_NONE))
        return false;
    while (p->n_sources > 0) {
        if (top(p)->at >= top(p)->text.n) {
            if (!source_pop(p))
                return false;
        } else if (!next_tag(p)) {
            return false;
        }
    }
    struct mustache_step *steps = ARENA_ARRAY(a, struct mustache_step, p->n_steps);
    if (p->n_steps)
        memcpy(steps, p->steps, p->n_steps * sizeof *steps);
    *ret_mustache = (struct mustache){.steps = steps, .n_steps = p->n_steps};
    return true;
}
