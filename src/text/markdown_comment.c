#include "text/entity.h"
#include "text/link.h"
#include "text/markdown_page.h"
#include "text/marks.h"
#include "text/shown_own.h"

#define SHOWN_BYTES_MAX ((size_t)400)
/*
 * A comment's page may be so much longer than the comment: what people write stays far below. One
 * definition of a long address and hundreds of links to it would make one of a megabyte, and a
 * page of such comments one that cannot be shown.
 */
#define GROWTH_MAX ((size_t)2)
#define SLACK_BYTES (16 * KiB)
#define REL " rel=\"ugc nofollow noopener noreferrer\">"

/* What is pointed out, and in which text. */
struct pointed {
    struct str source;
    struct marks marks;
};

/* Links that are noted as they are written, while there is room. */
struct noted {
    struct markdown_link *items;
    size_t n, max;
};

/* A comment on its way: what the callbacks of md4c share. */
struct comment {
    struct markdown_page page; /* first, so that both are one address */
    struct pointed pointed;
    struct noted noted;
    struct showing *showing; /* NULL: nobody wants to know */
    struct str href;         /* of the open link, when it is shown */
    char shown[SHOWN_BYTES_MAX];
    size_t shown_n; /* of the open link's text, as far as there is room */
};

/* written: where the text has the address, as it stands there. */
static void put_link(struct comment *c, struct str url, struct str written)
{
    struct buf *b = &c->page.out;
    uintptr_t home = (uintptr_t)c->pointed.source.p, at = (uintptr_t)written.p;
    bool is_inside = at >= home && at + written.n <= home + c->pointed.source.n;

    buf_put(b, STR("<a href=\""));
    link_put(b, url);
    buf_put(b, STR("\"" REL));
    if (c->noted.n < c->noted.max)
        c->noted.items[c->noted.n++] = (struct markdown_link){
            .url = url, .at = is_inside ? (size_t)(at - home) : 0, .n = is_inside ? written.n : 0};
}

/* Words, escaped; what of them is pointed out is marked. Words that are not the source's have no
 * place in it. */
static void put_words(struct buf *b, const struct pointed *pointed, struct str words)
{
    uintptr_t home = (uintptr_t)pointed->source.p, at = (uintptr_t)words.p;
    bool is_inside = at >= home && at + words.n <= home + pointed->source.n;
    size_t from = is_inside ? (size_t)(at - home) : 0, done = 0;

    for (size_t i = 0; is_inside && i < pointed->marks.n; i++) {
        struct mark m = pointed->marks.items[i];
        size_t start = m.at > from + done ? m.at - from : done;
        size_t end = m.at + m.n > from ? m.at + m.n - from : 0;
        end = end < words.n ? end : words.n;
        if (start >= end)
            continue;
        escape_html(b, (struct str){words.p + done, start - done});
        buf_put(b, STR("<mark>"));
        escape_html(b, (struct str){words.p + start, end - start});
        buf_put(b, STR("</mark>"));
        done = end;
    }
    escape_html(b, str_from(words, done));
}

/* Running text; bare addresses become links. */
static void put_text(struct comment *c, struct str text)
{
    struct buf *b = &c->page.out;
    const struct pointed *pointed = &c->pointed;
    size_t from = 0, start, end;

    while (link_find(text, from, &start, &end)) {
        struct str url = {text.p + start, end - start};
        put_words(b, pointed, (struct str){text.p + from, start - from});
        put_link(c, url, url);
        put_words(b, pointed, url);
        buf_put(b, STR("</a>"));
        from = end;
    }
    put_words(b, pointed, str_from(text, from));
}

static int state_of(const struct comment *c)
{
    return buf_ok(&c->page.out) ? 0 : 1;
}

/* Whether the source's words are pointed out, in part at least. */
static bool is_pointed(const struct pointed *pointed, struct str words)
{
    uintptr_t home = (uintptr_t)pointed->source.p, at = (uintptr_t)words.p;

    for (size_t i = 0; i < pointed->marks.n && at >= home; i++) {
        struct mark m = pointed->marks.items[i];
        if (m.at < at - home + words.n && at - home < m.at + m.n)
            return true;
    }
    return false;
}

/* A reference is marked as a whole: it is one character, or two. */
static void put_entity(struct comment *c, struct str entity)
{
    bool marked = is_pointed(&c->pointed, entity);

    if (marked)
        buf_put(&c->page.out, STR("<mark>"));
    markdown_entity(&c->page, entity);
    if (marked)
        buf_put(&c->page.out, STR("</mark>"));
}

static void show(struct comment *c, struct str words, struct str written)
{
    if (c->showing)
        showing_put(c->showing, words, written);
}

/* Tells what is shown where a block begins (by 1) or ends (by -1). */
static void show_block(struct comment *c, MD_BLOCKTYPE type, int by)
{
    if (!c->showing)
        return;
    if (type != MD_BLOCK_DOC)
        showing_part(c->showing, type == MD_BLOCK_LI ? 1 : 2);
    if (type == MD_BLOCK_QUOTE)
        c->showing->quotes += (size_t)by;
    if (type == MD_BLOCK_HR && by > 0)
        showing_put(c->showing, STR("* * *"), STR_NONE);
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    struct comment *c = user;

    markdown_end_spans(&c->page);
    show_block(c, type, 1);
    if (markdown_enter(&c->page, type, detail))
        return state_of(c);
    if (type == MD_BLOCK_CODE)
        buf_put(&c->page.out, STR("<pre><code>"));
    else if (type == MD_BLOCK_HR)
        buf_put(&c->page.out, STR("<p>* * *</p>\n"));
    else if (type == MD_BLOCK_H)
        buf_put(&c->page.out, STR("<p>"));
    return state_of(c);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    struct comment *c = user;

    (void)detail;
    markdown_end_spans(&c->page);
    show_block(c, type, -1);
    if (!markdown_leave(&c->page, type) && type == MD_BLOCK_H)
        buf_put(&c->page.out, STR("</p>\n"));
    return state_of(c);
}

static int enter_link(struct comment *c, const MD_ATTRIBUTE *href, bool *shown)
{
    struct str url;

    c->shown_n = 0;
    if (!markdown_attribute(&c->page, href, &url))
        return 1;
    if (markdown_link_is_allowed(url)) {
        c->href = url;
        put_link(c, url, (struct str){href->text, href->size});
        *shown = true;
    }
    return state_of(c);
}

static void end_link(struct markdown_page *p)
{
    struct comment *c = (struct comment *)(void *)p;
    struct str host = link_host(c->href);

    buf_put(&p->out, STR("</a>"));
    if (link_is_shown((struct str){c->shown, c->shown_n}, host))
        return;
    buf_put(&p->out, STR(" <bdi class=\"host\">("));
    escape_html(&p->out, host);
    buf_put(&p->out, STR(")</bdi>"));
}

static int enter_span(MD_SPANTYPE type, void *detail, void *user)
{
    struct comment *c = user;
    bool *shown;

    if (markdown_enter_span(&c->page, type, &shown))
        return enter_link(c, &((const MD_SPAN_A_DETAIL *)detail)->href, shown);
    return state_of(c);
}

static int leave_span(MD_SPANTYPE type, void *detail, void *user)
{
    struct comment *c = user;

    (void)detail;
    markdown_leave_span(&c->page, type);
    return state_of(c);
}

static void remember_shown(struct comment *c, struct str s)
{
    s = str_head(s, SHOWN_BYTES_MAX - c->shown_n);
    memcpy(c->shown + c->shown_n, s.p, s.n);
    c->shown_n += s.n;
}

static int text(MD_TEXTTYPE type, const MD_CHAR *bytes, MD_SIZE n, void *user)
{
    struct comment *c = user;
    struct buf *b = &c->page.out;
    struct str s = {bytes, n};
    char decoded[ENTITY_BYTES_MAX];

    if (!markdown_is_sound(&c->page, s))
        return 1;
    if (c->page.links > 0)
        remember_shown(c, s);
    switch (type) {
    case MD_TEXT_NULLCHAR:
        buf_put(b, STR("\xEF\xBF\xBD"));
        show(c, STR("\xEF\xBF\xBD"), s);
        break;
    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR:
        buf_put(b, STR("<br>\n"));
        show(c, STR("\n"), s);
        break;
    case MD_TEXT_ENTITY:
        put_entity(c, s);
        show(c, markdown_entity_text(s, decoded), s);
        break;
    case MD_TEXT_NORMAL:
        show(c, s, s);
        if (c->page.links == 0 && c->page.pictures == 0)
            put_text(c, s);
        else
            put_words(b, &c->pointed, s);
        break;
    case MD_TEXT_CODE:
    case MD_TEXT_HTML:
    case MD_TEXT_LATEXMATH:
        show(c, s, s);
        put_words(b, &c->pointed, s);
        break;
    }
    return state_of(c);
}

/* The text as it came, for what is too deep, too long or too costly to be understood. */
static struct html plain(struct arena *a, const struct pointed *pointed, struct showing *showing)
{
    struct buf b = buf_in(a, pointed->source.n * 16 + KiB);
    struct str rest = pointed->source, line;
    bool open = false;

    if (showing)
        showing_begin(showing, pointed->source);
    while (str_next(&rest, '\n', &line)) {
        line = str_trim(line);
        if (line.n == 0) {
            if (open)
                buf_put(&b, STR("</p>\n"));
            open = false;
            continue;
        }
        buf_put(&b, open ? STR("<br>\n") : STR("<p>"));
        put_words(&b, pointed, line);
        if (showing) {
            showing_part(showing, open ? 1 : 2);
            showing_put(showing, line, line);
        }
        open = true;
    }
    if (open)
        buf_put(&b, STR("</p>\n"));
    return (struct html){buf_str(&b)};
}

struct html markdown_comment(struct arena *a, struct str source)
{
    return markdown_comment_marked(a, source, (struct marks){0});
}

/* Renders a comment; *noted: its links, while there is room; *showing: what is shown, or NULL. */
static struct html render(struct arena *a, const struct pointed *pointed, struct noted *noted,
                          struct showing *showing)
{
    struct str source = pointed->source;
    static const MD_PARSER parser = {
        .flags = MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = text,
    };
    const char *why;

    if (source.n == 0)
        return (struct html){STR_NONE};
    if (source.n > MARKDOWN_BYTES_MAX || markdown_find_hard(source, &why) > 0)
        return plain(a, pointed, showing);
    struct comment c = {.page = markdown_page_of(a, source, source.n * GROWTH_MAX + SLACK_BYTES),
                        .noted = *noted,
                        .showing = showing};
    if (showing)
        showing_begin(showing, (struct str){c.page.source.p, source.n});
    c.page.end_link = end_link;
    c.pointed = (struct pointed){c.page.source, pointed->marks};
    if (markdown_parse(&c.page, &parser, &c) != 0)
        return plain(a, pointed, showing);
    noted->n = c.noted.n;
    return (struct html){buf_str(&c.page.out)};
}

struct html markdown_comment_marked(struct arena *a, struct str source, struct marks marks)
{
    return render(a, &(struct pointed){source, marks}, &(struct noted){0}, NULL);
}

size_t markdown_comment_links(struct arena *a, struct str source, struct markdown_link *ret,
                              size_t max)
{
    struct noted noted = {.items = ret, .max = max};
    (void)render(a, &(struct pointed){.source = source}, &noted, NULL);
    return noted.n;
}

void markdown_comment_show(struct arena *a, struct str source, struct showing *s)
{
    (void)render(a, &(struct pointed){.source = source}, &(struct noted){0}, s);
}
