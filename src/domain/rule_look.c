#include "domain/rule_look.h"

#include "text/count.h"
#include "text/host.h"
#include "text/link.h"

struct looking looking_begin(struct str text)
{
    return (struct looking){
        .text = text, .home = arena_new(16 * KiB), .scratch = arena_new(64 * KiB)};
}

void looking_end(struct looking *l)
{
    arena_free(&l->scratch);
    arena_free(&l->home);
}

size_t looking_chars(const struct looking *l)
{
    return count_chars(l->text);
}

/* ---- What rules have in common -------------------------------------------------------------- */

static void need_links(struct looking *l)
{
    if (l->has_links)
        return;
    l->has_links = true;
    if (str_find(l->text, STR(":")) < 0 && str_find(l->text, STR("&")) < 0)
        return; /* no address without a colon, or what stands for one */
    l->links = ARENA_ARRAY(l->home, struct markdown_link, LINKS_LOOKED_AT);
    l->hosts = ARENA_ARRAY(l->home, struct str, LINKS_LOOKED_AT);
    l->n_links = markdown_comment_links(l->home, l->text, l->links, LINKS_LOOKED_AT);
    for (size_t i = 0; i < l->n_links; i++)
        l->hosts[i] = host_ascii(l->home, link_host(l->links[i].url));
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Whether they differ in white space only, of which any is as much as any other. */
static bool is_same_but_for_space(struct str a, struct str b)
{
    size_t i = 0, k = 0;
    for (;;) {
        size_t from_i = i, from_k = k;
        while (i < a.n && is_space(a.p[i]))
            i++;
        while (k < b.n && is_space(b.p[k]))
            k++;
        if (i == a.n || k == b.n)
            return i == a.n && k == b.n;
        if ((i > from_i) != (k > from_k) && from_i > 0)
            return false;
        if (a.p[i++] != b.p[k++])
            return false;
    }
}

static void need_shown(struct looking *l)
{
    if (l->has_shown)
        return;
    l->has_shown = true;
    l->shown = shown_of(l->home, l->text);
    l->is_as_written = is_same_but_for_space(l->shown.text, l->text);
}

static void need_reading(struct looking *l)
{
    if (l->has_reading)
        return;
    need_shown(l);
    l->has_reading = true;
    l->reading = reading_of(l->home, l->shown.text);
}

static const struct reading *need_written(struct looking *l)
{
    if (!l->written) {
        l->written = ARENA_NEW(l->home, struct reading);
        *l->written = reading_of(l->home, l->text);
    }
    return l->written;
}

/* The links whose addresses are shown, where they are. */
static struct markdown_link *links_shown(struct looking *l, size_t *ret_n)
{
    struct markdown_link *shown = ARENA_ARRAY(l->home, struct markdown_link, l->n_links);
    size_t n = 0;
    for (size_t i = 0; i < l->n_links; i++) {
        struct mark place = shown_place(&l->shown, (struct mark){l->links[i].at, l->links[i].n});
        if (place.n > 0)
            shown[n++] = (struct markdown_link){l->links[i].url, place.at, place.n};
    }
    *ret_n = n;
    return shown;
}

static void need_shape(struct looking *l)
{
    if (l->has_shape)
        return;
    need_links(l);
    need_shown(l);
    l->has_shape = true;
    size_t n;
    const struct markdown_link *links = links_shown(l, &n);
    l->shape = shape_of(l->shown.text, links, n);
    l->shape.run_at = shown_source(&l->shown, l->shape.run_at);
    l->shape.paragraph_at = shown_source(&l->shown, l->shape.paragraph_at);
}

/* ---- Each kind ------------------------------------------------------------------------------ */

static void mark_add(struct rule_hit *hit, size_t at, size_t n)
{
    if (n > 0 && hit->n_marks < ARRAY_LEN(hit->marks))
        hit->marks[hit->n_marks++] = (struct mark){at, n};
}

/* shown: what the reading is of; NULL: of the text as it was written. */
static void look_words_in(struct looking *l, const struct compiled_rule *c,
                          const struct reading *reading, const struct shown *shown,
                          struct rule_hit *hit)
{
    struct word_match matches[ARRAY_LEN(hit->marks)];
    size_t n = word_list_match_reading(c->words, l->scratch, reading, matches, ARRAY_LEN(matches));
    size_t end = 0;
    arena_reset(l->scratch);
    for (size_t i = 0; i < n; i++) {
        struct mark m = {matches[i].at, matches[i].n};
        m = shown ? shown_source(shown, m) : m;
        if (m.at < end) /* two words by one reference */
            continue;
        size_t mark = hit->n_marks;
        mark_add(hit, m.at, m.n);
        if (hit->n_marks > mark)
            hit->notes[mark] = (struct mark_note){matches[i].disguises,
                                                  word_list_entry(c->words, matches[i].entry)};
        end = m.at + m.n;
    }
    hit->is_met = n > 0;
}

/*
 * What is shown counts. Where that is innocent, what was written may still mean the word: stars
 * that hide letters, of which two pairs make bold words ("f**k you, s**t"), and addresses of links,
 * of which the page shows the host.
 */
static void look_words(struct looking *l, const struct compiled_rule *c, struct rule_hit *hit)
{
    need_reading(l);
    look_words_in(l, c, &l->reading, &l->shown, hit);
    if (!hit->is_met && !l->is_as_written)
        look_words_in(l, c, need_written(l), NULL, hit);
}

static bool is_among(struct str host, const struct host_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (host_is_within(host, list->items[i]))
            return true;
    return false;
}

static void look_links(struct looking *l, const struct compiled_rule *c, struct rule_hit *hit)
{
    const struct rule_terms *t = &c->terms;
    struct rule_hit counted = {0};
    int64_t n = 0;
    need_links(l);
    for (size_t i = 0; i < l->n_links; i++) {
        const struct markdown_link *link = &l->links[i];
        if (is_among(l->hosts[i], &t->refused)) {
            hit->is_met = true;
            mark_add(hit, link->at, link->n);
        } else if (!is_among(l->hosts[i], &t->allowed)) {
            n++;
            mark_add(&counted, link->at, link->n);
        }
    }
    /* A refused host says more than how many links there are. */
    if (!hit->is_met && t->numbers[TERM_links] > 0 && n >= t->numbers[TERM_links]) {
        *hit = counted;
        hit->is_met = true;
    }
}

static void look_shape(struct looking *l, const struct compiled_rule *c, struct rule_hit *hit)
{
    const int64_t *t = c->terms.numbers;
    need_shape(l);
    const struct text_shape *s = &l->shape;
    int64_t letters = t[TERM_letters] ? t[TERM_letters] : RULE_SHAPE_LETTERS;
    if (t[TERM_run] > 0 && (int64_t)s->run >= t[TERM_run]) {
        hit->is_met = true;
        mark_add(hit, s->run_at.at, s->run_at.n);
    } else if (t[TERM_paragraph] > 0 && (int64_t)s->paragraph >= t[TERM_paragraph]) {
        hit->is_met = true;
        mark_add(hit, s->paragraph_at.at, s->paragraph_at.n);
    } else if (t[TERM_capitals] > 0 && (int64_t)s->letters >= letters) {
        hit->is_met = (int64_t)s->capitals * 100 >= t[TERM_capitals] * (int64_t)s->letters;
    }
    hit->is_met |= t[TERM_wordless] > 0 && !s->has_words;
    if (!hit->is_met && t[TERM_whole] > 0)
        hit->is_met = (int64_t)looking_chars(l) >= t[TERM_whole];
}

struct rule_hit looking_at(struct looking *l, const struct compiled_rule *c)
{
    struct rule_hit hit = {0};
    switch (c->kind) {
    case RULE_WORDS:
        look_words(l, c, &hit);
        break;
    case RULE_LINKS:
        look_links(l, c, &hit);
        break;
    case RULE_SHAPE:
        look_shape(l, c, &hit);
        break;
    case RULE_NEWCOMER:
    case RULE_REPEAT:
        break;
    }
    return hit;
}

struct rule_hit compiled_meets(const struct compiled_rule *c, struct str text)
{
    ON_LEAVE(looking_end) struct looking l = looking_begin(text);
    return looking_at(&l, c);
}
