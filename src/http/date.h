/* Dates as HTTP writes them (IMF-fixdate, RFC 9110, section 5.6.7). */
#pragma once

#include <stdint.h>

#define HTTP_DATE_CHARS 29

/* "Sun, 06 Nov 1994 08:49:37 GMT" with its NUL, of Unix seconds within the years 1970 to 9999. */
void http_date_print(int64_t unix_s, char ret_text[static HTTP_DATE_CHARS + 1]);
