#include "i18n/zone.h"
#include "text/time.h"

/*
 * The rule at the end of a zone's file, for times after the last listed change (POSIX TZ with the
 * extensions of RFC 8536, section 3.3.1): "<+05>-5", "CET-1CEST,M3.5.0,M10.5.0/3".
 */
struct day_rule {
    char kind; /* M: month, week, weekday; J: day without 29 February; 0: day from 0 */
    int month, week, day;
    int64_t clock_s; /* local time of the change */
};

struct rule {
    int32_t standard_s, summer_s;
    bool has_summer;
    struct day_rule begin, end;
};

static bool take(struct str *s, char c)
{
    if (s->n == 0 || s->p[0] != c)
        return false;
    *s = str_from(*s, 1);
    return true;
}

/* A number of at most three digits. */
static bool take_number(struct str *s, int *ret_n)
{
    size_t i = 0;
    int n = 0;
    for (; i < s->n && i < 3 && s->p[i] >= '0' && s->p[i] <= '9'; i++)
        n = n * 10 + (s->p[i] - '0');
    if (i == 0)
        return false;
    *s = str_from(*s, i);
    *ret_n = n;
    return true;
}

/* "EST" or "<+05>" */
static bool take_name(struct str *s)
{
    size_t n = 0;
    if (take(s, '<')) {
        ptrdiff_t end = str_find_char(*s, '>');
        *s = str_from(*s, end < 0 ? s->n : (size_t)end + 1);
        return end > 0;
    }
    while (n < s->n && ((s->p[n] >= 'A' && s->p[n] <= 'Z') || (s->p[n] >= 'a' && s->p[n] <= 'z')))
        n++;
    *s = str_from(*s, n);
    return n >= 3;
}

/* "[+-]hh[:mm[:ss]]" */
static bool take_clock(struct str *s, int64_t *ret_s)
{
    int sign = take(s, '-') ? -1 : 1, hours, minutes = 0, seconds = 0;

    if (sign > 0)
        (void)take(s, '+');
    if (!take_number(s, &hours) || (take(s, ':') && !take_number(s, &minutes)) ||
        (take(s, ':') && !take_number(s, &seconds)))
        return false;
    *ret_s = sign * ((int64_t)hours * 3600 + minutes * 60 + seconds);
    return true;
}

static bool take_day(struct str *s, struct day_rule *ret_day)
{
    struct day_rule d = {.clock_s = 2 * 3600};

    if (take(s, 'M')) {
        d.kind = 'M';
        if (!take_number(s, &d.month) || !take(s, '.') || !take_number(s, &d.week) ||
            !take(s, '.') || !take_number(s, &d.day) || d.month < 1 || d.month > 12 || d.week < 1 ||
            d.week > 5 || d.day > 6)
            return false;
    } else {
        d.kind = take(s, 'J') ? 'J' : '\0';
        if (!take_number(s, &d.day))
            return false;
    }
    if (take(s, '/') && !take_clock(s, &d.clock_s))
        return false;
    *ret_day = d;
    return true;
}

static bool parse(struct str s, struct rule *ret_rule)
{
    struct rule r = {0};
    int64_t offset;

    if (!take_name(&s) || !take_clock(&s, &offset))
        return false;
    r.standard_s = (int32_t)-offset; /* POSIX counts west of Greenwich */
    r.summer_s = r.standard_s + 3600;
    if (s.n > 0) {
        if (!take_name(&s))
            return false;
        if (s.n > 0 && s.p[0] != ',') {
            if (!take_clock(&s, &offset))
                return false;
            r.summer_s = (int32_t)-offset;
        }
        if (!take(&s, ',') || !take_day(&s, &r.begin) || !take(&s, ',') || !take_day(&s, &r.end) ||
            s.n > 0)
            return false;
        r.has_summer = true;
    }
    *ret_rule = r;
    return true;
}

/* The local midnight of the rule's day in a year, as if it were UTC. */
static int64_t day_in(const struct day_rule *d, int64_t year)
{
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    if (d->kind == 'J')
        return time_of_civil(year, 1, 1) + (int64_t)(d->day - 1 + (leap && d->day >= 60)) * 86400;
    if (d->kind == '\0')
        return time_of_civil(year, 1, 1) + (int64_t)d->day * 86400;
    int64_t first = time_of_civil(year, d->month, 1);
    int64_t next =
        d->month == 12 ? time_of_civil(year + 1, 1, 1) : time_of_civil(year, d->month + 1, 1);
    int ahead = (d->day - time_civil(first).weekday + 7) % 7;
    int64_t day = first + (int64_t)(ahead + (d->week - 1) * 7) * 86400;
    return day < next ? day : day - 7 * 86400;
}

size_t zone_rule_expand(struct str rule, int64_t first_year, int64_t last_year,
                        struct zone_change *ret_changes, int32_t *ret_standard_s)
{
    struct rule r;
    size_t n = 0;

    if (!parse(rule, &r))
        return 0;
    *ret_standard_s = r.standard_s;
    for (int64_t year = first_year; r.has_summer && year <= last_year; year++) {
        struct zone_change begin = {day_in(&r.begin, year) + r.begin.clock_s - r.standard_s,
                                    r.summer_s};
        struct zone_change end = {day_in(&r.end, year) + r.end.clock_s - r.summer_s, r.standard_s};
        bool north = begin.at_s < end.at_s;
        ret_changes[n++] = north ? begin : end;
        ret_changes[n++] = north ? end : begin;
    }
    return n;
}
