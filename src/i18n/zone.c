#include "i18n/zone.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/must.h"
#include "text/time.h"

#define FOLDER "/usr/share/zoneinfo/"
#define NAME_BYTES_MAX 64
#define FILE_BYTES_MAX (64 * KiB)
#define LAST_YEAR 2100
#define RULE_CHANGES_MAX 512

struct zone {
    struct zone *next;
    char name[NAME_BYTES_MAX];
    int32_t first_s; /* the offset before the first change */
    size_t n;
    struct zone_change changes[];
};

/* A list that only grows at its head; those in it never change. */
struct zones {
    _Atomic(struct zone *) head;
};

struct zones *zones_new(void)
{
    struct zones *z = calloc(1, sizeof *z);
    MUST(z);
    return z;
}

void zones_free(struct zones **z)
{
    if (!*z)
        return;
    for (struct zone *zone = (*z)->head; zone;) {
        struct zone *gone = zone;
        zone = zone->next;
        free(gone);
    }
    free(*z);
    *z = NULL;
}

/* "Asia/Almaty": words of letters, digits, "_+-", so that no path leads out of the folder. */
static bool is_name(struct str name)
{
    if (name.n == 0 || name.n >= NAME_BYTES_MAX || name.p[0] == '/')
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '_' || c == '+' || c == '-';
        if (!word && !(c == '/' && name.p[i - 1] != '/'))
            return false;
    }
    return true;
}

/* A number of n bytes, high byte first, signed. */
static int64_t number(struct str s, size_t at, size_t n)
{
    uint64_t v = s.p[at] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | (unsigned char)s.p[at + i];
    return (int64_t)v;
}

/* The counts in a header of RFC 8536, section 3.1. */
struct header {
    size_t isut, isstd, leap, time, type, chars;
};

#define HEADER_BYTES ((size_t)44)

static bool read_header(struct str s, struct header *ret_h)
{
    size_t counts[6];

    if (s.n < HEADER_BYTES || !str_begins(s, STR("TZif")))
        return false;
    for (size_t i = 0; i < 6; i++) {
        int64_t n = number(s, 20 + 4 * i, 4);
        if (n < 0 || (size_t)n > FILE_BYTES_MAX)
            return false;
        counts[i] = (size_t)n;
    }
    *ret_h = (struct header){counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
    return true;
}

static size_t body_bytes(const struct header *h, size_t time_bytes)
{
    return h->time * (time_bytes + 1) + h->type * 6 + h->chars + h->leap * (time_bytes + 4) +
           h->isstd + h->isut;
}

static struct zone *zone_of(struct str name, const struct header *h, struct str body,
                            struct str rule)
{
    struct str types = str_from(body, h->time * 9);
    struct zone *z = calloc(1, sizeof *z + (h->time + RULE_CHANGES_MAX) * sizeof *z->changes);
    MUST(z);
    memcpy(z->name, name.p, name.n);
    z->first_s = (int32_t)number(types, 0, 4);
    for (size_t i = 0; i < h->time; i++) {
        size_t type = (unsigned char)body.p[h->time * 8 + i];
        if (type >= h->type) {
            free(z);
            return NULL;
        }
        z->changes[z->n++] =
            (struct zone_change){number(body, i * 8, 8), (int32_t)number(types, type * 6, 4)};
    }
    struct zone_change more[RULE_CHANGES_MAX];
    int64_t last = z->n ? z->changes[z->n - 1].at_s : 0;
    int64_t year = time_civil(last).year;
    int32_t standard = 0;
    size_t more_n = 0;
    if (year >= 1900 && year <= LAST_YEAR)
        more_n = zone_rule_expand(rule, year, LAST_YEAR, more, &standard);
    for (size_t i = 0; i < more_n; i++) {
        if (more[i].at_s > last)
            z->changes[z->n++] = more[i];
    }
    return z;
}

/* The second, 64-bit part of the file and the rule behind it. */
static struct zone *parse(struct str name, struct str file)
{
    struct header h;

    if (!read_header(file, &h) || file.p[4] < '2')
        return NULL;
    file = str_from(file, HEADER_BYTES + body_bytes(&h, 4));
    if (!read_header(file, &h) || h.type == 0)
        return NULL;
    struct str body = str_from(file, HEADER_BYTES);
    size_t n = body_bytes(&h, 8);
    if (!body.p || n + 2 > body.n)
        return NULL;
    return zone_of(name, &h, body, str_trim(str_from(body, n)));
}

static void close_file(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

/* NULL: there is no such zone. */
static struct zone *load(struct str name)
{
    char path[sizeof FOLDER + NAME_BYTES_MAX];
    char *bytes = malloc(FILE_BYTES_MAX);
    MUST(bytes);
    (void)snprintf(path, sizeof path, FOLDER STR_FMT, STR_ARG(name));
    ON_LEAVE(close_file) int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t n = 0;
    ssize_t got = 0;
    while (fd >= 0 && n < FILE_BYTES_MAX && (got = read(fd, bytes + n, FILE_BYTES_MAX - n)) > 0)
        n += (size_t)got;
    struct zone *z = fd >= 0 && got >= 0 ? parse(name, (struct str){bytes, n}) : NULL;
    free(bytes);
    return z;
}

static const struct zone *find_from(const struct zone *z, struct str name)
{
    for (; z; z = z->next) {
        if (str_eq(str_of(z->name), name))
            return z;
    }
    return NULL;
}

/* Two threads may read the same zone at once; then it stands in the list twice, harmlessly. */
static const struct zone *find(struct zones *zones, struct str name)
{
    struct zone *head = atomic_load_explicit(&zones->head, memory_order_acquire);
    const struct zone *known = find_from(head, name);
    if (known || !is_name(name))
        return known;
    struct zone *z = load(name);
    if (!z)
        return NULL;
    do
        z->next = head;
    while (!atomic_compare_exchange_weak_explicit(&zones->head, &head, z, memory_order_acq_rel,
                                                  memory_order_acquire));
    return z;
}

bool zone_offset(struct zones *zones, struct str name, int64_t unix_s, int32_t *ret_offset_s)
{
    const struct zone *z = find(zones, name);
    size_t from = 0;

    *ret_offset_s = 0;
    if (!z)
        return false;
    for (size_t to = z->n; from < to;) {
        size_t middle = from + (to - from) / 2;
        if (z->changes[middle].at_s <= unix_s)
            from = middle + 1;
        else
            to = middle;
    }
    *ret_offset_s = from ? z->changes[from - 1].offset_s : z->first_s;
    return true;
}
