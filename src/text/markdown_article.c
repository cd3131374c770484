#include <unicode/uchar.h>

#include "text/link.h"
#include "text/markdown_page.h"
#include "text/utf8.h"

#define GROWTH_MAX ((size_t)16)
#define SLACK_BYTES (64 * KiB)
#define COLUMNS_MAX 64
#define WORDS_BYTES_MAX ((size_t)96)
/* Later headings get no id: each is compared with all before it. */
#define IDS_MAX 256

/* Where a block of the body lies in the page's text, which moves while it grows. */
struct place {
    size_t from, to;
    bool is_paragraph;
};

/* An article's body on its way: what the callbacks of md4c share. */
struct article {
    struct markdown_page page; /* first, so that both are one address */
    struct place *places;
    size_t places_n, places_capacity;
    size_t depth;      /* open blocks */
    const char *fault; /* what is refused; NULL so far */
    size_t fault_at;   /* its byte in the source */
    size_t seen_at;    /* the last byte of the source that was heard of */
    bool in_heading;
    size_t heading_from; /* where its markup begins in the page */
    struct buf words;    /* of the open heading */
    struct str ids[IDS_MAX];
    size_t ids_n;
};

static int state_of(struct article *d)
{
    if (!d->fault && !buf_ok(&d->page.out)) {
        d->fault = "its markup is too much for its size";
        d->fault_at = d->seen_at;
    }
    return d->fault ? 1 : 0;
}

static void refuse(struct article *d, const char *what)
{
    if (!d->fault)
        d->fault_at = d->seen_at;
    d->fault = d->fault ? d->fault : what;
}

/* The heading's words in lower case, joined by hyphens, as written in their own script. */
static struct str id_of(struct article *d, struct str words)
{
    struct buf b = buf_in(d->page.arena, WORDS_BYTES_MAX * 2);
    bool gap = false;

    for (size_t at = 0; at < words.n;) {
        UChar32 c = u_tolower((UChar32)utf8_next(words, &at));
        char bytes[4];
        if (!u_isalnum(c) && u_getCombiningClass(c) == 0) {
            gap = b.n > 0;
            continue;
        }
        if (gap)
            buf_char(&b, '-');
        gap = false;
        buf_put(&b, (struct str){bytes, utf8_print((uint32_t)c, bytes)});
    }
    return b.n ? buf_str(&b) : STR("part");
}

static bool is_taken(const struct article *d, struct str id)
{
    for (size_t i = 0; i < d->ids_n; i++) {
        if (str_eq(d->ids[i], id))
            return true;
    }
    return false;
}

/* An id that no heading of this body has; "-" at the front keeps it apart from the page's own. */
static struct str fresh_id(struct article *d, struct str words)
{
    struct str base = id_of(d, words), id = base;
    for (size_t n = 2; is_taken(d, id); n++)
        id = arena_printf(d->page.arena, STR_FMT "-%zu", STR_ARG(base), n);
    d->ids[d->ids_n++] = id;
    return id;
}

static void enter_heading(struct article *d)
{
    d->in_heading = true;
    d->heading_from = d->page.out.n;
    buf_clear(&d->words);
}

/* The start tag is written last, because the id is made of what is inside. */
static void leave_heading(struct article *d, unsigned level)
{
    struct buf *b = &d->page.out;
    struct str inside = arena_copy(d->page.arena, str_from(buf_str(b), d->heading_from));
    struct str tag = level <= 2 ? STR("h2") : STR("h3");

    d->in_heading = false;
    if (!buf_ok(b))
        return;
    b->n = d->heading_from;
    buf_char(b, '<');
    buf_put(b, tag);
    if (d->ids_n < IDS_MAX) {
        buf_put(b, STR(" id=\"h-"));
        escape_html(b, fresh_id(d, utf8_head(buf_str(&d->words), WORDS_BYTES_MAX)));
        buf_char(b, '"');
    }
    buf_char(b, '>');
    buf_put(b, inside);
    buf_put(b, STR("</"));
    buf_put(b, tag);
    buf_put(b, STR(">\n"));
}

static void enter_code(struct article *d, const MD_BLOCK_CODE_DETAIL *code)
{
    struct str language = STR_NONE;

    if (!markdown_attribute(&d->page, &code->lang, &language))
        refuse(d, "its links are too long in all");
    buf_put(&d->page.out, STR("<pre><code"));
    if (language.n) {
        buf_put(&d->page.out, STR(" class=\"language-"));
        escape_html(&d->page.out, language);
        buf_char(&d->page.out, '"');
    }
    buf_char(&d->page.out, '>');
}

static void enter_cell(struct article *d, const char *tag, MD_ALIGN align)
{
    static const char *const classes[] = {
        [MD_ALIGN_DEFAULT] = "",
        [MD_ALIGN_LEFT] = " class=\"left\"",
        [MD_ALIGN_CENTER] = " class=\"center\"",
        [MD_ALIGN_RIGHT] = " class=\"right\"",
    };
    buf_printf(&d->page.out, "<%s%s>", tag, classes[align]);
}

static void enter_other(struct article *d, MD_BLOCKTYPE type, const void *detail)
{
    struct buf *b = &d->page.out;

    switch ((int)type) {
    case MD_BLOCK_HR:
        buf_put(b, STR("<hr>\n"));
        break;
    case MD_BLOCK_H:
        enter_heading(d);
        break;
    case MD_BLOCK_CODE:
        enter_code(d, detail);
        break;
    case MD_BLOCK_TABLE:
        if (((const MD_BLOCK_TABLE_DETAIL *)detail)->col_count > COLUMNS_MAX)
            refuse(d, "a table of more than 64 columns");
        buf_put(b, STR("<table>\n"));
        break;
    case MD_BLOCK_THEAD:
        buf_put(b, STR("<thead>\n"));
        break;
    case MD_BLOCK_TBODY:
        buf_put(b, STR("<tbody>\n"));
        break;
    case MD_BLOCK_TR:
        buf_put(b, STR("<tr>\n"));
        break;
    case MD_BLOCK_TH:
        enter_cell(d, "th", ((const MD_BLOCK_TD_DETAIL *)detail)->align);
        break;
    case MD_BLOCK_TD:
        enter_cell(d, "td", ((const MD_BLOCK_TD_DETAIL *)detail)->align);
        break;
    }
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    struct article *d = user;

    markdown_end_spans(&d->page);
    if (d->depth++ == 1)
        *ARENA_PUSH(d->page.arena, d->places, d->places_n, d->places_capacity) =
            (struct place){.from = d->page.out.n, .is_paragraph = type == MD_BLOCK_P};
    if (!markdown_enter(&d->page, type, detail))
        enter_other(d, type, detail);
    return state_of(d);
}

static void leave_other(struct article *d, MD_BLOCKTYPE type, const void *detail)
{
    struct buf *b = &d->page.out;

    switch ((int)type) {
    case MD_BLOCK_H:
        leave_heading(d, ((const MD_BLOCK_H_DETAIL *)detail)->level);
        break;
    case MD_BLOCK_TABLE:
        buf_put(b, STR("</table>\n"));
        break;
    case MD_BLOCK_THEAD:
        buf_put(b, STR("</thead>\n"));
        break;
    case MD_BLOCK_TBODY:
        buf_put(b, STR("</tbody>\n"));
        break;
    case MD_BLOCK_TR:
        buf_put(b, STR("</tr>\n"));
        break;
    case MD_BLOCK_TH:
        buf_put(b, STR("</th>\n"));
        break;
    case MD_BLOCK_TD:
        buf_put(b, STR("</td>\n"));
        break;
    }
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    struct article *d = user;

    markdown_end_spans(&d->page);
    if (!markdown_leave(&d->page, type))
        leave_other(d, type, detail);
    if (--d->depth == 1)
        d->places[d->places_n - 1].to = d->page.out.n;
    return state_of(d);
}

static int enter_link(struct article *d, const MD_SPAN_A_DETAIL *link, bool *shown)
{
    struct buf *b = &d->page.out;
    struct str url, title;

    if (!markdown_attribute(&d->page, &link->href, &url) ||
        !markdown_attribute(&d->page, &link->title, &title)) {
        refuse(d, "its links are too long in all");
        return 1;
    }
    if (!markdown_link_is_allowed(url) && !link_is_mail(url) && !link_is_path(url)) {
        refuse(d, "a link that is not http, https, mailto or a path");
        return 0; /* the text inside tells the line */
    }
    *shown = true;
    buf_put(b, STR("<a href=\""));
    link_put(b, url);
    if (title.n) {
        buf_put(b, STR("\" title=\""));
        escape_html(b, title);
    }
    buf_put(b, STR("\">"));
    return state_of(d);
}

static void end_link(struct markdown_page *p)
{
    buf_put(&p->out, STR("</a>"));
}

static int enter_span(MD_SPANTYPE type, void *detail, void *user)
{
    struct article *d = user;
    bool *shown;

    if (type == MD_SPAN_IMG)
        refuse(d, "a picture; pictures are set between the blocks");
    if (markdown_enter_span(&d->page, type, &shown))
        return enter_link(d, detail, shown);
    return 0; /* text follows, or the span's end: they know the line */
}

static int leave_span(MD_SPANTYPE type, void *detail, void *user)
{
    struct article *d = user;

    (void)detail;
    markdown_leave_span(&d->page, type);
    return state_of(d);
}

/* Remembers where in the source md4c is, when the text is of the source and not md4c's own. */
static void see(struct article *d, struct str s)
{
    uintptr_t at = (uintptr_t)s.p, source = (uintptr_t)d->page.source.p;

    if (at >= source && at < source + d->page.source.n)
        d->seen_at = at - source;
    if (d->fault)
        d->fault_at = d->seen_at;
}

static int text(MD_TEXTTYPE type, const MD_CHAR *bytes, MD_SIZE n, void *user)
{
    struct article *d = user;
    struct buf *b = &d->page.out;
    struct str s = {bytes, n};

    see(d, s);
    if (d->fault || !markdown_is_sound(&d->page, s))
        return 1;
    if (d->in_heading && type != MD_TEXT_ENTITY)
        buf_put(&d->words, str_head(s, d->words.max - d->words.n));
    switch (type) {
    case MD_TEXT_NULLCHAR:
        buf_put(b, STR("\xEF\xBF\xBD"));
        break;
    case MD_TEXT_BR:
        buf_put(b, STR("<br>\n"));
        break;
    case MD_TEXT_SOFTBR:
        buf_char(b, '\n');
        break;
    case MD_TEXT_ENTITY:
        markdown_entity(&d->page, s);
        break;
    case MD_TEXT_HTML:
        refuse(d, "raw HTML");
        break;
    case MD_TEXT_NORMAL:
    case MD_TEXT_CODE:
    case MD_TEXT_LATEXMATH:
        escape_html(b, s);
        break;
    }
    return state_of(d);
}

static size_t line_of(struct str source, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at && i < source.n; i++)
        line += source.p[i] == '\n';
    return line;
}

static void give_blocks(struct article *d, struct markdown_block **ret_blocks, size_t *ret_n)
{
    struct markdown_block *blocks = ARENA_ARRAY(d->page.arena, struct markdown_block, d->places_n);

    for (size_t i = 0; i < d->places_n; i++) {
        const struct place *place = &d->places[i];
        blocks[i].html.s = (struct str){d->page.out.p + place->from, place->to - place->from};
        blocks[i].is_paragraph = place->is_paragraph;
    }
    *ret_blocks = blocks;
    *ret_n = d->places_n;
}

bool markdown_article(struct arena *a, struct str source, struct markdown_block **ret_blocks,
                      size_t *ret_n, struct err *e)
{
    static const MD_PARSER parser = {
        .flags = MD_FLAG_TABLES,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = text,
    };
    if (source.n > MARKDOWN_BYTES_MAX)
        return err_set(e, ERR_INVALID, 0, "the text is over 1 MiB");
    const char *why;
    size_t hard = markdown_find_hard(source, &why);
    if (hard > 0)
        return err_set(e, ERR_INVALID, 0, "line %zu: %s", hard, why);
    struct article *d = ARENA_NEW(a, struct article);
    d->page = markdown_page_of(a, source, source.n * GROWTH_MAX + SLACK_BYTES);
    d->page.end_link = end_link;
    d->words = buf_in(a, WORDS_BYTES_MAX + 4);
    int failed = markdown_parse(&d->page, &parser, d);
    if (d->fault)
        return err_set(e, ERR_INVALID, 0, "line %zu: %s", line_of(source, d->fault_at), d->fault);
    if (failed)
        return err_set(e, ERR_BROKEN, 0, "the Markdown parser failed (%d)", failed);
    give_blocks(d, ret_blocks, ret_n);
    return true;
}
