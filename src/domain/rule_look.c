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

static void need_reading(struct looking *l)
{
    if (l->has_reading)
        return;
    l->has_reading = true;
    l->reading = reading_of(l->home, l->text);
}

static void need_shape(struct looking *l)
{
    if (l->has_shape)
        return;
    need_links(l);
    l->has_shape = true;
    l->shape = shape_of(l->text, l->links, l->n_links);
}

/* ---- Each kind ------------------------------------------------------------------------------ */

static void mark_add(struct rule_hit *hit, size_t at, size_t n)
{
    if (n > 0 && hit->n_marks < ARRAY_LEN(hit->marks))
        hit->marks[hit->n_marks++] = (struct mark){at, n};
}

static void look_words(struct looking *l, const struct compiled_rule *c, struct rule_hit *hit)
{
    struct word_match matches[ARRAY_LEN(hit->marks)];
    need_reading(l);
    size_t n =
        word_list_match_reading(c->words, l->scratch, &l->reading, matches, ARRAY_LEN(matches));
    arena_reset(l->scratch);
    for (size_t i = 0; i < n; i++)
        mark_add(hit, matches[i].at, matches[i].n);
    hit->is_met = n > 0;
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
