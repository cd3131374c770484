#include "domain/ledger_text.h"

#include <sodium.h>

#include "base/must.h"

#define SIGNED_BYTES_MAX 400

/* A buf over memory of the caller's. */
#define BUF_OVER(array)                                                                            \
    ((struct buf){.p = (array), .capacity = sizeof(array), .max = sizeof(array)})

/* ---- Entries -------------------------------------------------------------------------------- */

static void put_numbers(struct buf *b, const struct ledger_entry *e)
{
    buf_int(b, e->seq);
    buf_char(b, ' ');
    buf_int(b, e->at_s);
    buf_char(b, ' ');
    buf_int(b, e->moderator);
    buf_char(b, ' ');
}

/* "HASH SEQ AT MODERATOR KIND BODY\n": with its own hash a line, with the previous one's what is
 * hashed. */
static void put_entry(struct buf *b, struct hash hash, const struct ledger_entry *e)
{
    buf_hex(b, hash.b, sizeof hash.b);
    buf_char(b, ' ');
    put_numbers(b, e);
    buf_put(b, e->kind);
    if (e->body.n > 0) {
        buf_char(b, ' ');
        buf_put(b, e->body);
    }
    buf_char(b, '\n');
}

struct hash ledger_hash(struct hash previous, const struct ledger_entry *e)
{
    char text[LEDGER_LINE_BYTES_MAX];
    struct buf b = BUF_OVER(text);
    put_entry(&b, previous, e);
    MUST(buf_ok(&b));
    return hash_of(buf_str(&b));
}

void ledger_print_entry(struct buf *b, const struct ledger_entry *e)
{
    put_entry(b, e->hash, e);
}

bool ledger_kind_is_known(struct str kind)
{
    static const struct str kinds[] = {
#define LEDGER_KIND(name, about) STR_INIT(#name),
#include "model/ledger.def"
#undef LEDGER_KIND
    };
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (str_eq(kinds[i], kind))
            return true;
    return false;
}

static bool is_key_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool pair_is_good(struct str part)
{
    struct str key, value;
    if (!str_cut(part, '=', &key, &value) || key.n == 0 || value.n == 0)
        return false;
    for (size_t i = 0; i < key.n; i++)
        if (!is_key_char(key.p[i]))
            return false;
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] <= ' ' || value.p[i] > '~')
            return false;
    return true;
}

bool ledger_body_is_good(struct str body)
{
    struct str rest = body, part;
    if (body.n > LEDGER_BODY_BYTES_MAX)
        return false;
    while (rest.n > 0 && str_next(&rest, ' ', &part))
        if (!pair_is_good(part))
            return false;
    return body.n == 0 || body.p[body.n - 1] != ' ';
}

struct str ledger_value(struct str body, struct str key)
{
    struct str rest = body, part, name, value;
    while (rest.n > 0 && str_next(&rest, ' ', &part))
        if (str_cut(part, '=', &name, &value) && str_eq(name, key))
            return value;
    return STR_NONE;
}

/* The next word of a line. */
static bool take_word(struct str *rest, struct str *ret_word)
{
    return rest->n > 0 && str_next(rest, ' ', ret_word);
}

static bool take_number(struct str *rest, int64_t *ret_n)
{
    struct str word;
    return take_word(rest, &word) && str_to_int64(word, 0, INT64_MAX, ret_n);
}

static bool take_bytes(struct str *rest, uint8_t *ret_bytes, size_t n)
{
    struct str word;
    return take_word(rest, &word) && str_to_bytes(word, ret_bytes, n);
}

/* Whether printing gave the line back, to the byte. */
static bool is_printed(const struct buf *b, struct str line)
{
    struct str text = buf_str(b);
    return buf_ok(b) && text.n == line.n + 1 && str_eq(str_head(text, line.n), line);
}

bool ledger_parse_entry(struct str line, struct ledger_entry *ret_entry)
{
    struct str rest = line;
    struct ledger_entry e = {0};
    char text[LEDGER_LINE_BYTES_MAX];
    struct buf b = BUF_OVER(text);
    if (!take_bytes(&rest, e.hash.b, sizeof e.hash.b) || !take_number(&rest, &e.seq) ||
        !take_number(&rest, &e.at_s) || !take_number(&rest, &e.moderator) ||
        !take_word(&rest, &e.kind))
        return false;
    e.body = rest;
    if (!ledger_kind_is_known(e.kind) || !ledger_body_is_good(e.body))
        return false;
    ledger_print_entry(&b, &e);
    if (!is_printed(&b, line))
        return false;
    *ret_entry = e;
    return true;
}

/* ---- Heads ---------------------------------------------------------------------------------- */

static struct str what_word(enum ledger_what what)
{
    return what == LEDGER_HEAD ? STR("head") : STR("end");
}

/* "SEQ AT HASH BEFORE" */
static void put_head(struct buf *b, const struct ledger_head *h)
{
    buf_int(b, h->seq);
    buf_char(b, ' ');
    buf_int(b, h->at_s);
    buf_char(b, ' ');
    buf_hex(b, h->hash.b, sizeof h->hash.b);
    buf_char(b, ' ');
    buf_int(b, h->before);
}

void ledger_print_head(struct buf *b, enum ledger_what what, const struct ledger_head *h)
{
    buf_put(b, what_word(what));
    buf_char(b, ' ');
    put_head(b, h);
    buf_char(b, ' ');
    buf_hex(b, h->key.b, sizeof h->key.b);
    buf_char(b, ' ');
    buf_hex(b, h->signature, sizeof h->signature);
    buf_char(b, '\n');
}

bool ledger_parse_head(struct str line, enum ledger_what *ret_what, struct ledger_head *ret_head)
{
    struct str rest = line, word;
    struct ledger_head h = {0};
    char text[LEDGER_LINE_BYTES_MAX];
    struct buf b = BUF_OVER(text);
    if (!take_word(&rest, &word) || !take_number(&rest, &h.seq) || !take_number(&rest, &h.at_s) ||
        !take_bytes(&rest, h.hash.b, sizeof h.hash.b) || !take_number(&rest, &h.before) ||
        !take_bytes(&rest, h.key.b, sizeof h.key.b) ||
        !take_bytes(&rest, h.signature, sizeof h.signature))
        return false;
    enum ledger_what what = str_eq(word, what_word(LEDGER_END)) ? LEDGER_END : LEDGER_HEAD;
    ledger_print_head(&b, what, &h);
    if (!is_printed(&b, line))
        return false;
    *ret_what = what;
    *ret_head = h;
    return true;
}

/* ---- Signatures ----------------------------------------------------------------------------- */

struct ledger_pair ledger_pair_of(const struct hash *seed)
{
    struct ledger_pair pair;
    _Static_assert(sizeof pair.public.b == crypto_sign_PUBLICKEYBYTES, "Ed25519");
    _Static_assert(sizeof pair.secret == crypto_sign_SECRETKEYBYTES, "Ed25519");
    _Static_assert(sizeof seed->b == crypto_sign_SEEDBYTES, "Ed25519");
    MUST(crypto_sign_seed_keypair(pair.public.b, pair.secret, seed->b) == 0);
    return pair;
}

void ledger_pair_wipe(struct ledger_pair *pair)
{
    sodium_memzero(pair->secret, sizeof pair->secret);
}

/* "aitys ledger head GENESIS SEQ AT HASH BEFORE\n" */
static struct str head_text(struct buf *b, enum ledger_what what, struct hash genesis,
                            const struct ledger_head *h)
{
    buf_put(b, STR("aitys ledger "));
    buf_put(b, what_word(what));
    buf_char(b, ' ');
    buf_hex(b, genesis.b, sizeof genesis.b);
    buf_char(b, ' ');
    put_head(b, h);
    buf_char(b, '\n');
    MUST(buf_ok(b));
    return buf_str(b);
}

/* "aitys ledger key GENESIS SEQ KEY\n" */
static struct str next_text(struct buf *b, struct hash genesis, int64_t seq,
                            const struct ledger_key *next)
{
    buf_put(b, STR("aitys ledger key "));
    buf_hex(b, genesis.b, sizeof genesis.b);
    buf_char(b, ' ');
    buf_int(b, seq);
    buf_char(b, ' ');
    buf_hex(b, next->b, sizeof next->b);
    buf_char(b, '\n');
    MUST(buf_ok(b));
    return buf_str(b);
}

static void sign(const struct ledger_pair *pair, struct str text,
                 uint8_t ret_signature[static LEDGER_SIGNATURE_BYTES])
{
    MUST(crypto_sign_detached(ret_signature, NULL, (const uint8_t *)text.p, text.n, pair->secret) ==
         0);
}

static bool is_signed(const struct ledger_key *key, struct str text,
                      const uint8_t signature[static LEDGER_SIGNATURE_BYTES])
{
    return crypto_sign_verify_detached(signature, (const uint8_t *)text.p, text.n, key->b) == 0;
}

void ledger_head_sign(const struct ledger_pair *pair, enum ledger_what what, struct hash genesis,
                      struct ledger_head *h)
{
    char text[SIGNED_BYTES_MAX];
    struct buf b = BUF_OVER(text);
    h->key = pair->public;
    sign(pair, head_text(&b, what, genesis, h), h->signature);
}

bool ledger_head_is_signed(enum ledger_what what, struct hash genesis, const struct ledger_head *h)
{
    char text[SIGNED_BYTES_MAX];
    struct buf b = BUF_OVER(text);
    return is_signed(&h->key, head_text(&b, what, genesis, h), h->signature);
}

void ledger_next_sign(const struct ledger_pair *pair, struct hash genesis, int64_t seq,
                      const struct ledger_key *next,
                      uint8_t ret_signature[static LEDGER_SIGNATURE_BYTES])
{
    char text[SIGNED_BYTES_MAX];
    struct buf b = BUF_OVER(text);
    sign(pair, next_text(&b, genesis, seq, next), ret_signature);
}

bool ledger_next_is_signed(const struct ledger_key *key, struct hash genesis, int64_t seq,
                           const struct ledger_key *next,
                           const uint8_t signature[static LEDGER_SIGNATURE_BYTES])
{
    char text[SIGNED_BYTES_MAX];
    struct buf b = BUF_OVER(text);
    return is_signed(key, next_text(&b, genesis, seq, next), signature);
}
