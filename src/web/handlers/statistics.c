/*
 * Figures of the team's work.
 */
#include "domain/statistics.h"

#include <inttypes.h>

#include "web/fill.h"

#define DAY_S INT64_C(86400)

static const int64_t periods[] = {7, 30};

static int64_t days_asked(const struct request *rq)
{
    int64_t days;
    if (str_to_int64(rq->query.days, 1, STATISTICS_DAYS_MAX, &days))
        for (size_t i = 0; i < ARRAY_LEN(periods); i++)
            if (periods[i] == days)
                return days;
    return periods[0];
}

/* The site's midnight before so many days; where clocks change, that day's own. */
static struct statistics_period period_of(const struct request *rq, int64_t days)
{
    struct str zone = rq->web->o.domain->site.zone;
    int64_t now_s = rq->now_s;
    int64_t today = (now_s + i18n_zone_offset(rq->words, zone, now_s)) / DAY_S;
    struct statistics_period p = {.days = days, .first_day = today - days + 1};
    int64_t midnight_s = p.first_day * DAY_S;
    int64_t near_s = midnight_s - i18n_zone_offset(rq->words, zone, midnight_s);
    p.since_s = midnight_s - i18n_zone_offset(rq->words, zone, near_s);
    return p;
}

static void fill_periods(struct request *rq, int64_t days, struct statistics_page *p)
{
    struct order_link *links = ARENA_ARRAY(rq->arena, struct order_link, ARRAY_LEN(periods));
    for (size_t i = 0; i < ARRAY_LEN(periods); i++)
        links[i] = (struct order_link){
            .text = i18n_count(rq->arena, rq->words, T_STATISTICS_DAYS, periods[i]),
            .address = arena_printf(rq->arena, "/mod/statistics?days=%" PRId64, periods[i]),
            .is_current = periods[i] == days,
        };
    p->periods = links;
    p->n_periods = ARRAY_LEN(periods);
}

bool statistics_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct frame_want want = {.title = i18n_text(rq->words, T_STATISTICS),
                                    .is_noindex = true};
    struct statistics_period period = period_of(rq, days_asked(rq));
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct statistics_page *p = ARENA_NEW(rq->arena, struct statistics_page);
    struct statistics s;
    if (!frame_fill(rq, tx, &want, f, e) ||
        !statistics_get(rq->web->o.domain, tx, &rq->actor, period.since_s, &s, e))
        return false;
    frame_into(f, &p->head, &p->bar, &p->foot);
    p->moderator = f->moderator;
    fill_periods(rq, period.days, p);
    fill_statistics(rq, &period, &s, p);
    reply_template(&rq->reply, TEMPLATE_STATISTICS, p);
    return true;
}
