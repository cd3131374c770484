#include "domain/ledger_check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

struct check {
    const struct ledger_source *source;
    const struct ledger_trust *trust;
    struct ledger_verdict *v;
    int64_t next;     /* number of the entry that must come */
    struct hash last; /* of the newest entry */
    struct hash genesis;
    struct ledger_key key; /* in force */
    int64_t head;          /* seq of the newest head; 0: none */
    size_t n_noted;        /* of the noted heads that were met */
    bool key_was_met;
    bool has_ended;
};

/* Steps end with this: go on, stop at a fault (which is told in the verdict), or stop unread. */
enum step { STEP_GOOD, STEP_FAULT, STEP_UNREAD };

PRINTF_LIKE(3, 4)
static enum step fault(struct check *c, int64_t line, const char *format, ...)
{
    va_list args;
    c->v->line = line;
    va_start(args, format);
    (void)vsnprintf(c->v->fault, sizeof c->v->fault, format, args);
    va_end(args);
    return STEP_FAULT;
}

static bool follows(struct hash previous, const struct ledger_entry *e)
{
    return hash_eq(ledger_hash(previous, e), e->hash);
}

/* ---- Naming what is wrong ------------------------------------------------------------------- */

/* What the rest of the ledger has of an entry that is missing here, and of one that stands here. */
struct rest {
    int64_t missing_line, again_line; /* 0: not found */
    bool has_missing, has_again;
};

static bool rest_read(struct check *c, int64_t again, struct rest *ret_rest, struct err *e)
{
    struct ledger_item item;
    struct rest r = {0};
    do {
        if (!c->source->next(c->source->context, &item, e))
            return false;
        if (item.what != LEDGER_ENTRY)
            continue;
        if (!r.has_missing && item.entry.seq == c->next && follows(c->last, &item.entry)) {
            r.has_missing = true;
            r.missing_line = item.line;
        } else if (!r.has_again && item.entry.seq == again) {
            r.has_again = true;
            r.again_line = item.line;
        }
    } while (item.what != LEDGER_NOTHING);
    *ret_rest = r;
    return true;
}

/* " (line 12)", or nothing for the database. */
static const char *line_text(char text[static 32], int64_t line)
{
    text[0] = 0;
    if (line > 0)
        (void)snprintf(text, 32, " (line %" PRId64 ")", line);
    return text;
}

/* Entries are missing, up to one. */
static enum step name_removed(struct check *c, int64_t line, int64_t last)
{
    if (last == c->next)
        return fault(c, line, "entry %" PRId64 " was removed", last);
    return fault(c, line, "entries %" PRId64 " to %" PRId64 " were removed", c->next, last);
}

/* An entry has another number than the one that must come. */
static enum step name_misplaced(struct check *c, const struct ledger_item *x, struct err *e)
{
    struct ledger_entry mended = x->entry;
    struct rest r;
    char where[32];
    int64_t seq = x->entry.seq, line = x->line;
    mended.seq = c->next;
    if (follows(c->last, &mended))
        return fault(c, line, "the number of entry %" PRId64 " was changed to %" PRId64, c->next,
                     seq);
    if (!rest_read(c, seq, &r, e))
        return STEP_UNREAD;
    if (seq < c->next)
        return fault(c, line,
                     "entry %" PRId64 " stands there a second time: it was inserted behind "
                     "entry %" PRId64,
                     seq, c->next - 1);
    if (!r.has_missing)
        return name_removed(c, line, seq - 1);
    if (r.has_again)
        return fault(c, line,
                     "an entry with the number %" PRId64 " was inserted before entry %" PRId64, seq,
                     c->next);
    return fault(c, line,
                 "the order was changed: entry %" PRId64 " stands before entry %" PRId64 "%s", seq,
                 c->next, line_text(where, r.missing_line));
}

/* An entry has the right number, but not the hash of its text behind the entry before. */
static enum step name_changed(struct check *c, const struct ledger_item *x, struct err *e)
{
    struct hash stored = x->entry.hash, computed = ledger_hash(c->last, &x->entry);
    int64_t line = x->line, seq = x->entry.seq;
    struct ledger_item y;
    if (!c->source->next(c->source->context, &y, e))
        return STEP_UNREAD;
    bool hash_was_changed =
        y.what == LEDGER_ENTRY
            ? y.entry.seq == seq + 1 && follows(computed, &y.entry)
            : (y.what == LEDGER_HEAD || y.what == LEDGER_END) && hash_eq(y.head.hash, computed);
    if (hash_was_changed)
        return fault(c, line, "the hash of entry %" PRId64 " was changed", seq);
    if (y.what == LEDGER_ENTRY && y.entry.seq == seq && follows(c->last, &y.entry))
        return fault(c, line, "an entry with the number %" PRId64 " was inserted before it", seq);
    if (y.what == LEDGER_ENTRY && y.entry.seq == seq + 1 && follows(stored, &y.entry))
        return fault(c, line, "entry %" PRId64 " was changed", seq);
    return fault(c, line,
                 "entry %" PRId64 " was changed: its hash is not that of its text behind "
                 "entry %" PRId64,
                 seq, seq - 1);
}

static enum step name_unreadable(struct check *c, const struct ledger_item *x, struct err *e)
{
    struct rest r;
    int64_t line = x->line;
    if (x->is_cut)
        return fault(c, line, "the file is cut off within this line, behind entry %" PRId64,
                     c->next - 1);
    if (!rest_read(c, -1, &r, e))
        return STEP_UNREAD;
    if (r.has_missing)
        return fault(c, line,
                     "what stands before entry %" PRId64
                     " was changed or inserted: it is no line of a ledger",
                     c->next);
    return fault(c, line,
                 "entry %" PRId64 ", or what follows it, was changed: it is no line of a ledger",
                 c->next);
}

/* ---- Entries -------------------------------------------------------------------------------- */

static void meet_key(struct check *c)
{
    if (c->trust->key && memcmp(c->trust->key->b, c->key.b, sizeof c->key.b) == 0)
        c->key_was_met = true;
}

static enum step check_genesis(struct check *c, const struct ledger_item *x)
{
    struct str key = ledger_value(x->entry.body, STR("key"));
    if (!str_eq(x->entry.kind, STR("genesis")) || !str_to_bytes(key, c->key.b, sizeof c->key.b))
        return fault(c, x->line, "entry 0 does not name the site and its key");
    c->genesis = x->entry.hash;
    meet_key(c);
    return STEP_GOOD;
}

static enum step check_next_key(struct check *c, const struct ledger_item *x)
{
    struct ledger_key next;
    uint8_t signature[LEDGER_SIGNATURE_BYTES];
    struct str body = x->entry.body;
    if (!str_to_bytes(ledger_value(body, STR("public")), next.b, sizeof next.b) ||
        !str_to_bytes(ledger_value(body, STR("signature")), signature, sizeof signature) ||
        !ledger_next_is_signed(&c->key, c->genesis, x->entry.seq, &next, signature))
        return fault(c, x->line, "entry %" PRId64 " names a key that the key before did not sign",
                     x->entry.seq);
    c->key = next;
    meet_key(c);
    return STEP_GOOD;
}

/* Heads noted earlier for this entry: there may be several. */
static enum step check_noted(struct check *c, int64_t line)
{
    const struct ledger_trust *t = c->trust;
    for (; c->n_noted < t->n_noted && t->noted[c->n_noted].seq == c->next - 1; c->n_noted++) {
        const struct ledger_head *noted = &t->noted[c->n_noted];
        if (!hash_eq(noted->hash, c->last))
            return fault(c, line,
                         "history was rewritten: entry %" PRId64
                         " is not the one whose signed head was noted",
                         noted->seq);
        if (memcmp(noted->key.b, c->key.b, sizeof c->key.b) != 0 ||
            !ledger_head_is_signed(LEDGER_HEAD, c->genesis, noted))
            return fault(c, line,
                         "the noted head of entry %" PRId64 " is not signed by this ledger's key",
                         noted->seq);
    }
    return STEP_GOOD;
}

static enum step check_entry(struct check *c, const struct ledger_item *x, struct err *e)
{
    if (x->entry.seq != c->next)
        return name_misplaced(c, x, e);
    struct hash hash = ledger_hash(c->last, &x->entry);
    if (!hash_eq(hash, x->entry.hash))
        return name_changed(c, x, e);
    enum step step = STEP_GOOD;
    if (x->entry.seq == 0)
        step = check_genesis(c, x);
    else if (str_eq(x->entry.kind, STR("genesis")))
        step = fault(c, x->line, "entry %" PRId64 " is a second beginning", x->entry.seq);
    else if (str_eq(x->entry.kind, STR("signing_key")))
        step = check_next_key(c, x);
    if (step != STEP_GOOD)
        return step;
    c->last = hash;
    c->v->entries = c->next++;
    c->v->last = hash;
    return check_noted(c, x->line);
}

/* ---- Heads ---------------------------------------------------------------------------------- */

static const char *head_name(enum ledger_what what)
{
    return what == LEDGER_END ? "end" : "head";
}

/* A head that its key signed, but that does not fit here. */
static enum step check_head_place(struct check *c, const struct ledger_item *x)
{
    const struct ledger_head *h = &x->head;
    const char *name = head_name(x->what);
    if (h->seq < c->next - 1)
        return fault(c, x->line, "the signed %s of entry %" PRId64 " stands behind entry %" PRId64,
                     name, h->seq, c->next - 1);
    if (h->seq > c->next - 1)
        return name_removed(c, x->line, h->seq);
    if (!hash_eq(h->hash, c->last))
        return fault(c, x->line,
                     "entries were rewritten, from %" PRId64 " to %" PRId64
                     " at the earliest: the signed %s names another hash",
                     c->head + 1, h->seq, name);
    if (x->what == LEDGER_HEAD && h->seq == c->head)
        return fault(c, x->line, "the signed head of entry %" PRId64 " stands there twice", h->seq);
    if (h->before > c->head)
        return fault(c, x->line, "the signed head of entry %" PRId64 " was removed", h->before);
    if (h->before < c->head)
        return fault(c, x->line, "a signed head was inserted behind entry %" PRId64, c->head);
    return STEP_GOOD;
}

static enum step check_head(struct check *c, const struct ledger_item *x)
{
    const struct ledger_head *h = &x->head;
    const char *name = head_name(x->what);
    if (c->next == 0)
        return fault(c, x->line, "entry 0 was removed");
    if (memcmp(h->key.b, c->key.b, sizeof c->key.b) != 0)
        return fault(c, x->line, "the %s of entry %" PRId64 " is signed by another key", name,
                     h->seq);
    if (!ledger_head_is_signed(x->what, c->genesis, h))
        return fault(c, x->line,
                     "the signature of the %s of entry %" PRId64 " is wrong: that line was changed",
                     name, h->seq);
    enum step step = check_head_place(c, x);
    if (step != STEP_GOOD)
        return step;
    c->has_ended = x->what == LEDGER_END;
    if (x->what == LEDGER_HEAD)
        c->v->heads++;
    c->v->covered = c->head = h->seq;
    return STEP_GOOD;
}

/* ---- The whole ------------------------------------------------------------------------------ */

static enum step check_end(struct check *c, int64_t line)
{
    const struct ledger_trust *t = c->trust;
    if (t->wants_end && c->next == 0)
        return fault(c, line, "entry 0 was removed, and all that followed it");
    if (t->wants_end && !c->has_ended)
        return fault(c, line,
                     "the ledger was cut off behind entry %" PRId64 ": its signed end is missing",
                     c->next - 1);
    if (c->n_noted < t->n_noted)
        return fault(c, line,
                     "the ledger ends with entry %" PRId64 ", but the signed head of entry %" PRId64
                     " was noted: it was cut off",
                     c->next - 1, t->noted[c->n_noted].seq);
    if (t->key && !c->key_was_met)
        return fault(c, line, "none of the keys that sign this ledger is the one given");
    return STEP_GOOD;
}

static enum step check_item(struct check *c, const struct ledger_item *x, struct err *e)
{
    if (c->has_ended && x->what != LEDGER_NOTHING)
        return fault(c, x->line, "something was added behind the signed end");
    switch (x->what) {
    case LEDGER_ENTRY:
        return check_entry(c, x, e);
    case LEDGER_HEAD:
    case LEDGER_END:
        return check_head(c, x);
    case LEDGER_UNREADABLE:
        return name_unreadable(c, x, e);
    case LEDGER_NOTHING:
        break;
    }
    return check_end(c, x->line);
}

bool ledger_check(const struct ledger_source *source, const struct ledger_trust *trust,
                  struct ledger_verdict *ret_verdict, struct err *e)
{
    struct ledger_verdict v = {0};
    struct check c = {.source = source, .trust = trust, .v = &v};
    struct ledger_item item;
    enum step step;
    do {
        step = source->next(source->context, &item, e) ? check_item(&c, &item, e) : STEP_UNREAD;
    } while (step == STEP_GOOD && item.what != LEDGER_NOTHING);
    if (step == STEP_UNREAD)
        return false;
    v.is_good = step == STEP_GOOD;
    v.key = c.key;
    *ret_verdict = v;
    return true;
}
