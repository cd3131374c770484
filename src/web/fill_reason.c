/*
 * Reasons in words: those of the site's own list have their own, the others the catalogues'.
 */
#include "base/must.h"
#include "web/fill.h"

struct compiled_words {
    struct str key;
    enum message name, text;
};

static const struct compiled_words compiled[] = {
#define REASON(key, name, text, wants_note) {STR_INIT(key), T_##name, T_##text},
#include "model/reasons.def"
#undef REASON
};

/* NULL: it is not of the compiled list. */
static const struct compiled_words *compiled_of(struct str key)
{
    for (size_t i = 0; i < ARRAY_LEN(compiled); i++)
        if (str_eq(compiled[i].key, key))
            return &compiled[i];
    return NULL;
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
    const struct compiled_words *c = compiled_of(r->key);
    return r->name.n || !c ? r->name : i18n_text(rq->words, c->name);
}

struct str fill_reason_sentence(struct request *rq, const struct reason *r)
{
    const struct compiled_words *c = compiled_of(r->key);
    return r->text.n || !c ? r->text : i18n_text(rq->words, c->text);
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
        if (r->wants_note)
            text = arena_printf(rq->arena, STR_FMT " (" STR_FMT ")", STR_ARG(text),
                                STR_ARG(i18n_text(rq->words, T_REASON_NOTE)));
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
    const struct compiled_words *c = compiled_of(key);
    return !c || !str_eq(i18n_tag(words), lang) ? STR_NONE : i18n_text(words, c->text);
}
