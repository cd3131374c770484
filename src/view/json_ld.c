#include "view/parts.h"

#define JSON_LD_BYTES (1 * MiB)

/* "name":"value" behind a comma, unless the value is empty. */
static void member(struct buf *b, const char *name, struct str value)
{
    if (value.n == 0)
        return;
    buf_printf(b, ",\"%s\":\"", name);
    escape_json(b, value);
    buf_char(b, '"');
}

static void put_people(struct buf *b, const struct view_facts *f)
{
    buf_put(b, STR(",\"author\":["));
    for (size_t i = 0; i < f->n_people; i++) {
        const struct view_person *p = &f->people[i];
        buf_put(b, i ? STR(",") : STR_NONE);
        buf_put(b,
                p->is_agency ? STR("{\"@type\":\"Organization\"") : STR("{\"@type\":\"Person\""));
        member(b, "name", p->name);
        member(b, "url", p->absolute);
        buf_char(b, '}');
    }
    buf_char(b, ']');
}

static void put_pictures(struct buf *b, const struct view_facts *f)
{
    buf_put(b, STR(",\"image\":["));
    for (size_t i = 0; i < f->n_pictures; i++) {
        buf_put(b, i ? STR(",\"") : STR("\""));
        escape_json(b, f->pictures[i]);
        buf_char(b, '"');
    }
    buf_char(b, ']');
}

static void put_said(struct buf *b, const struct view_facts *f)
{
    buf_put(b, STR(",\"comment\":["));
    for (size_t i = 0; i < f->n_said; i++) {
        const struct view_said *c = &f->said[i];
        buf_put(b, i ? STR(",") : STR_NONE);
        buf_put(b, STR("{\"@type\":\"Comment\""));
        member(b, "url", c->address);
        member(b, "dateCreated", c->time);
        member(b, "text", c->text);
        buf_put(b, STR(",\"author\":{\"@type\":\"Person\""));
        member(b, "name", c->name);
        buf_put(b, STR("}}"));
    }
    buf_char(b, ']');
}

struct html view_json_ld(struct arena *a, const struct view_facts *f)
{
    struct buf b = buf_in(a, JSON_LD_BYTES);

    buf_put(&b, STR("{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\""));
    member(&b, "@id", f->address);
    member(&b, "url", f->address);
    member(&b, "mainEntityOfPage", f->address);
    member(&b, "inLanguage", f->lang);
    member(&b, "headline", f->headline);
    member(&b, "description", f->description);
    member(&b, "articleSection", f->section);
    member(&b, "datePublished", f->published);
    member(&b, "dateModified", f->updated.n ? f->updated : f->published);
    if (f->n_pictures)
        put_pictures(&b, f);
    if (f->n_people)
        put_people(&b, f);
    buf_put(&b, STR(",\"publisher\":{\"@type\":\"NewsMediaOrganization\""));
    member(&b, "name", f->site_name);
    member(&b, "url", f->site_address);
    buf_char(&b, '}');
    if (f->comments >= 0) {
        buf_put(&b, STR(",\"commentCount\":"));
        buf_int(&b, f->comments);
    }
    if (f->n_said)
        put_said(&b, f);
    buf_char(&b, '}');
    return (struct html){buf_ok(&b) ? buf_str(&b) : STR("{}")};
}
