#include "http/date.h"

#include <stdio.h>
#include <time.h>

#include "base/must.h"

void http_date_print(int64_t unix_s, char ret_text[static HTTP_DATE_CHARS + 1])
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t t = (time_t)unix_s;
    struct tm tm;
    MUST(gmtime_r(&t, &tm));
    int n = snprintf(ret_text, HTTP_DATE_CHARS + 1, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                     days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
                     tm.tm_min, tm.tm_sec);
    MUST(n == HTTP_DATE_CHARS);
}
