#include "text/time.h"

#include "base/must.h"

#define DAY_S ((int64_t)86400)

/* Days from 1970-01-01 to a date of the Gregorian calendar; the year begins in March inside. */
static int64_t days_of(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct time_civil time_civil(int64_t unix_s)
{
    int64_t days = unix_s / DAY_S, rest = unix_s % DAY_S;
    if (rest < 0) {
        rest += DAY_S;
        days--;
    }
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    int64_t weekday = (days + 4) % 7;

    return (struct time_civil){
        .year = year + era * 400 + (month >= 10),
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .day = (int)(of_year - (153 * month + 2) / 5 + 1),
        .hour = (int)(rest / 3600),
        .minute = (int)(rest / 60 % 60),
        .second = (int)(rest % 60),
        .weekday = (int)(weekday < 0 ? weekday + 7 : weekday),
    };
}

int64_t time_of_civil(int64_t year, int month, int day)
{
    return days_of(year, month, day) * DAY_S;
}

/* Exactly n digits at the front of *s, which moves behind them. */
static bool take_digits(struct str *s, size_t n, int min, int max, int *ret_value)
{
    int value = 0;
    if (s->n < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (s->p[i] < '0' || s->p[i] > '9')
            return false;
        value = value * 10 + (s->p[i] - '0');
    }
    if (value < min || value > max)
        return false;
    *s = str_from(*s, n);
    *ret_value = value;
    return true;
}

/* One character of `any` at the front of *s. */
static bool take_char(struct str *s, const char *any, char *ret_c)
{
    if (s->n == 0 || s->p[0] == '\0' || !strchr(any, s->p[0]))
        return false;
    *ret_c = s->p[0];
    *s = str_from(*s, 1);
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static bool parse_date(struct str *s, int64_t *ret_s)
{
    int year, month, day;
    char c;

    if (!take_digits(s, 4, 0, 9999, &year) || !take_char(s, "-", &c) ||
        !take_digits(s, 2, 1, 12, &month) || !take_char(s, "-", &c) ||
        !take_digits(s, 2, 1, days_in_month(year, month), &day))
        return false;
    *ret_s = time_of_civil(year, month, day);
    return true;
}

static bool parse_clock(struct str *s, int64_t *ret_s, bool *ret_leap)
{
    int hour, minute, second = 0;
    char c;

    if (!take_digits(s, 2, 0, 23, &hour) || !take_char(s, ":", &c) ||
        !take_digits(s, 2, 0, 59, &minute))
        return false;
    if (take_char(s, ":", &c)) {
        if (!take_digits(s, 2, 0, 60, &second))
            return false;
        if (take_char(s, ".", &c)) {
            int digit;
            if (!take_digits(s, 1, 0, 9, &digit))
                return false;
            while (take_digits(s, 1, 0, 9, &digit)) /* fractions are dropped */
                ;
        }
    }
    *ret_s = hour * 3600 + minute * 60 + second;
    *ret_leap = second == 60;
    return true;
}

static bool parse_zone(struct str *s, int64_t *ret_offset_s)
{
    int hour, minute;
    char sign, c;

    if (take_char(s, "Zz", &c)) {
        *ret_offset_s = 0;
        return true;
    }
    if (!take_char(s, "+-", &sign) || !take_digits(s, 2, 0, 23, &hour) || !take_char(s, ":", &c) ||
        !take_digits(s, 2, 0, 59, &minute))
        return false;
    *ret_offset_s = (hour * 3600 + minute * 60) * (sign == '-' ? -1 : 1);
    return true;
}

bool time_parse(struct str s, int64_t *ret_unix_s)
{
    int64_t date, clock, offset;
    bool leap;
    char c;

    if (!parse_date(&s, &date) || !take_char(&s, "Tt", &c) || !parse_clock(&s, &clock, &leap) ||
        !parse_zone(&s, &offset) || s.n != 0)
        return false;
    int64_t unix_s = date + clock - offset;
    /* A leap second ends a day of UTC and has no number of its own: it is the next day's first. */
    if (unix_s < 0 || (leap && unix_s % DAY_S != 0))
        return false;
    *ret_unix_s = unix_s;
    return true;
}

struct str time_print(struct arena *a, int64_t unix_s)
{
    struct time_civil t = time_civil(unix_s);
    return arena_printf(a, "%04lld-%02d-%02dT%02d:%02d:%02dZ", (long long)t.year, t.month, t.day,
                        t.hour, t.minute, t.second);
}

struct str time_print_http(struct arena *a, int64_t unix_s)
{
    static const char weekdays[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct time_civil t = time_civil(unix_s);
    return arena_printf(a, "%s, %02d %s %04lld %02d:%02d:%02d GMT", weekdays[t.weekday], t.day,
                        months[t.month - 1], (long long)t.year, t.hour, t.minute, t.second);
}
