/*
 * Characters of noise: heads of a text have as many as were asked for, parts have no fewer than
 * the whole, and ICU counts the same where no Indic conjunct is involved (its rules are older).
 * With AITYS_PLANTED_FAULT a CR and an LF are believed to be two.
 */
#include <stdint.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include "base/must.h"
#include "text/count.h"
#include "text/utf8.h"

static bool has_conjuncts(struct str s)
{
    for (size_t at = 0; at < s.n;) {
        int32_t class =
            u_getIntPropertyValue((UChar32)utf8_next(s, &at), UCHAR_INDIC_SYLLABIC_CATEGORY);
        if (class == U_INSC_VIRAMA || class == U_INSC_INVISIBLE_STACKER)
            return true;
    }
    return false;
}

static size_t count_by_icu(struct str s)
{
    UErrorCode error = U_ZERO_ERROR;
    UText text = UTEXT_INITIALIZER;
    utext_openUTF8(&text, s.p, (int64_t)s.n, &error);
    UBreakIterator *iterator = ubrk_open(UBRK_CHARACTER, "en", NULL, 0, &error);
    ubrk_setUText(iterator, &text, &error);
    MUST(U_SUCCESS(error));
    size_t n = 0;
    while (ubrk_next(iterator) != UBRK_DONE)
        n++;
    ubrk_close(iterator);
    utext_close(&text);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str s = {(const char *)data, n};

    if (n == 0 || !utf8_is_valid(s))
        return 0;
    size_t all = count_chars(s);
    if (!has_conjuncts(s))
        MUST(all == count_by_icu(s));
    size_t half = all / 2;
    struct str head = count_head(s, half);
    MUST(count_chars(head) == half);
    MUST(count_chars(str_from(s, head.n)) == all - half);
    struct str cut = utf8_head(s, n / 2);
    MUST(count_chars(cut) + count_chars(str_from(s, cut.n)) >= all);
#ifdef AITYS_PLANTED_FAULT
    MUST(str_find(s, STR("\r\n")) < 0);
#endif
    return 0;
}
