#include "web/idem.h"

#include "base/must.h"
#include "web/node_key.h"

#define REPEAT_S 10 /* a second click comes within this */
#define PIECES_BYTES_MAX (256 * KiB)

/* Pieces with their lengths before them, so that no two lists read the same. */
static void put_piece(struct buf *b, struct str s)
{
    buf_printf(b, "%zu:", s.n);
    buf_put(b, s);
}

static struct str all_pieces(struct buf *b)
{
    MUST(buf_ok(b)); /* forms.def and the rows' body_max bound every piece */
    return buf_str(b);
}

/*
 * The reader as far as one can tell two apart without marking them: network and browser. It is
 * hashed under a key of this process alone, or of the site's nodes for some hours, and goes nowhere
 * else.
 */
static void put_reader(struct request *rq, struct buf *b)
{
    const struct http_request *http = &rq->x->request;
    put_piece(b, (struct str){(const char *)http->network.bytes, http->network.n});
    put_piece(b, str_head(http_header_get(http, STR("User-Agent")), 400));
    put_piece(b, str_head(http_header_get(http, STR("Accept-Language")), 200));
    put_piece(b, (struct str){(const char *)rq->token.nonce, sizeof rq->token.nonce});
}

void idem_make(struct request *rq, struct idem *ret_idem)
{
    const struct comment_form *form = rq->form;
    struct buf b = buf_in(rq->arena, PIECES_BYTES_MAX);
    uint8_t key[COMMENT_KEY_BYTES];
    struct hash secret = rq->web->memory_key;
    ret_idem->is_personal = str_to_bytes(form->key, key, sizeof key);
    buf_put(&b, STR("comment "));
    put_piece(&b, rq->args[0]);
    put_piece(&b, rq->args[1]);
    if (ret_idem->is_personal) {
        secret = rq->web->token_key; /* good after a restart, too */
        put_piece(&b, form->key);
    } else {
        put_reader(rq, &b);
    }
    /* Other words from the same form are another comment: whoever went back to write again. */
    put_piece(&b, form->name);
    put_piece(&b, form->text);
    buf_int(&b, form->reply_to);
    struct hash h = hash_keyed(secret, all_pieces(&b));
    memcpy(ret_idem->key, h.b, sizeof ret_idem->key);
    buf_put(&b, STR(" edit key"));
    h = hash_keyed(secret, all_pieces(&b));
    memcpy(ret_idem->edit_key.secret, h.b, sizeof ret_idem->edit_key.secret);
}

bool idem_may_give_key(const struct request *rq, const struct idem *idem,
                       const struct comment_added *added)
{
    if (!added->is_repeat || idem->is_personal)
        return true;
    return added->comment.state == COMMENT_HELD && rq->now_s - added->comment.created_s <= REPEAT_S;
}

struct str idem_reader_token(struct request *rq, enum cookie which)
{
    struct buf b = buf_in(rq->arena, 2 * KiB);
    buf_put(&b, which == COOKIE_RATING ? STR("rating ") : STR("report "));
    put_reader(rq, &b);
    buf_int(&b, rq->now_s / REPEAT_S);
    struct hash key = node_key_now(rq->web->network_key);
    return hash_hex(rq->arena, hash_keyed(key, all_pieces(&b)), 2 * HASH_BYTES);
}

struct str idem_network(struct request *rq)
{
    const struct http_network *net = &rq->x->request.network;
    struct buf b = buf_in(rq->arena, 200);
    if (net->n == 0)
        return STR_NONE;
    buf_put(&b, STR("network "));
    put_piece(&b, (struct str){(const char *)net->bytes, net->n});
    struct hash h = hash_keyed(node_key_now(rq->web->network_key), all_pieces(&b));
    return arena_copy(rq->arena, (struct str){(const char *)h.b, NETWORK_BYTES});
}
