#include "port/comments.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>

#include "text/count.h"
#include "text/language.h"
#include "text/time.h"
#include "text/utf8.h"

#define FORMAT "aitys-comments/1"

/* What is being read, and where in it: for the faults. */
struct import_reading {
    struct arena *arena;
    struct str where;
    struct faults *faults;
    struct str article;
    size_t index; /* of the comment in its conversation, from 1; 0: none yet */
};

PRINTF_LIKE(2, 3) static void wrong(const struct import_reading *r, const char *format, ...)
{
    char what[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    if (r->index > 0)
        fault_add(r->faults, r->where, 0, "article " STR_FMT ", comment no. %zu: %s",
                  STR_ARG(fault_quote(r->arena, r->article)), r->index, what);
    else
        fault_add(r->faults, r->where, 0, "%s", what);
}

/* Only known keys; a misspelt one must not be passed over. */
static void check_keys(const struct import_reading *r, json_t *object, const char *const *known,
                       size_t n)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        size_t i = 0;
        while (i < n && strcmp(known[i], key) != 0)
            i++;
        if (i == n)
            wrong(r, "\"" STR_FMT "\": there is no such field; remove it",
                  STR_ARG(fault_quote(r->arena, str_of(key))));
    }
}

static bool get_text(const struct import_reading *r, const json_t *object, const char *key,
                     struct str *ret_text)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value)) {
        wrong(r, "\"%s\" is missing or no text", key);
        return false;
    }
    *ret_text =
        arena_copy(r->arena, (struct str){json_string_value(value), json_string_length(value)});
    return true;
}

/* A whole number; null counts as 0 where may_be_null. */
static void get_number(const struct import_reading *r, const json_t *object, const char *key,
                       bool may_be_null, int64_t *ret_n)
{
    const json_t *value = json_object_get(object, key);
    if (may_be_null && (!value || json_is_null(value)))
        return;
    if (json_is_integer(value) && json_integer_value(value) >= 1 &&
        json_integer_value(value) <= COMMENT_NUMBER_MAX)
        *ret_n = json_integer_value(value);
    else
        wrong(r, "\"%s\" is missing or no number from 1 to %" PRId64, key, COMMENT_NUMBER_MAX);
}

static void get_state(const struct import_reading *r, struct str name,
                      enum comment_state *ret_state)
{
    static const char *const states[] = {
        [COMMENT_HELD] = "held", [COMMENT_PUBLISHED] = "published", [COMMENT_REJECTED] = "rejected",
        [COMMENT_SPAM] = "spam", [COMMENT_WITHDRAWN] = "withdrawn",
    };
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        if (str_eq(name, str_of(states[i]))) {
            *ret_state = (enum comment_state)i;
            return;
        }
    wrong(r,
          "state \"" STR_FMT "\" is not known; write held, published, rejected, spam or withdrawn",
          STR_ARG(fault_quote(r->arena, name)));
}

/* The same limits as a reader's form, so that what comes in can be shown and edited. */
static void check_words(const struct import_reading *r, const struct comment_import *c)
{
    bool is_withdrawn = c->state == COMMENT_WITHDRAWN;
    if (!utf8_is_text(c->name, false) || !utf8_is_text(c->text, true))
        wrong(r, "the name or the text has control characters in it; remove them");
    else if (!is_withdrawn && (str_trim(c->name).n == 0 || str_trim(c->text).n == 0))
        wrong(r, "the name or the text is empty; only withdrawn comments may have none");
    else if (count_chars(c->name) > NAME_CHARS_MAX)
        wrong(r, "the name has %zu characters; at most %d are possible", count_chars(c->name),
              NAME_CHARS_MAX);
    else if (count_chars(c->text) > COMMENT_CHARS_MAX)
        wrong(r, "the text has %zu characters; at most %d are possible", count_chars(c->text),
              COMMENT_CHARS_MAX);
}

static void read_comment(const struct import_reading *r, json_t *object, struct comment_import *c)
{
    static const char *const keys[] = {"number", "reply_to", "name", "lang", "text", "at", "state"};
    struct str at, state;
    if (!json_is_object(object)) {
        wrong(r, "is no object; write {\"number\": …}");
        return;
    }
    check_keys(r, object, keys, ARRAY_LEN(keys));
    get_number(r, object, "number", false, &c->number);
    get_number(r, object, "reply_to", true, &c->reply_to);
    if (get_text(r, object, "state", &state))
        get_state(r, state, &c->state);
    if (get_text(r, object, "name", &c->name) && get_text(r, object, "text", &c->text))
        check_words(r, c);
    if (get_text(r, object, "lang", &c->lang) && !language_is_tag(c->lang))
        wrong(r, "lang \"" STR_FMT "\" is not a language tag",
              STR_ARG(fault_quote(r->arena, c->lang)));
    if (get_text(r, object, "at", &at) && !time_parse(at, &c->at_s))
        wrong(r, "at \"" STR_FMT "\" is not a time; write one like 2026-03-02T09:30:00Z",
              STR_ARG(fault_quote(r->arena, at)));
}

static void read_conversation(struct import_reading *r, json_t *object, struct comment_imports *k)
{
    static const char *const keys[] = {"article", "comments"};
    const json_t *comments = json_object_get(object, "comments");
    if (!json_is_object(object) || !json_is_array(comments)) {
        wrong(r, "a conversation has no list \"comments\"");
        return;
    }
    check_keys(r, object, keys, ARRAY_LEN(keys));
    if (!get_text(r, object, "article", &k->article_key))
        return;
    r->article = k->article_key;
    k->n = json_array_size(comments);
    struct comment_import *all = ARENA_ARRAY(r->arena, struct comment_import, k->n);
    for (size_t i = 0; i < k->n; i++) {
        r->index = i + 1;
        read_comment(r, json_array_get(comments, i), &all[i]);
    }
    r->index = 0;
    k->comments = all;
}

static void read_root(struct import_reading *r, json_t *root, struct comments_file *file)
{
    static const char *const keys[] = {"format", "conversations"};
    const char *format = json_string_value(json_object_get(root, "format"));
    const json_t *conversations = json_object_get(root, "conversations");
    if (!format || strcmp(format, FORMAT) != 0) {
        wrong(r, "is not of the format " FORMAT);
        return;
    }
    if (!json_is_array(conversations)) {
        wrong(r, "\"conversations\" is missing or no list");
        return;
    }
    check_keys(r, root, keys, ARRAY_LEN(keys));
    file->n = json_array_size(conversations);
    file->conversations = ARENA_ARRAY(r->arena, struct comment_imports, file->n);
    for (size_t i = 0; i < file->n; i++)
        read_conversation(r, json_array_get(conversations, i), &file->conversations[i]);
}

bool comments_read(struct str bytes, struct str where, struct faults *faults,
                   struct comments_file *ret_file)
{
    size_t n_before = faults->n + faults->n_untold;
    struct import_reading r = {.arena = faults->arena, .where = where, .faults = faults};
    json_error_t error;
    json_t *root = json_loadb(bytes.p, bytes.n, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        fault_add(faults, where, error.line > 0 ? (size_t)error.line : 0,
                  "cannot be read as JSON: %s", error.text);
        return false;
    }
    *ret_file = (struct comments_file){0};
    read_root(&r, root, ret_file);
    json_decref(root);
    return faults->n + faults->n_untold == n_before;
}

bool comments_store(const struct domain *d, struct tx *tx, const struct comments_file *file,
                    size_t *ret_added, struct err *e)
{
    size_t all = 0;
    for (size_t i = 0; i < file->n; i++) {
        const struct comment_imports *k = &file->conversations[i];
        size_t added;
        if (!comment_import_all(d, tx, k, &added, e))
            return err_where(e, "article " STR_FMT, STR_ARG(k->article_key));
        all += added;
    }
    *ret_added = all;
    return true;
}
