#include "port/publish.h"

#include "config/file.h"
#include "db/db.h"
#include "store/statements.h"

/* All sizes of all new pictures wait in memory for the one write. */
#define ENCODED_BYTES_MAX (512 * MiB)

static bool section_is_in_batch(const struct publish *p, struct str key)
{
    for (size_t i = 0; i < p->n_files; i++)
        if (p->files[i].is_good && p->files[i].front.kind == FRONT_SECTION &&
            str_eq(p->files[i].front.key, key))
            return true;
    return false;
}

static bool check_section(const struct domain *d, struct tx *tx, struct publish *p,
                          const struct front *f, struct err *e)
{
    if (f->section.n == 0 || section_is_in_batch(p, f->section))
        return true;
    const struct section_find_in in = {d->site.id.v, f->section};
    struct section_find_out row;
    bool found;
    if (!sql_section_find(tx, &in, &row, &found, e))
        return false;
    if (!found)
        fault_add(&p->faults, f->where, front_line(f, "section"),
                  "section: there is no section \"" STR_FMT "\"; publish its file, too, or correct "
                  "the name",
                  STR_ARG(f->section));
    return true;
}

/* Whether this edition is stored with the same source. */
static bool compare_edition(const struct domain *d, struct tx *tx, struct publish_file *file,
                            struct err *e)
{
    const struct article_by_key_in by_key = {d->site.id.v, file->front.key};
    struct article_by_key_out article;
    bool found;
    if (!sql_article_by_key(tx, &by_key, &article, &found, e))
        return false;
    if (!found)
        return true;
    const struct edition_saved_in in = {d->site.id.v, article.id, file->front.lang};
    struct edition_saved_out row;
    if (!sql_edition_saved(tx, &in, &row, &found, e))
        return false;
    file->is_same =
        found && str_eq(row.source, (struct str){(const char *)file->source.b, HASH_BYTES});
    return true;
}

bool publish_compare(const struct domain *d, struct tx *tx, struct publish *p, struct err *e)
{
    for (size_t i = 0; i < p->n_files; i++) {
        struct publish_file *file = &p->files[i];
        if (!file->is_good || file->front.kind != FRONT_ARTICLE)
            continue;
        if (!check_section(d, tx, p, &file->front, e) || !compare_edition(d, tx, file, e))
            return false;
        for (size_t k = 0; !file->is_same && k < file->front.n_pictures; k++)
            if (file->pictures[k])
                file->pictures[k]->is_needed = true;
    }
    return true;
}

/* Makes one picture. The file is read again; when it changed meanwhile, that is a fault. */
static bool encode_one(struct publish *p, const char *worker, struct publish_picture *picture,
                       struct err *e)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str bytes, where = picture->named_by->where;
    if (!file_read(a, picture->real, PICTURE_SOURCE_BYTES_MAX, &bytes, e))
        return false;
    if (!hash_eq(hash_of(bytes), picture->source)) {
        fault_add(&p->faults, where, picture->line, "file: changed while it was read; try again");
        return true;
    }
    struct err own;
    if (!picture_make(p->arena, worker, bytes, &picture->made, &own))
        fault_add(&p->faults, where, picture->line, "file: %s", own.why);
    return true;
}

bool publish_encode(struct publish *p, struct err *e)
{
    const char *worker = NULL;
    size_t total = 0;
    for (size_t i = 0; i < p->n_pictures; i++) {
        struct publish_picture *picture = p->pictures[i];
        if (!picture->is_needed)
            continue;
        if (!worker && !picture_worker_find(p->arena, &worker, e))
            return false;
        if (!encode_one(p, worker, picture, e))
            return false;
        for (size_t k = 0; k < picture->made.n_sizes; k++)
            total += picture->made.sizes[k].bytes.n;
        if (total > ENCODED_BYTES_MAX) {
            fault_add(&p->faults, picture->named_by->where, picture->line,
                      "file: too many new pictures at once; publish folder by folder");
            return true;
        }
    }
    return true;
}

static bool store_section(const struct domain *d, struct tx *tx, struct publish_file *file,
                          struct err *e)
{
    const struct front *f = &file->front;
    const struct section section = {.key = f->key,
                                    .lang = f->lang,
                                    .slug = f->slug,
                                    .name = f->title,
                                    .about = f->about,
                                    .source = file->source};
    return section_save(d, tx, &section, &file->saved, e);
}

static bool store_standing(const struct domain *d, struct tx *tx, struct publish_file *file,
                           struct err *e)
{
    const struct front *f = &file->front;
    const struct standing page = {.key = f->key,
                                  .lang = f->lang,
                                  .slug = f->slug,
                                  .title = f->title,
                                  .body = f->body,
                                  .source = file->source};
    return standing_save(d, tx, &page, &file->saved, e);
}

static bool store_edition(const struct domain *d, struct tx *tx, struct publish_file *file,
                          struct err *e)
{
    const struct front *f = &file->front;
    struct picture *pictures = ARENA_ARRAY(tx_arena(tx), struct picture, f->n_pictures);
    for (size_t i = 0; i < f->n_pictures; i++) {
        const struct picture_made *made = &file->pictures[i]->made;
        if (!picture_save(d, tx, &made->picture, made->sizes, made->n_sizes, e))
            return false;
        pictures[i] = made->picture;
        pictures[i].caption = f->pictures[i].caption;
        pictures[i].credit = f->pictures[i].credit;
        pictures[i].alt = f->pictures[i].alt;
    }
    const struct edition edition = {
        .key = f->key,
        .lang = f->lang,
        .slug = f->slug,
        .headline = f->title,
        .standfirst = f->standfirst,
        .dateline = f->dateline,
        .section = f->section,
        .byline = f->byline,
        .n_byline = f->n_byline,
        .pictures = pictures,
        .n_pictures = f->n_pictures,
        .body = f->body,
        .published_s = f->published_s,
        .updated_s = f->updated_s,
        .source = file->source,
    };
    const struct conversation_wish wish = {f->has_mode, f->mode, f->closes_s};
    return edition_save(d, tx, &edition, &wish, &file->saved, e);
}

static bool store_one(const struct domain *d, struct tx *tx, struct publish_file *file,
                      struct err *e)
{
    switch (file->front.kind) {
    case FRONT_SECTION:
        return store_section(d, tx, file, e);
    case FRONT_STANDING:
        return store_standing(d, tx, file, e);
    case FRONT_ARTICLE:
        file->saved = SAVED_SAME;
        return file->is_same || store_edition(d, tx, file, e);
    }
    return true;
}

bool publish_store(const struct domain *d, struct tx *tx, struct publish *p, struct err *e)
{
    /* Sections first: articles name them. */
    static const enum front_kind order[] = {FRONT_SECTION, FRONT_STANDING, FRONT_ARTICLE};
    for (size_t k = 0; k < ARRAY_LEN(order); k++)
        for (size_t i = 0; i < p->n_files; i++) {
            struct publish_file *file = &p->files[i];
            if (file->front.kind != order[k])
                continue;
            if (!store_one(d, tx, file, e))
                return err_where(e, STR_FMT ":%zu", STR_ARG(file->shown),
                                 e->kind == ERR_CONFLICT ? front_line(&file->front, "slug") : 1);
        }
    return true;
}
