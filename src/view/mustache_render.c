#include "view/mustache.h"

#include "base/must.h"

/* A section that is being rendered: which item of how many, and where its end jumps back to. */
struct loop {
    struct mustache_value value;
    size_t i;
    bool has_context;
};

struct run {
    const struct mustache *t;
    const struct mustache_model *m;
    struct buf *out;
    const void *contexts[MUSTACHE_DEPTH + 1];
    size_t n_contexts;
    struct loop loops[MUSTACHE_DEPTH];
    size_t n_loops;
};

static bool value_is_true(const struct mustache_value *v)
{
    switch (v->kind) {
    case MUSTACHE_NOTHING:
        return false;
    case MUSTACHE_TRUE:
        return true;
    case MUSTACHE_TEXT:
        return v->text.n > 0;
    case MUSTACHE_NUMBER:
        return v->number != 0;
    case MUSTACHE_ITEMS:
        return v->n > 0;
    }
    return false;
}

static const void *loop_item(const struct run *r, const struct loop *l)
{
    if (l->value.item_bytes == 0)
        return r->m->item(r->m, l->value.items, l->i);
    return (const char *)l->value.items + l->i * l->value.item_bytes;
}

static void put_value(const struct run *r, const struct mustache_step *s)
{
    struct mustache_value v = r->m->get(r->m, r->contexts, r->n_contexts, s->ref);

    if (v.kind == MUSTACHE_NUMBER)
        buf_int(r->out, v.number);
    else if (v.kind == MUSTACHE_TEXT && s->ref->is_raw)
        buf_put(r->out, v.text);
    else if (v.kind == MUSTACHE_TEXT)
        r->m->escape(r->out, v.text);
}

/* Enters a section or skips it. Returns the next step. */
static size_t section_begin(struct run *r, const struct mustache_step *s, size_t at)
{
    struct mustache_value v = r->m->get(r->m, r->contexts, r->n_contexts, s->ref);
    bool is_inverted = s->kind == MUSTACHE_STEP_INVERTED;

    if (value_is_true(&v) == is_inverted)
        return s->jump;
    MUST(r->n_loops < MUSTACHE_DEPTH);
    struct loop *l = &r->loops[r->n_loops++];
    *l = (struct loop){.value = v, .has_context = !is_inverted && v.kind == MUSTACHE_ITEMS};
    if (l->has_context)
        r->contexts[r->n_contexts++] = loop_item(r, l);
    return at + 1;
}

/* At a section's end: the next item, or on. Returns the next step. */
static size_t section_end(struct run *r, const struct mustache_step *s, size_t at)
{
    struct loop *l = &r->loops[r->n_loops - 1];

    if (l->has_context && ++l->i < l->value.n) {
        r->contexts[r->n_contexts - 1] = loop_item(r, l);
        return s->jump + 1;
    }
    r->n_contexts -= l->has_context ? 1 : 0;
    r->n_loops--;
    return at + 1;
}

void mustache_render(const struct mustache *t, const struct mustache_model *m, const void *root,
                     struct buf *out)
{
    struct run r = {.t = t, .m = m, .out = out, .contexts = {root}, .n_contexts = 1};
    size_t at = 0;

    while (at < t->n_steps && buf_ok(out)) {
        const struct mustache_step *s = &t->steps[at];
        switch (s->kind) {
        case MUSTACHE_STEP_TEXT:
            buf_put(out, s->text);
            at++;
            break;
        case MUSTACHE_STEP_VALUE:
            put_value(&r, s);
            at++;
            break;
        case MUSTACHE_STEP_SECTION:
        case MUSTACHE_STEP_INVERTED:
            at = section_begin(&r, s, at);
            break;
        case MUSTACHE_STEP_END:
            at = section_end(&r, s, at);
            break;
        }
    }
}
