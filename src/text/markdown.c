#include <unicode/uchar.h>

#include "text/entity.h"
#include "text/markdown_page.h"
#include "text/utf8.h"

/* Room behind the source that nothing else lies in. */
#define PAD_BYTES ((size_t)64)
/* md4c's longest own text: the indentation of code. */
#define OWN_BYTES_MAX ((size_t)16)
/*
 * md4c 0.4.8 needs the square of a block's brackets, lines and backticks for some of their
 * arrangements (mended in 0.5.0, which Debian 12 has not). So the squares may not add up to more
 * than this. A page of ordinary prose comes to a hundredth of it.
 */
#define SLACK_STEPS ((size_t)4000000)
#define STEPS_PER_BYTE ((size_t)128)

struct markdown_page markdown_page_of(struct arena *a, struct str source, size_t max)
{
    char *copy = arena_take(a, source.n + PAD_BYTES);

    /*
     * md4c 0.4.8 looks one byte behind a text that does not end in a line end, and goes on if it
     * likes what it finds there. Now it finds this.
     */
    if (source.n)
        memcpy(copy, source.p, source.n);
    copy[source.n] = '\n';
    bool ended = source.n && source.p[source.n - 1] == '\n';
    return (struct markdown_page){
        .arena = a, .source = {copy, source.n + !ended}, .out = buf_in(a, max), .work_max = max};
}

int markdown_parse(struct markdown_page *p, const MD_PARSER *parser, void *user)
{
    return md_parse(p->source.p, (MD_SIZE)p->source.n, parser, user);
}

bool markdown_is_sound(const struct markdown_page *p, struct str s)
{
    uintptr_t at = (uintptr_t)s.p, from = (uintptr_t)p->source.p, to = from + p->source.n;

    if (at >= from && at < to + PAD_BYTES)
        return at <= to && s.n <= to - at;
    return s.n <= OWN_BYTES_MAX;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Bytes of a quotation's or list item's mark at the front of s; 0: there is none. */
static size_t mark_bytes(struct str s)
{
    size_t n = 0;

    if (s.n == 0)
        return 0;
    if (s.p[0] == '>')
        return 1;
    if (s.p[0] == '-' || s.p[0] == '+' || s.p[0] == '*') {
        n = 1;
    } else {
        while (n < s.n && n < 9 && s.p[n] >= '0' && s.p[n] <= '9')
            n++;
        if (n == 0 || n == s.n || (s.p[n] != '.' && s.p[n] != ')'))
            return 0;
        n++;
    }
    return n == s.n || is_blank(s.p[n]) ? n : 0;
}

/* How deep quotations and lists could be on this line: its marks, and two columns an item above. */
static size_t depth_of(struct str line)
{
    size_t marks = 0, columns = 0, at = 0;

    for (;;) {
        while (at < line.n && is_blank(line.p[at]))
            columns += line.p[at++] == '\t' ? 4 : 1;
        size_t n = mark_bytes(str_from(line, at));
        if (n == 0)
            return marks ? marks + columns / 2 : 0;
        marks++;
        at += n;
    }
}

/* A line of nothing but one mark, three times or more ("* * *"), is a rule and not a nest. */
static bool is_rule(struct str line)
{
    struct str s = str_trim(line);

    if (s.n == 0 || (s.p[0] != '-' && s.p[0] != '*'))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != s.p[0] && !is_blank(s.p[i]))
            return false;
    }
    return true;
}

/* Bytes of a line that md4c may have to pair with others of the same block; its end is one too. */
static size_t pairs_in(struct str line)
{
    static const uint8_t is_paired[256] = {
        ['['] = 1, [']'] = 1, ['('] = 1, [')'] = 1,  ['*'] = 1, ['_'] = 1, ['`'] = 1,  ['<'] = 1,
        ['>'] = 1, ['!'] = 1, ['&'] = 1, ['\\'] = 1, ['|'] = 1, ['"'] = 1, ['\''] = 1,
    };
    size_t n = 1;
    for (size_t i = 0; i < line.n; i++)
        n += is_paired[(unsigned char)line.p[i]];
    return n;
}

size_t markdown_find_hard(struct str source, const char **ret_why)
{
    struct str rest = source, line;
    size_t left = SLACK_STEPS + source.n * STEPS_PER_BYTE, pairs = 0, first = 1;

    for (size_t number = 1; str_next(&rest, '\n', &line); number++) {
        if (line.n > MARKDOWN_MARKS_MAX && depth_of(line) > MARKDOWN_MARKS_MAX && !is_rule(line)) {
            *ret_why = "quotations or lists are too deep";
            return number;
        }
        if (str_trim(line).n == 0) {
            pairs = 0;
            first = number + 1;
            continue;
        }
        /* (pairs + more)² − pairs², so that a block's steps add up to its square */
        size_t more = pairs_in(line), steps;
        steps = more * (2 * pairs + more);
        pairs += more;
        if (steps > left) {
            *ret_why = "too many brackets, asterisks and the like without an empty line";
            return first;
        }
        left -= steps;
    }
    return 0;
}

bool markdown_attribute(struct markdown_page *p, const MD_ATTRIBUTE *attribute, struct str *ret_s)
{
    p->work += attribute->size;
    if (p->work > p->work_max)
        return false;
    /* No reference is shorter than what it stands for. */
    struct buf b = buf_in(p->arena, (size_t)attribute->size * 3 + ENTITY_BYTES_MAX);
    for (size_t i = 0; attribute->size && attribute->substr_offsets[i] < attribute->size; i++) {
        size_t from = attribute->substr_offsets[i], to = attribute->substr_offsets[i + 1];
        struct str part = {attribute->text + from, to - from};
        char decoded[ENTITY_BYTES_MAX];
        size_t used, n = 0;
        if (attribute->substr_types[i] == MD_TEXT_ENTITY)
            n = entity_parse(part, &used, decoded);
        buf_put(&b, n ? (struct str){decoded, n} : part);
    }
    *ret_s = buf_str(&b);
    return true;
}

struct str markdown_entity_text(struct str entity, char ret_bytes[static ENTITY_BYTES_MAX])
{
    size_t used;
    struct str s = {ret_bytes, entity_parse(entity, &used, ret_bytes)};

    if (s.n == 0)
        return entity;
    return utf8_is_text(s, true) ? s : STR("\xEF\xBF\xBD");
}

void markdown_entity(struct markdown_page *p, struct str entity)
{
    char decoded[ENTITY_BYTES_MAX];

    escape_html(&p->out, markdown_entity_text(entity, decoded));
}

static void enter_container(struct markdown_page *p, struct str tag)
{
    if (++p->containers <= MARKDOWN_DEPTH_MAX)
        buf_put(&p->out, tag);
}

static void leave_container(struct markdown_page *p, struct str tag)
{
    if (p->containers-- <= MARKDOWN_DEPTH_MAX)
        buf_put(&p->out, tag);
}

static void enter_ordered(struct markdown_page *p, unsigned start)
{
    if (++p->containers > MARKDOWN_DEPTH_MAX)
        return;
    if (start == 1)
        buf_put(&p->out, STR("<ol>\n"));
    else
        buf_printf(&p->out, "<ol start=\"%u\">\n", start);
}

static void enter_item(struct markdown_page *p)
{
    struct str before = buf_str(&p->out);

    if (p->containers <= MARKDOWN_DEPTH_MAX)
        buf_put(&p->out, STR("<li>"));
    else if (!str_ends(before, STR("\n")) && !str_ends(before, STR("<li>")))
        buf_put(&p->out, STR("<br>\n"));
}

bool markdown_enter(struct markdown_page *p, MD_BLOCKTYPE type, const void *detail)
{
    switch ((int)type) {
    case MD_BLOCK_QUOTE:
        enter_container(p, STR("<blockquote>\n"));
        return true;
    case MD_BLOCK_UL:
        enter_container(p, STR("<ul>\n"));
        return true;
    case MD_BLOCK_OL:
        enter_ordered(p, ((const MD_BLOCK_OL_DETAIL *)detail)->start);
        return true;
    case MD_BLOCK_LI:
        enter_item(p);
        return true;
    case MD_BLOCK_P:
        buf_put(&p->out, STR("<p>"));
        return true;
    case MD_BLOCK_DOC:
        return true;
    }
    return false;
}

bool markdown_leave(struct markdown_page *p, MD_BLOCKTYPE type)
{
    switch ((int)type) {
    case MD_BLOCK_QUOTE:
        leave_container(p, STR("</blockquote>\n"));
        return true;
    case MD_BLOCK_UL:
        leave_container(p, STR("</ul>\n"));
        return true;
    case MD_BLOCK_OL:
        leave_container(p, STR("</ol>\n"));
        return true;
    case MD_BLOCK_LI:
        if (p->containers <= MARKDOWN_DEPTH_MAX)
            buf_put(&p->out, STR("</li>\n"));
        return true;
    case MD_BLOCK_CODE:
        buf_put(&p->out, STR("</code></pre>\n"));
        return true;
    case MD_BLOCK_P:
        buf_put(&p->out, STR("</p>\n"));
        return true;
    case MD_BLOCK_DOC:
        return true;
    }
    return false;
}

static size_t *count_of(struct markdown_page *p, MD_SPANTYPE type)
{
    if (type == MD_SPAN_A)
        return &p->links;
    return type == MD_SPAN_IMG ? &p->pictures : &p->emphases;
}

static struct str start_tag(MD_SPANTYPE type)
{
    if (type == MD_SPAN_EM)
        return STR("<em>");
    return type == MD_SPAN_STRONG ? STR("<strong>") : STR("<code>");
}

static struct str end_tag(MD_SPANTYPE type)
{
    if (type == MD_SPAN_EM)
        return STR("</em>");
    return type == MD_SPAN_STRONG ? STR("</strong>") : STR("</code>");
}

bool markdown_enter_span(struct markdown_page *p, MD_SPANTYPE type, bool **ret_shown)
{
    struct markdown_span *span = ARENA_PUSH(p->arena, p->open, p->open_n, p->open_capacity);
    size_t before = (*count_of(p, type))++;
    bool own = type == MD_SPAN_A || type == MD_SPAN_IMG;

    *span = (struct markdown_span){.type = type};
    *ret_shown = &span->shown;
    if (own || p->pictures > 0 || before >= MARKDOWN_DEPTH_MAX)
        return type == MD_SPAN_A && p->pictures == 0 && before == 0;
    span->shown = true;
    buf_put(&p->out, start_tag(type));
    return false;
}

static void end_span(struct markdown_page *p)
{
    struct markdown_span span = p->open[--p->open_n];

    --*count_of(p, span.type);
    if (!span.shown)
        return;
    if (span.type == MD_SPAN_A)
        p->end_link(p);
    else
        buf_put(&p->out, end_tag(span.type));
}

void markdown_leave_span(struct markdown_page *p, MD_SPANTYPE type)
{
    size_t at = p->open_n;

    /* What stands above it was left open by mistake and is closed with it: each is met once. */
    while (at > 0 && p->open[at - 1].type != type && *count_of(p, type) > 0)
        at--;
    if (at == 0 || p->open[at - 1].type != type)
        return;
    while (p->open_n >= at)
        end_span(p);
}

void markdown_end_spans(struct markdown_page *p)
{
    while (p->open_n > 0)
        end_span(p);
}
