#include "view/parts.h"

#define PEOPLE_MAX 32
#define BYLINE_BYTES (16 * KiB)

/*
 * The sentence is made with a private-use character in each name's place (U+E000 + its number,
 * which no catalogue holds) and then cut at those.
 */
static struct str mark_of(struct arena *a, size_t i)
{
    return arena_printf(a, "\xEE\x80%c", (char)(0x80 + (int)i));
}

static bool is_mark(struct str s, size_t at, size_t n_people, size_t *ret_i)
{
    if (at + 2 >= s.n || memcmp(s.p + at, "\xEE\x80", 2) != 0)
        return false;
    size_t i = (size_t)((unsigned char)s.p[at + 2] - 0x80U);
    *ret_i = i;
    return i < n_people;
}

struct view_byline view_byline(struct arena *a, const struct i18n_lang *l,
                               const struct view_person *people, size_t n)
{
    struct byline_piece *pieces = NULL;
    size_t n_pieces = 0;
    size_t capacity = 0;
    size_t from = 0;
    size_t who = 0;
    struct buf text = buf_in(a, BYLINE_BYTES);
    struct str marks[PEOPLE_MAX];

    n = n > PEOPLE_MAX ? PEOPLE_MAX : n;
    if (n == 0)
        return (struct view_byline){0};
    for (size_t i = 0; i < n; i++)
        marks[i] = mark_of(a, i);
    struct str s = i18n_fill(a, l, T_BYLINE, i18n_list(a, l, marks, n), STR_NONE);
    for (size_t at = 0; at <= s.n; at++) {
        bool is_name = is_mark(s, at, n, &who);
        if (!is_name && at < s.n)
            continue;
        if (at > from) {
            struct str words = {s.p + from, at - from};
            *ARENA_PUSH(a, pieces, n_pieces, capacity) = (struct byline_piece){.text = words};
            buf_put(&text, words);
        }
        if (is_name) {
            *ARENA_PUSH(a, pieces, n_pieces, capacity) = (struct byline_piece){
                .text = people[who].name, .address = people[who].address, .is_name = true};
            buf_put(&text, people[who].name);
            from = at + 3;
        }
    }
    return (struct view_byline){pieces, n_pieces, buf_str(&text)};
}

struct html view_dateline(struct arena *a, struct str dateline, struct html block)
{
    struct buf b = buf_in(a, block.s.n + 6 * dateline.n + 64);
    bool is_paragraph = str_begins(block.s, STR("<p>"));

    if (dateline.n == 0)
        return block;
    buf_put(&b, STR("<p><b class=dateline>"));
    escape_html(&b, dateline);
    buf_put(&b, is_paragraph ? STR("</b> — ") : STR("</b> —</p>"));
    buf_put(&b, str_from(block.s, is_paragraph ? 3 : 0));
    return (struct html){buf_str(&b)};
}
