#include "text/language.h"
#include "text/markdown.h"
#include "text/time.h"
#include "web/address.h"
#include "web/fill.h"

#define MIDDLE_WIDTH 960 /* pixels of the picture that browsers without srcset get */
#define PARAGRAPHS_BETWEEN_PICTURES 2

struct str fill_direction(struct str lang)
{
    return language_direction(lang) == DIRECTION_RTL ? STR("rtl") : STR("ltr");
}

struct str fill_time(struct request *rq, int64_t at_s)
{
    return at_s ? time_print(rq->arena, at_s) : STR_NONE;
}

struct str fill_time_text(struct request *rq, int64_t at_s, enum i18n_date form)
{
    return at_s ? i18n_date(rq->arena, rq->words, at_s, rq->web->o.domain->site.zone, form)
                : STR_NONE;
}

static struct str picture_address(struct request *rq, const struct picture *p, int64_t width)
{
    struct str hash = hash_hex(rq->arena, p->hash, 2 * HASH_BYTES);
    return arena_printf(rq->arena, "/pictures/" STR_FMT "/%lld." STR_FMT, STR_ARG(hash),
                        (long long)width, STR_ARG(p->extension));
}

struct picture_view *fill_picture(struct request *rq, const struct picture *p, bool is_lead)
{
    struct picture_view *v = ARENA_NEW(rq->arena, struct picture_view);
    int64_t middle = p->width;
    struct buf set = buf_in(rq->arena, 8 * KiB);
    for (size_t i = 0; i < p->n_widths; i++) {
        struct str address = picture_address(rq, p, p->widths[i]);
        buf_printf(&set, "%s" STR_FMT " %lldw", i ? ", " : "", STR_ARG(address),
                   (long long)p->widths[i]);
        if (p->widths[i] >= MIDDLE_WIDTH && p->widths[i] < middle)
            middle = p->widths[i];
    }
    *v = (struct picture_view){
        .src = picture_address(rq, p, middle),
        .srcset = p->n_widths > 1 && buf_ok(&set) ? buf_str(&set) : STR_NONE,
        .width = middle,
        .height = p->width > 0 ? p->height * middle / p->width : p->height,
        .alt = p->alt,
        .caption = p->caption,
        .credit = p->credit,
        .is_lead = is_lead,
    };
    return v;
}

struct view_byline fill_byline(struct request *rq, const struct byline_entry *byline, size_t n,
                               struct view_person **ret_people)
{
    struct view_person *people = ARENA_ARRAY(rq->arena, struct view_person, n);
    for (size_t i = 0; i < n; i++) {
        people[i] = (struct view_person){.name = byline[i].name, .is_agency = !byline[i].key.n};
        if (byline[i].key.n) {
            people[i].address = address_author(rq->arena, rq->lang, byline[i].key);
            people[i].absolute = address_absolute(rq, people[i].address);
        }
    }
    if (ret_people)
        *ret_people = people;
    return view_byline(rq->arena, rq->words, people, n);
}

bool fill_blocks(struct request *rq, const struct edition *ed, struct article_page *p,
                 struct err *e)
{
    struct markdown_block *blocks;
    size_t n, picture = 1, paragraphs = 0;
    if (!markdown_article(rq->arena, ed->body, &blocks, &n, e))
        return err_where(e, "body");
    struct article_block *views = ARENA_ARRAY(rq->arena, struct article_block, n + 1);
    for (size_t i = 0; i < n; i++) {
        views[i].html =
            i == 0 ? view_dateline(rq->arena, ed->dateline, blocks[i].html) : blocks[i].html;
        if (!blocks[i].is_paragraph || ++paragraphs % PARAGRAPHS_BETWEEN_PICTURES != 0)
            continue;
        if (picture < ed->n_pictures)
            views[i].picture = fill_picture(rq, &ed->pictures[picture++], false);
    }
    /* A short text may have more pictures than places between its paragraphs. */
    struct article_block *rest =
        ARENA_ARRAY(rq->arena, struct article_block, n + ed->n_pictures + 1);
    memcpy(rest, views, n * sizeof *views);
    while (picture < ed->n_pictures)
        rest[n++].picture = fill_picture(rq, &ed->pictures[picture++], false);
    p->blocks = rest;
    p->n_blocks = n;
    return true;
}

/* The published ones of the page, for search engines. */
static void fill_said(struct request *rq, const struct edition *ed, const struct comment_page *said,
                      struct view_facts *facts)
{
    struct view_said *list = ARENA_ARRAY(rq->arena, struct view_said, said->n);
    for (size_t i = 0; i < said->n; i++) {
        const struct comment *c = &said->comments[i];
        if (c->state != COMMENT_PUBLISHED)
            continue;
        list[facts->n_said++] = (struct view_said){
            .address =
                address_absolute(rq, address_comment(rq->arena, ed->lang, ed->slug, c->number)),
            .name = c->name,
            .time = fill_time(rq, c->created_s),
            .text = c->text,
        };
    }
    facts->said = list;
}

void fill_article_head(struct request *rq, const struct edition *ed, struct frame *f,
                       const struct thread *t, const struct comment_page *said)
{
    struct page_head *h = &f->head;
    struct view_person *people;
    const struct section *section = frame_section(f, ed->section);
    struct view_facts facts = {
        .address = h->canonical,
        .lang = ed->lang,
        .headline = ed->headline,
        .description = ed->standfirst,
        .section = section ? section->name : STR_NONE,
        .published = fill_time(rq, ed->published_s),
        .updated = fill_time(rq, ed->updated_s),
        .site_name = f->bar.site_name,
        .site_address = address_absolute(rq, f->bar.front_address),
        .n_people = ed->n_byline,
        .comments = t->placed,
    };
    (void)fill_byline(rq, ed->byline, ed->n_byline, &people);
    facts.people = people;
    h->og_type = STR("article");
    h->og_title = ed->headline;
    h->og_site_name = f->bar.site_name;
    h->og_published = facts.published;
    h->og_modified = facts.updated;
    if (ed->n_pictures > 0) {
        const struct picture *p = &ed->pictures[0];
        h->og_image = address_absolute(rq, picture_address(rq, p, p->width));
        h->og_image_width = p->width;
        h->og_image_height = p->height;
        h->og_image_alt = p->alt;
        facts.pictures = &h->og_image;
        facts.n_pictures = 1;
    }
    fill_said(rq, ed, said, &facts);
    h->json_ld = view_json_ld(rq->arena, &facts);
}
