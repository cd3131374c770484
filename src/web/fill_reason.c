/*
 * Reasons in words: those of the site's own list have their own, the others the catalogues'.
 */
#include "base/must.h"
#include "web/fill.h"

static const struct {
    struct str key;
    enum message name, text;
} compiled[] = {
#define REASON(key, name, text, wants_note) {STR_INIT(key), T_##name, T_##text},
#include "model/reasons.def"
#undef REASON
};

/* T_NONE: it is not of the compiled list. */
static enum message compiled_name(struct str key)
{
    for (size_t i = 0; i < ARRAY_LEN(compiled); i++)
        if (str_eq(compiled[i].key, key))
            return compiled[i].name;
    return T_NONE;
}

static enum message compiled_text(struct str key)
{
    for (size_t i = 0; i < ARRAY_LEN(compiled); i++)
        if (str_eq(compiled[i].key, key))
            return compiled[i].text;
    return T_NONE;
}

bool reasons_open(struct request *rq, struct tx *tx, struct err *e)
{
    struct reason_list *list = ARENA_NEW(rq->arena, struct reason_list);
    if (!reason_list_get(rq->web->o.domain, tx, rq->lang, list, e))
        return false;
    rq->reasons = list;
    return true;
}

struct str fill_reason_name(struct request *rq, const struct reason *r)
{
    enum message name = compiled_name(r->key);
    return r->name.n || name == T_NONE ? r->name : i18n_text(rq->words, name);
}

struct str fill_reason_sentence(struct request *rq, const struct reason *r)
{
    enum message text = compiled_text(r->key);
    return r->text.n || text == T_NONE ? r->text : i18n_text(rq->words, text);
}

const struct reason_option *fill_reasons(struct request *rq, struct str selected, size_t *ret_n)
{
    MUST(rq->reasons);
    struct reason_option *views = ARENA_ARRAY(rq->arena, struct reason_option, rq->reasons->n);
    size_t n = 0;
    for (size_t i = 0; i < rq->reasons->n; i++) {
        const struct reason *r = &rq->reasons->items[i];
        if (!r->is_on)
            continue;
        struct str name = fill_reason_name(rq, r), text = fill_reason_sentence(rq, r);
        views[n++] = (struct reason_option){
            .value = r->key,
            .text = arena_printf(rq->arena, STR_FMT ": " STR_FMT, STR_ARG(name), STR_ARG(text)),
            .wants_note = r->wants_note,
            .is_selected = str_eq(r->key, selected),
        };
    }
    *ret_n = n;
    return views;
}

struct str fill_reason_told(struct request *rq, struct str key)
{
    MUST(rq->reasons);
    const struct reason *r = reason_of(rq->reasons, key);
    const struct reason gone = {.key = key}; /* the compiled list's, before the site had its own */
    return fill_reason_sentence(rq, r ? r : &gone);
}

struct str fill_reason_text(struct request *rq, struct str key)
{
    struct str told = fill_reason_told(rq, key);
    return told.n ? told : key;
}

struct str fill_reason_compiled(struct request *rq, struct str key, struct str lang)
{
    const struct i18n_lang *words = i18n_find(rq->web->o.i18n, lang);
    enum message text = compiled_text(key);
    return text == T_NONE || !str_eq(i18n_tag(words), lang) ? STR_NONE : i18n_text(words, text);
}
