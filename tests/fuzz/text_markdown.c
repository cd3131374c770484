/*
 * Markdown from noise, as a comment and as an article's body: the HTML has nothing but what it may
 * have, is well-formed, is not deep and is not more than a constant times the text. With
 * AITYS_PLANTED_FAULT the check also refuses a host shown behind a link, which must be found.
 */
#include <stdint.h>

#include "base/buf.h"
#include "base/must.h"
#include "tests/unit/text/html_check.h"
#include "text/markdown.h"
#include "text/utf8.h"

/* Two elements for each of eight lists, eight emphases, and what stands in a table or a heading. */
#define DEPTH_MAX 32

static void check(struct str html, enum html_kind kind)
{
    size_t depth = 0;
    MUST(html_fault(html, kind, &depth) == NULL);
    MUST(depth <= DEPTH_MAX);
    MUST(utf8_is_valid(html));
#ifdef AITYS_PLANTED_FAULT
    MUST(str_find(html, STR("<bdi")) < 0);
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = {(const char *)data, n};
    struct markdown_block *blocks;
    size_t blocks_n;
    struct err e;

    if (!utf8_is_valid(text))
        return 0;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct html comment = markdown_comment(a, text);
    check(comment.s, HTML_COMMENT);
    MUST(comment.s.n <= 16 * n + 64 * KiB);
    (void)escape_html_to_text(a, comment);
    if (!markdown_article(a, text, &blocks, &blocks_n, &e)) {
        MUST(e.kind == ERR_INVALID);
        return 0;
    }
    for (size_t i = 0; i < blocks_n; i++)
        check(blocks[i].html.s, HTML_ARTICLE);
    return 0;
}
