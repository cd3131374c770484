/*
 * What is public of the ledger: its signed heads, for people and for machines.
 */
#include "domain/ledger_head.h"
#include "web/fill.h"

#define PAGE_HEADS 30
#define TEXT_HEADS 1000

static struct str page_path(struct request *rq, struct str lang)
{
    return arena_printf(rq->arena, "/" STR_FMT "/about/ledger", STR_ARG(lang));
}

static struct str hex(struct request *rq, const uint8_t *bytes, size_t n)
{
    struct buf b = buf_in(rq->arena, 2 * n);
    buf_hex(&b, bytes, n);
    return buf_str(&b);
}

bool ledger_lead(struct request *rq, UNUSED struct tx *tx, UNUSED struct err *e)
{
    reply_header(&rq->reply, STR("Vary"), STR("Accept-Language"));
    rq->reply.status = 302;
    reply_redirect(&rq->reply, page_path(rq, rq->lang));
    return true;
}

static void fill_heads(struct request *rq, const struct ledger_public *public,
                       struct ledger_page *p)
{
    struct ledger_line *heads = ARENA_ARRAY(rq->arena, struct ledger_line, public->n_heads);
    for (size_t i = 0; i < public->n_heads; i++) {
        const struct ledger_head *h = &public->heads[i];
        heads[i] = (struct ledger_line){
            .time = fill_time(rq, h->at_s),
            .time_text = fill_time_text(rq, h->at_s, I18N_DATE_TIME),
            .entries_text = i18n_count(rq->arena, rq->words, T_LEDGER_ENTRIES, h->seq),
            .hash = hex(rq, h->hash.b, sizeof h->hash.b),
            .signature = hex(rq, h->signature, sizeof h->signature),
        };
    }
    p->heads = heads;
    p->n_heads = public->n_heads;
    if (public->n_heads)
        p->key = hex(rq, public->heads[0].key.b, sizeof public->heads[0].key.b);
    else
        p->key = ledger_value(public->genesis.body, STR("key"));
}

bool ledger_show(struct request *rq, struct tx *tx, struct err *e)
{
    const struct site *site = &rq->web->o.domain->site;
    struct ledger_public public;
    struct frame *f = ARENA_NEW(rq->arena, struct frame);
    struct ledger_page *p = ARENA_NEW(rq->arena, struct ledger_page);
    struct lang_path *paths = ARENA_ARRAY(rq->arena, struct lang_path, site->n_languages);
    for (size_t i = 0; i < site->n_languages; i++)
        paths[i] = (struct lang_path){site->languages[i], page_path(rq, site->languages[i])};
    const struct frame_want want = {.title = i18n_text(rq->words, T_LEDGER_TITLE),
                                    .description = i18n_text(rq->words, T_LEDGER_ABOUT),
                                    .path = page_path(rq, rq->lang),
                                    .languages = paths,
                                    .n_languages = site->n_languages};
    if (!ledger_public_get(rq->web->o.domain, tx, PAGE_HEADS, &public, e) ||
        !frame_fill(rq, tx, &want, f, e))
        return false;
    p->head = &f->head;
    p->bar = &f->bar;
    p->foot = &f->foot;
    p->moderator = f->moderator;
    p->editions = frame_links(rq, paths, site->n_languages, rq->lang, &p->n_editions);
    p->text_address = STR("/ledger.txt");
    fill_heads(rq, &public, p);
    reply_tag(&rq->reply, TAG_LEDGER);
    reply_template(&rq->reply, TEMPLATE_LEDGER, p);
    return true;
}

bool ledger_text(struct request *rq, struct tx *tx, struct err *e)
{
    struct ledger_public public;
    if (!ledger_public_get(rq->web->o.domain, tx, TEXT_HEADS, &public, e))
        return false;
    struct buf b = buf_in(rq->arena, (public.n_heads + 3) * LEDGER_LINE_BYTES_MAX);
    buf_put(&b, STR("aitys ledger heads 1\n"));
    if (public.has_genesis)
        ledger_print_entry(&b, &public.genesis);
    for (size_t i = 0; i < public.n_heads; i++)
        ledger_print_head(&b, LEDGER_HEAD, &public.heads[i]);
    rq->reply.type = STR("text/plain; charset=utf-8");
    rq->reply.body = buf_str(&b);
    reply_tag(&rq->reply, TAG_LEDGER);
    return true;
}
