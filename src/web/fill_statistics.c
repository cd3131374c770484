#include "domain/statistics.h"
#include "text/language.h"
#include "text/time.h"
#include "view/chart.h"
#include "web/fill.h"

#define CHARTS 5
#define DAY_S INT64_C(86400)
#define HOURS 24
#define DAYS_MAX STATISTICS_DAYS_MAX

/* What a page's figures are made from, and where the next chart goes. */
struct figures {
    struct request *rq;
    const struct statistics_period *period;
    const struct statistics *s;
    struct chart_view *charts;
    size_t n;
};

static struct str number(const struct figures *f, int64_t n)
{
    return i18n_number(f->rq->arena, f->rq->words, n);
}

static struct str text(const struct figures *f, enum message m)
{
    return i18n_text(f->rq->words, m);
}

static struct str fill_one(const struct figures *f, enum message m, struct str first)
{
    return i18n_fill(f->rq->arena, f->rq->words, m, first, STR_NONE);
}

/* "1,000 or more" beyond what is counted. */
static struct str counted(const struct figures *f, int64_t n, bool is_exact)
{
    return is_exact ? number(f, n) : fill_one(f, T_STATISTICS_AT_LEAST, number(f, n));
}

/* Of whoever decided nothing there is none. */
static struct str share(const struct figures *f, const struct statistics_work *w)
{
    if (w->published + w->removed == 0)
        return STR("–");
    return fill_one(f, T_STATISTICS_PERCENT, number(f, statistics_percent(w)));
}

/* "40 min", "2 h 5 min", "3 d 4 h". */
static struct str span(const struct figures *f, int64_t s)
{
    int64_t minutes = (s + 30) / 60, hours = minutes / 60;
    if (hours == 0)
        return fill_one(f, T_STATISTICS_MINUTES, number(f, minutes));
    if (hours < 48)
        return i18n_fill(f->rq->arena, f->rq->words, T_STATISTICS_HOURS, number(f, hours),
                         number(f, minutes % 60));
    return i18n_fill(f->rq->arena, f->rq->words, T_STATISTICS_LONG, number(f, hours / 24),
                     number(f, hours % 24));
}

/* ---- A table with its chart ----------------------------------------------------------------- */

static struct chart_view *chart_new(struct figures *f, struct str key, enum message title,
                                    struct str about)
{
    struct chart_view *v = &f->charts[f->n++];
    *v = (struct chart_view){.key = key, .title = text(f, title), .about = about};
    return v;
}

static const struct chart_cell *cells_of(const struct figures *f, const struct str *texts, size_t n)
{
    struct chart_cell *cells = ARENA_ARRAY(f->rq->arena, struct chart_cell, n);
    for (size_t i = 0; i < n; i++)
        cells[i].text = texts[i];
    return cells;
}

static void columns_set(const struct figures *f, struct chart_view *v, const enum message *heads,
                        size_t n)
{
    struct chart_cell *cells = ARENA_ARRAY(f->rq->arena, struct chart_cell, n);
    for (size_t i = 0; i < n; i++)
        cells[i].text = text(f, heads[i]);
    v->columns = cells;
    v->n_columns = n;
}
#define COLUMNS(f, v, ...)                                                                         \
    columns_set(f, v, (const enum message[]){__VA_ARGS__},                                         \
                sizeof((const enum message[]){__VA_ARGS__}) / sizeof(enum message))

static struct chart_row *rows_new(const struct figures *f, struct chart_view *v, size_t n)
{
    struct chart_row *rows = ARENA_ARRAY(f->rq->arena, struct chart_row, n);
    v->rows = rows;
    v->n_rows = n;
    return rows;
}
#define ROW(f, row, label_, ...)                                                                   \
    do {                                                                                           \
        const struct str texts_[] = {__VA_ARGS__};                                                 \
        *(row) =                                                                                   \
            (struct chart_row){label_, cells_of(f, texts_, ARRAY_LEN(texts_)), ARRAY_LEN(texts_)}; \
    } while (0)

static void legend_set(const struct figures *f, struct chart_view *v, enum message first,
                       enum message second)
{
    struct chart_key *keys = ARENA_ARRAY(f->rq->arena, struct chart_key, VIEW_CHART_SERIES);
    keys[0] = (struct chart_key){STR("s0"), text(f, first)};
    keys[1] = (struct chart_key){STR("s1"), text(f, second)};
    v->legend = keys;
    v->n_legend = VIEW_CHART_SERIES;
}

static void bars_draw(const struct figures *f, struct chart_view *v, const struct view_bar *bars,
                      size_t n)
{
    size_t n_series = v->n_legend ? VIEW_CHART_SERIES : 1;
    struct view_chart c = {
        .key = v->key,
        .title = v->title,
        .about = v->about,
        .bars = bars,
        .n = n,
        .n_series = n_series,
        .most = number(f, view_chart_most(bars, n, n_series)),
        .is_rtl = language_direction(f->rq->lang) == DIRECTION_RTL,
    };
    v->svg = view_chart(f->rq->arena, &c);
}

/* ---- The charts ----------------------------------------------------------------------------- */

/* "≤ 6 h" under a bar; ">" for the last. */
static struct str age_mark(const struct figures *f, const struct statistics_age *age)
{
    int64_t until_s = age->below_s ? age->below_s : age->from_s;
    bool in_days = until_s > DAY_S;
    struct str span_text = fill_one(f, in_days ? T_STATISTICS_DAY_MARK : T_STATISTICS_HOUR_MARK,
                                    number(f, until_s / (in_days ? DAY_S : 3600)));
    return arena_printf(f->rq->arena, "%s " STR_FMT, age->below_s ? "≤" : ">", STR_ARG(span_text));
}

static void fill_ages(struct figures *f)
{
    static const enum message names[STATISTICS_AGES] = {
        T_STATISTICS_AGE_HOUR, T_STATISTICS_AGE_HOURS, T_STATISTICS_AGE_TODAY,
        T_STATISTICS_AGE_WEEK, T_STATISTICS_AGE_OLDER};
    struct chart_view *v =
        chart_new(f, STR("ages"), T_STATISTICS_BY_AGE, text(f, T_STATISTICS_BY_AGE_ABOUT));
    struct chart_row *rows = rows_new(f, v, STATISTICS_AGES);
    struct view_bar bars[STATISTICS_AGES];
    COLUMNS(f, v, T_STATISTICS_AGE, T_STATISTICS_COMMENTS);
    for (size_t i = 0; i < STATISTICS_AGES; i++) {
        const struct statistics_age *age = &f->s->ages[i];
        bool is_exact = age->n <= STATISTICS_COUNT_MAX;
        int64_t n = is_exact ? age->n : STATISTICS_COUNT_MAX;
        ROW(f, &rows[i], text(f, names[i]), counted(f, n, is_exact));
        bars[i] = (struct view_bar){age_mark(f, age), {n}};
    }
    bars_draw(f, v, bars, STATISTICS_AGES);
}

/* What quarters of an hour add up to on the site's clock. */
struct folded {
    struct statistics_slot days[DAYS_MAX], hours[HOURS];
};

static void slot_add(struct statistics_slot *to, const struct statistics_slot *slot)
{
    to->arrived += slot->arrived;
    to->work.published += slot->work.published;
    to->work.removed += slot->work.removed;
    to->work.undone += slot->work.undone;
}

static void fold(const struct figures *f, struct folded *ret)
{
    const struct statistics *s = f->s;
    struct str zone = f->rq->web->o.domain->site.zone;
    *ret = (struct folded){0};
    for (size_t i = 0; i < s->n_slots; i++) {
        int64_t at_s = s->slots_s + (int64_t)i * STATISTICS_SLOT_S;
        int64_t local_s = at_s + i18n_zone_offset(f->rq->words, zone, at_s);
        int64_t day = local_s / DAY_S - f->period->first_day;
        slot_add(&ret->hours[local_s % DAY_S / 3600], &s->slots[i]);
        if (day >= 0 && day < f->period->days)
            slot_add(&ret->days[day], &s->slots[i]);
    }
}

static void fill_days(struct figures *f, const struct folded *folded)
{
    struct chart_view *v =
        chart_new(f, STR("days"), T_STATISTICS_BY_DAY, text(f, T_STATISTICS_BY_DAY_ABOUT));
    size_t n = (size_t)f->period->days, every = n > 10 ? 5 : 1;
    struct chart_row *rows = rows_new(f, v, n);
    struct view_bar bars[DAYS_MAX];
    COLUMNS(f, v, T_STATISTICS_DAY, T_STATISTICS_PUBLISHED, T_STATISTICS_REMOVED,
            T_STATISTICS_UNDONE);
    legend_set(f, v, T_STATISTICS_PUBLISHED, T_STATISTICS_REMOVED);
    for (size_t i = 0; i < n; i++) {
        const struct statistics_work *w = &folded->days[i].work;
        int64_t midnight_s = (f->period->first_day + (int64_t)i) * DAY_S;
        struct str date = i18n_date(f->rq->arena, f->rq->words, midnight_s, STR("UTC"), I18N_DATE);
        ROW(f, &rows[i], date, number(f, w->published), number(f, w->removed),
            number(f, w->undone));
        bars[i] = (struct view_bar){(n - 1 - i) % every == 0 ? number(f, time_civil(midnight_s).day)
                                                             : STR_NONE,
                                    {w->published, w->removed}};
    }
    bars_draw(f, v, bars, n);
}

static void fill_hours(struct figures *f, const struct folded *folded)
{
    struct str zone = f->rq->web->o.domain->site.zone;
    struct chart_view *v = chart_new(f, STR("hours"), T_STATISTICS_BY_HOUR,
                                     fill_one(f, T_STATISTICS_BY_HOUR_ABOUT, zone));
    struct chart_row *rows = rows_new(f, v, HOURS);
    struct view_bar bars[HOURS];
    COLUMNS(f, v, T_STATISTICS_HOUR, T_STATISTICS_ARRIVED, T_STATISTICS_DECIDED);
    legend_set(f, v, T_STATISTICS_ARRIVED, T_STATISTICS_DECIDED);
    for (size_t i = 0; i < HOURS; i++) {
        const struct statistics_slot *slot = &folded->hours[i];
        int64_t decided = slot->work.published + slot->work.removed;
        struct str clock =
            i18n_date(f->rq->arena, f->rq->words, (int64_t)i * 3600, STR("UTC"), I18N_TIME);
        ROW(f, &rows[i], clock, number(f, slot->arrived), number(f, decided));
        bars[i] = (struct view_bar){i % 6 == 0 ? number(f, (int64_t)i) : STR_NONE,
                                    {slot->arrived, decided}};
    }
    bars_draw(f, v, bars, HOURS);
}

static void fill_members(struct figures *f)
{
    bool sees_all = f->rq->actor.role >= ROLE_SENIOR;
    struct chart_view *v = chart_new(f, STR("members"), T_STATISTICS_BY_MEMBER,
                                     sees_all ? STR_NONE : text(f, T_STATISTICS_BY_MEMBER_OWN));
    struct chart_row *rows = rows_new(f, v, f->s->n_members);
    COLUMNS(f, v, T_STATISTICS_WHO, T_STATISTICS_PUBLISHED, T_STATISTICS_REMOVED, T_STATISTICS_RATE,
            T_STATISTICS_UNDONE);
    for (size_t i = 0; i < f->s->n_members; i++) {
        const struct statistics_work *w = &f->s->members[i].work;
        ROW(f, &rows[i], f->s->members[i].name, number(f, w->published), number(f, w->removed),
            share(f, w), number(f, w->undone));
    }
}

static void fill_rules(struct figures *f)
{
    struct chart_view *v =
        chart_new(f, STR("rules"), T_STATISTICS_BY_RULE, text(f, T_STATISTICS_BY_RULE_ABOUT));
    struct chart_row *rows = rows_new(f, v, f->s->n_rules);
    COLUMNS(f, v, T_STATISTICS_RULE, T_STATISTICS_MET, T_STATISTICS_PUBLISHED, T_STATISTICS_REMOVED,
            T_STATISTICS_NOBODY);
    for (size_t i = 0; i < f->s->n_rules; i++) {
        const struct statistics_rule *r = &f->s->rules[i];
        ROW(f, &rows[i], fill_rule_text(f->rq, r->rule), number(f, r->met), number(f, r->good),
            number(f, r->bad), number(f, r->met - r->good - r->bad));
    }
}

/* ---- The page ------------------------------------------------------------------------------- */

static void fill_facts(const struct figures *f, struct statistics_page *p)
{
    const struct statistics *s = f->s;
    struct fact_line *facts = ARENA_ARRAY(f->rq->arena, struct fact_line, 5);
    size_t n = 0;
    facts[n++] = (struct fact_line){text(f, T_STATISTICS_WAITING),
                                    counted(f, s->held, s->held_is_exact), STR("/mod")};
    if (s->oldest_s)
        facts[n++] =
            (struct fact_line){text(f, T_STATISTICS_OLDEST),
                               fill_time_text(f->rq, s->oldest_s, I18N_DATE_TIME), STR_NONE};
    facts[n++] = (struct fact_line){text(f, T_STATISTICS_DECIDED),
                                    number(f, s->work.published + s->work.removed), STR_NONE};
    if (s->timed)
        facts[n++] =
            (struct fact_line){text(f, T_STATISTICS_MEDIAN), span(f, s->median_s), STR_NONE};
    if (s->work.published + s->work.removed)
        facts[n++] = (struct fact_line){text(f, T_STATISTICS_RATE), share(f, &s->work), STR_NONE};
    p->facts = facts;
    p->n_facts = n;
}

void fill_statistics(struct request *rq, const struct statistics_period *period,
                     const struct statistics *s, struct statistics_page *p)
{
    struct figures f = {.rq = rq, .period = period, .s = s};
    struct folded *folded = ARENA_NEW(rq->arena, struct folded);
    f.charts = ARENA_ARRAY(rq->arena, struct chart_view, CHARTS);
    fold(&f, folded);
    fill_facts(&f, p);
    fill_ages(&f);
    fill_days(&f, folded);
    fill_hours(&f, folded);
    fill_members(&f);
    fill_rules(&f);
    p->charts = f.charts;
    p->n_charts = f.n;
    if (!s->is_whole)
        p->whole_text =
            i18n_fill(rq->arena, rq->words, T_STATISTICS_CUT, number(&f, STATISTICS_WINDOW),
                      fill_time_text(rq, s->since_s, I18N_DATE_TIME));
}
