/*
 * What is typed into the console or stands in its addresses, from noise: codes of six digits, and
 * filters of the queue. With AITYS_PLANTED_FAULT a filter is believed to be printed as it was
 * written, which must be found.
 */
#include <stdint.h>

#include "base/must.h"
#include "domain/queue.h"
#include "domain/totp.h"

/* A code is taken when it is that of a step near now, but for spaces, and in no other case. */
static void check_code(struct str typed, int64_t now)
{
    const struct totp_secret secret = {.b = "1234567890123456789"};
    char plain[TOTP_DIGITS + 1] = {0}, code[TOTP_DIGITS + 1];
    size_t n = 0;
    int64_t step = -1;
    bool is_one = false;
    for (size_t i = 0; i < typed.n; i++) {
        if (typed.p[i] == ' ')
            continue;
        if (n < TOTP_DIGITS)
            plain[n] = typed.p[i];
        n++;
    }
    for (int64_t s = now - TOTP_DRIFT; s <= now + TOTP_DRIFT; s++) {
        totp_code(&secret, s, code);
        is_one |= n == TOTP_DIGITS && memcmp(code, plain, sizeof code) == 0;
    }
    MUST(totp_find(&secret, typed, now * TOTP_STEP_S, 0, &step) == is_one);
    MUST(is_one ? step >= now - TOTP_DRIFT && step <= now + TOTP_DRIFT : step == -1);
}

/* What is read can be written, and reads the same. */
static void check_filter(struct arena *a, struct str text)
{
    struct queue_filter filter, again;
    if (!queue_filter_parse(a, text, &filter))
        return;
    MUST(text.n <= QUEUE_FILTER_BYTES && (unsigned)filter.which < QUEUE_WHICH_N);
    struct str printed = queue_filter_print(a, &filter);
#ifdef AITYS_PLANTED_FAULT
    MUST(str_eq(printed, text));
#endif
    if (printed.n > QUEUE_FILTER_BYTES)
        return;
    MUST(queue_filter_parse(a, printed, &again));
    MUST(str_eq(queue_filter_print(a, &again), printed));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    if (n == 0)
        return 0;
    struct str text = {(const char *)data + 1, n - 1};
    check_code(text, 2 + data[0]);
    check_filter(a, text);
    return 0;
}
