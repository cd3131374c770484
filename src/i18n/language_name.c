#include <unicode/uldnames.h>

#include "i18n/i18n.h"
#include "text/utf16.h"

struct name {
    struct str tag, name;
};

/* As a publication writes them in its links; ICU's own have no capital and leave out "тілі". */
static const struct name names[] = {
    {STR_INIT("en"), STR_INIT("English")},      {STR_INIT("ru"), STR_INIT("Русский")},
    {STR_INIT("kk"), STR_INIT("Қазақ тілі")},   {STR_INIT("kk-Latn"), STR_INIT("Qazaq tılı")},
    {STR_INIT("uz"), STR_INIT("Oʻzbekcha")},    {STR_INIT("uz-Latn"), STR_INIT("Oʻzbekcha")},
    {STR_INIT("uz-Cyrl"), STR_INIT("Ўзбекча")}, {STR_INIT("ky"), STR_INIT("Кыргызча")},
    {STR_INIT("tg"), STR_INIT("Тоҷикӣ")},       {STR_INIT("tk"), STR_INIT("Türkmençe")},
    {STR_INIT("ar"), STR_INIT("العربية")},      {STR_INIT("ug"), STR_INIT("ئۇيغۇرچە")},
    {STR_INIT("fa"), STR_INIT("فارسی")},        {STR_INIT("tr"), STR_INIT("Türkçe")},
    {STR_INIT("az"), STR_INIT("Azərbaycanca")}, {STR_INIT("tt"), STR_INIT("Татарча")},
    {STR_INIT("mn"), STR_INIT("Монгол")},       {STR_INIT("uk"), STR_INIT("Українська")},
    {STR_INIT("be"), STR_INIT("Беларуская")},   {STR_INIT("ka"), STR_INIT("ქართული")},
    {STR_INIT("hy"), STR_INIT("Հայերեն")},      {STR_INIT("de"), STR_INIT("Deutsch")},
    {STR_INIT("fr"), STR_INIT("Français")},     {STR_INIT("es"), STR_INIT("Español")},
    {STR_INIT("pl"), STR_INIT("Polski")},       {STR_INIT("zh"), STR_INIT("中文")},
};

static void close_names(ULocaleDisplayNames **n)
{
    if (*n)
        uldn_close(*n);
}

struct str i18n_language_name(struct arena *a, struct str tag)
{
    static UDisplayContext contexts[] = {UDISPCTX_CAPITALIZATION_FOR_UI_LIST_OR_MENU};
    UErrorCode error = U_ZERO_ERROR;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_eq_nocase(tag, names[i].tag))
            return names[i].name;
    }
    if (!language_is_tag(tag))
        return tag;
    const char *locale = arena_cstr(a, tag);
    ON_LEAVE(close_names)
    ULocaleDisplayNames *n = uldn_openForContext(locale, contexts, ARRAY_LEN(contexts), &error);
    if (U_FAILURE(error))
        return tag;
    struct utf16 name = utf16_room(a, 200);
    name.n = uldn_localeDisplayName(n, locale, name.p, name.n + 1, &error);
    return U_FAILURE(error) || name.n == 0 ? tag : utf16_to_str(a, name);
}
