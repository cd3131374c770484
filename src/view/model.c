#include "view/model.h"

enum message_kind { MESSAGE_PLAIN, MESSAGE_COUNT, MESSAGE_FILL };

static const struct {
    const char *name;
    enum message_kind kind;
} messages[] = {
    {"NONE", MESSAGE_FILL},
#define MESSAGE(name, kind, english) {#name, MESSAGE_##kind},
#include "model/messages.def"
#undef MESSAGE
};

_Static_assert(ARRAY_LEN(messages) == MESSAGES, "a message's place in the table is its number");

static bool unknown(const struct mustache_ref *ref, const char *why, struct err *e)
{
    return err_set(e, ERR_INVALID, 0, "%s: " STR_FMT, why, STR_ARG(ref->name));
}

/* "t.NAME": the message's number goes into ref->up. */
static bool resolve_message(struct mustache_ref *ref, struct str name, struct err *e)
{
    for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
        if (!str_eq_nocase(str_of(messages[i].name), name))
            continue;
        if (messages[i].kind != MESSAGE_PLAIN)
            return unknown(ref, "the message needs arguments", e);
        if (ref->is_section)
            return unknown(ref, "a message is no section", e);
        ref->up = (uint32_t)i;
        return true;
    }
    return unknown(ref, "there is no message", e);
}

/* Whether the member that a name leads to may be used so. */
static bool check_use(const struct mustache_model *m, const struct bind_member *member,
                      struct mustache_ref *ref, struct err *e)
{
    const struct model_parse *parse = m->user;

    ref->is_raw = member->kind == BIND_HTML;
    ref->item = ref->is_section && member->item ? member->item : NULL;
    if (ref->is_section)
        return true;
    if (member->item || member->kind == BIND_FLAG || member->kind == BIND_COUNT)
        return unknown(ref, "this can only be a section", e);
    if (ref->is_raw && parse->is_xml)
        return unknown(ref, "markup cannot go into XML", e);
    return true;
}

bool model_resolve(const struct mustache_model *m, const void *const *types, size_t n_types,
                   struct mustache_ref *ref, struct err *e)
{
    const struct bind_member *member = NULL;
    struct str rest = ref->name;
    struct str part = STR_NONE;

    (void)str_next(&rest, '.', &part);
    if (str_eq(part, STR("t")) && rest.n > 0)
        return resolve_message(ref, rest, e);
    for (size_t i = n_types; i > 0 && !member; i--) {
        member = bind_member_find(types[i - 1], part);
        ref->up = (uint32_t)(n_types - i);
    }
    if (!member)
        return unknown(ref, "unknown name", e);
    ref->path[ref->n_path++] = member;
    while (str_next(&rest, '.', &part)) {
        if (member->kind != BIND_ONE || ref->n_path == MUSTACHE_PATH)
            return unknown(ref, "there is nothing behind this dot", e);
        member = bind_member_find(member->item, part);
        if (!member)
            return unknown(ref, "unknown name", e);
        ref->path[ref->n_path++] = member;
    }
    return check_use(m, member, ref, e);
}

static struct mustache_value value_of(const struct bind_member *member, const char *at)
{
    const void *items = NULL;
    size_t n = 1;

    switch (member->kind) {
    case BIND_TEXT:
        return (struct mustache_value){.kind = MUSTACHE_TEXT, .text = *(const struct str *)at};
    case BIND_HTML:
        return (struct mustache_value){.kind = MUSTACHE_TEXT, .text = ((const struct html *)at)->s};
    case BIND_NUMBER:
        return (struct mustache_value){.kind = MUSTACHE_NUMBER, .number = *(const int64_t *)at};
    case BIND_FLAG:
        return (struct mustache_value){.kind =
                                           *(const bool *)at ? MUSTACHE_TRUE : MUSTACHE_NOTHING};
    case BIND_COUNT:
        return (struct mustache_value){.kind =
                                           *(const size_t *)at ? MUSTACHE_TRUE : MUSTACHE_NOTHING};
    case BIND_LIST:
        memcpy(&n, at - member->offset + member->offset_n, sizeof n);
        break;
    case BIND_ONE:
        break;
    }
    memcpy(&items, at, sizeof items);
    return (struct mustache_value){.kind = MUSTACHE_ITEMS,
                                   .items = items,
                                   .n = items ? n : 0,
                                   .item_bytes = member->item->bytes};
}

struct mustache_value model_get(const struct mustache_model *m, const void *const *contexts,
                                size_t n_contexts, const struct mustache_ref *ref)
{
    if (ref->n_path == 0)
        return (struct mustache_value){.kind = MUSTACHE_TEXT,
                                       .text = i18n_text(m->user, (enum message)ref->up)};
    const char *at = contexts[n_contexts - 1 - ref->up];
    for (uint32_t i = 0; i + 1 < ref->n_path; i++) {
        const struct bind_member *one = ref->path[i];
        const void *inner = NULL;
        memcpy(&inner, at + one->offset, sizeof inner);
        if (!inner)
            return (struct mustache_value){.kind = MUSTACHE_NOTHING};
        at = inner;
    }
    const struct bind_member *last = ref->path[ref->n_path - 1];
    return value_of(last, at + last->offset);
}
