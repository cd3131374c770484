#include "i18n/i18n.h"

#define HEADER_BYTES_MAX ((size_t)1024)
#define RANGES_MAX 32

/* "0", "0.8", "1.000" in thousandths; 0 when it is anything else. */
static int quality(struct str q)
{
    static const int weights[] = {100, 10, 1};
    if (q.n == 0 || q.n > 5 || (q.p[0] != '0' && q.p[0] != '1') || (q.n > 1 && q.p[1] != '.'))
        return 0;
    int value = q.p[0] == '1' ? 1000 : 0;
    for (size_t i = 2; i < q.n; i++) {
        if (q.p[i] < '0' || q.p[i] > '9')
            return 0;
        value += (q.p[i] - '0') * weights[i - 2];
    }
    return value > 1000 ? 0 : value;
}

/* One element of the header: its range, and how much it is wanted. */
static struct str range_of(struct str element, int *ret_quality)
{
    struct str range, parameter;

    *ret_quality = 1000;
    if (!str_cut(element, ';', &range, &parameter))
        return str_trim(element);
    parameter = str_trim(parameter);
    if (str_eq_nocase(str_head(parameter, 2), STR("q=")))
        *ret_quality = quality(str_from(parameter, 2));
    return str_trim(range);
}

/* Whether a is b, or b up to one of its hyphens. */
static bool is_within(struct str a, struct str b)
{
    return a.n > 0 && str_eq_nocase(a, str_head(b, a.n)) &&
           (a.n == b.n || (a.n < b.n && b.p[a.n] == '-'));
}

/* The nearest of the languages: the same, a wider one ("kk" for "kk-KZ"), a narrower one. */
static bool match(struct str range, const struct str *languages, size_t n, struct str *ret_language)
{
    int best = 0;

    for (size_t i = 0; i < n; i++) {
        int nearness = str_eq_nocase(range, languages[i]) ? 3
                       : is_within(languages[i], range)   ? 2
                       : is_within(range, languages[i])   ? 1
                                                          : 0;
        if (nearness > best) {
            best = nearness;
            *ret_language = languages[i];
        }
    }
    return best > 0;
}

struct str i18n_negotiate(struct str accept_language, const struct str *languages, size_t n,
                          struct str fallback)
{
    struct str rest = str_head(accept_language, HEADER_BYTES_MAX), element, best = fallback;
    int best_quality = 0;

    for (int i = 0; i < RANGES_MAX && str_next(&rest, ',', &element); i++) {
        int wanted;
        struct str language = fallback, range = range_of(element, &wanted);
        if (wanted <= best_quality)
            continue;
        if (!str_eq(range, STR("*")) && !match(range, languages, n, &language))
            continue;
        best = language;
        best_quality = wanted;
    }
    return best;
}
