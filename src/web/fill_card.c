#include "web/address.h"
#include "web/fill.h"

static void fill_card(struct request *rq, const struct frame *f, const struct edition_card *c,
                      bool with_section, struct article_card *v)
{
    const struct section *section = with_section ? frame_section(f, c->section) : NULL;
    struct str address = address_article(rq->arena, c->lang, c->slug);
    *v = (struct article_card){
        .headline = c->headline,
        .address = address,
        .standfirst = c->standfirst,
        .byline = fill_byline(rq, c->byline, c->n_byline, NULL).text,
        .time = fill_time(rq, c->published_s),
        .time_text = fill_time_text(rq, c->published_s, I18N_DATE_TIME),
        .picture = c->lead ? fill_picture(rq, c->lead, false) : NULL,
    };
    if (section) {
        v->kicker = section->name;
        v->kicker_address = address_section(rq->arena, rq->lang, section->slug);
    }
    if (c->comments > 0) {
        v->comments_text = i18n_count(rq->arena, rq->words, T_COMMENT_COUNT, c->comments);
        v->comments_address = arena_printf(rq->arena, STR_FMT "#conversation", STR_ARG(address));
    }
    reply_tag(&rq->reply, tag_of_thread(c->article));
}

struct article_card *fill_cards(struct request *rq, const struct frame *f,
                                const struct edition_card *cards, size_t n, bool with_section)
{
    struct article_card *views = ARENA_ARRAY(rq->arena, struct article_card, n);
    for (size_t i = 0; i < n; i++)
        fill_card(rq, f, &cards[i], with_section, &views[i]);
    return views;
}
