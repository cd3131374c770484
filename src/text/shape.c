#include "text/shape.h"

#include <unicode/uchar.h>

#include "text/count.h"
#include "text/utf8.h"

/* A run that is going on. */
struct run {
    UChar32 letter; /* 0: none */
    size_t n, at, end;
};

static bool is_passed_over(UChar32 c)
{
    return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
           (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

static void run_on(struct run *run, UChar32 c, size_t at, size_t end, struct text_shape *shape)
{
    if (u_isUWhiteSpace(c)) {
        *run = (struct run){0};
        return;
    }
    UChar32 letter = u_foldCase(c, U_FOLD_CASE_DEFAULT);
    if (letter != run->letter)
        *run = (struct run){.letter = letter, .at = at};
    run->n++;
    run->end = end;
    if (run->n > shape->run) {
        shape->run = run->n;
        shape->run_at = (struct mark){run->at, run->end - run->at};
    }
}

/* Paragraphs end at blank lines. */
static void measure_paragraphs(struct str text, struct text_shape *shape)
{
    struct str rest = text, line;
    size_t start = 0, end = 0;
    bool is_open = false;
    for (bool more = true; more;) {
        more = str_next(&rest, '\n', &line);
        struct str words = more ? str_trim(line) : STR_NONE;
        if (words.n > 0) {
            size_t at = (size_t)(words.p - text.p);
            start = is_open ? start : at;
            end = at + words.n;
            is_open = true;
            continue;
        }
        struct str paragraph = {text.p + start, end - start};
        size_t chars = is_open ? count_chars(paragraph) : 0;
        if (chars > shape->paragraph) {
            shape->paragraph = chars;
            shape->paragraph_at = (struct mark){start, paragraph.n};
        }
        is_open = false;
    }
}

struct text_shape shape_of(struct str text, const struct markdown_link *links, size_t n_links)
{
    struct text_shape shape = {0};
    struct run run = {0};
    size_t link = 0;
    for (size_t at = 0, next = 0; at < text.n; at = next) {
        UChar32 c = (UChar32)utf8_next(text, &next);
        while (link < n_links && at >= links[link].at + links[link].n)
            link++;
        bool is_link = link < n_links && at >= links[link].at;
        if (is_passed_over(c))
            continue;
        run_on(&run, c, at, next, &shape);
        shape.has_words |= !is_link && u_isalnum(c);
        shape.capitals += !is_link && u_isUUppercase(c);
        shape.letters += !is_link && (u_isUUppercase(c) || u_isULowercase(c));
    }
    measure_paragraphs(text, &shape);
    return shape;
}
