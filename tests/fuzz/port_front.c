/*
 * Articles, sections and pages from noise: what is read has all that its kind needs, and its body
 * is the end of the file as it stands. With AITYS_PLANTED_FAULT a body is believed to hold no
 * second fence; the target must find that within a minute.
 */
#include <stdint.h>

#include "base/must.h"
#include "port/front.h"
#include "text/language.h"
#include "text/utf8.h"

static void check_article(const struct front *f)
{
    MUST(f->published_s != 0 || f->updated_s == 0 || f->updated_s >= f->published_s);
    MUST(!f->has_mode || (f->mode >= MODE_OPEN && f->mode <= MODE_CLOSED));
    for (size_t i = 0; i < f->n_byline; i++)
        MUST(f->byline[i].name.n > 0 && utf8_is_text(f->byline[i].name, false));
    for (size_t i = 0; i < f->n_pictures; i++) {
        const struct front_picture *p = &f->pictures[i];
        MUST(p->file.n > 0 && p->file.p[0] != '/' && str_find(p->file, STR("../")) < 0);
        MUST(utf8_is_text(p->alt, false) && utf8_is_text(p->caption, false));
    }
}

static void check_front(const struct front *f, struct str bytes)
{
    MUST(f->key.n > 0 && f->title.n > 0 && f->slug.n > 0);
    MUST(language_is_tag(f->lang));
    MUST(str_find_char(f->slug, '/') < 0 && utf8_is_text(f->title, false));
    MUST(f->body.n <= bytes.n && str_ends(bytes, f->body));
    MUST(front_is_there(bytes));
    MUST(front_line(f, "slug") >= 1);
    if (f->kind == FRONT_ARTICLE)
        check_article(f);
#ifdef AITYS_PLANTED_FAULT
    MUST(str_find(f->body, STR("---")) < 0);
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str bytes = {(const char *)data, n};
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct faults faults = {.arena = a};
    struct front f;
    bool is_read = front_read(bytes, STR("f"), &faults, &f);
    MUST(is_read == (faults.n == 0));
    for (size_t i = 0; i < faults.n; i++)
        MUST(utf8_is_valid(fault_print(&faults, &faults.items[i])));
    if (is_read)
        check_front(&f, bytes);
    return 0;
}
