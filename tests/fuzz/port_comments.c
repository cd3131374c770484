/*
 * Conversations from noise: what is read keeps the limits of a reader's form; what is not has a
 * fault that can be printed. With AITYS_PLANTED_FAULT a reply is believed to come after what it
 * answers; the target must find that within a minute.
 */
#include <stdint.h>

#include "base/must.h"
#include "port/comments.h"
#include "text/count.h"
#include "text/language.h"
#include "text/utf8.h"

static void check_comment(const struct comment_import *c)
{
    MUST(c->number >= 1 && c->number <= COMMENT_NUMBER_MAX);
    MUST(c->reply_to >= 0 && c->reply_to <= COMMENT_NUMBER_MAX);
    MUST(c->state >= COMMENT_HELD && c->state <= COMMENT_WITHDRAWN);
    MUST(language_is_tag(c->lang));
    MUST(utf8_is_text(c->name, false) && utf8_is_text(c->text, true));
    MUST(count_chars(c->name) <= NAME_CHARS_MAX && count_chars(c->text) <= COMMENT_CHARS_MAX);
    MUST(c->state == COMMENT_WITHDRAWN || (c->name.n > 0 && c->text.n > 0));
#ifdef AITYS_PLANTED_FAULT
    MUST(c->reply_to < c->number);
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str bytes = {(const char *)data, n};
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct faults faults = {.arena = a};
    struct comments_file file;
    bool is_read = comments_read(bytes, STR("f"), &faults, &file);
    MUST(is_read == (faults.n == 0));
    for (size_t i = 0; i < faults.n; i++)
        MUST(utf8_is_valid(fault_print(&faults, &faults.items[i])));
    for (size_t i = 0; is_read && i < file.n; i++) {
        const struct comment_imports *k = &file.conversations[i];
        MUST(utf8_is_valid(k->article_key));
        for (size_t c = 0; c < k->n; c++)
            check_comment(&k->comments[c]);
    }
    return 0;
}
