/*
 * Settings judged by what they are for: words of a set, languages, addresses, the zone. For load.c.
 */
#pragma once

#include "config/settings.h"

struct yaml_node;

struct settings_judged {
    const struct settings *settings;
    struct settings_report *report;       /* faults are added */
    struct str path;                      /* of the settings file */
    const struct yaml_node *const *nodes; /* a row's value in the file, or NULL */
};

/* Adds a fault for each value that cannot be used. */
void settings_check(const struct settings_judged *j);

/* "http://host", "https://host:8080": no path, no slash, no user. */
PURE bool settings_is_origin(struct str s);

/* "host:port", "[v6]:port", ":port" or "unix:/path". */
PURE bool settings_is_listen(struct str s);

/* An IPv4 or IPv6 address, or a network in CIDR notation. */
bool settings_is_network(struct str s);
