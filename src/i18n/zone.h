/*
 * Time zones from the system's database (tzdata, RFC 8536): ICU has a copy of its own, but Debian
 * 12's is of 2022, when Almaty's clocks still stood an hour ahead. Zones are read once and kept.
 */
#pragma once

#include "base/str.h"

struct zones; /* those read so far; safe for many threads */

/* An empty list; its owner calls zones_free. */
struct zones *zones_new(void);
/* Takes the address, accepts NULL and clears it. */
void zones_free(struct zones **z);

/*
 * Seconds to add to UTC at a time. False: no such zone ("Asia/Almaty"); *ret_offset_s is 0 then.
 */
bool zone_offset(struct zones *z, struct str name, int64_t unix_s, int32_t *ret_offset_s);

/* One change of a zone's clocks. */
struct zone_change {
    int64_t at_s;     /* from here on */
    int32_t offset_s; /* seconds to add to UTC */
};

/*
 * Writes the changes that a POSIX TZ rule makes from one year to another (both included), in
 * order; room: for two a year. Returns their number; 0 also when the rule is none or unknown.
 * *ret_standard_s: the offset when there is no change.
 */
size_t zone_rule_expand(struct str rule, int64_t first_year, int64_t last_year,
                        struct zone_change *ret_changes, int32_t *ret_standard_s);
