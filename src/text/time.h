/*
 * Times as written: RFC 3339 and the formats of HTTP and feeds. UTC inside, always.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

/*
 * Parses RFC 3339 ("2026-03-02T09:30:00+05:00", seconds may be missing, a zone may not).
 * False when it is anything else, or a date that does not exist, or before 1970.
 */
MUST_USE bool time_parse(struct str s, int64_t *ret_unix_s);

/* "2026-03-02T04:30:00Z" */
struct str time_print(struct arena *a, int64_t unix_s);

/* IMF-fixdate (RFC 9110, section 5.6.7): "Mon, 02 Mar 2026 04:30:00 GMT" */
struct str time_print_http(struct arena *a, int64_t unix_s);

/* A moment as clocks and calendars show it (Gregorian, no leap seconds). */
struct time_civil {
    int64_t year;
    int month;   /* 1 to 12 */
    int day;     /* 1 to 31 */
    int hour;    /* 0 to 23 */
    int minute;  /* 0 to 59 */
    int second;  /* 0 to 59 */
    int weekday; /* 0 Sunday to 6 Saturday */
};

/* For a local clock, add the zone's offset before. */
struct time_civil time_civil(int64_t unix_s);

/* Midnight, UTC, at the start of a day. month: 1 to 12; day: 1 to the month's last. */
int64_t time_of_civil(int64_t year, int month, int day);
