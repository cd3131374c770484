#include "tests/unit/web/newsroom.h"

#include <sodium.h>

#include "base/rand.h"
#include "store/statements.h"

#define ROWS_MAX 100000

static const struct edit_key author_key = {.secret = "the author's own"};
static const char *const session =
    "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfb0b1b2b3b4b5b6b7b8b9babbbcbdbebf";
static const char *const rating =
    "c0c1c2c3c4c5c6c7c8c9cacbcccdcecfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf";

/*
 * In place of the library's: hashes quickly whatever limits it is given, since passwords are made
 * at each attempt, and how hard they are to guess is looked at elsewhere.
 */
int crypto_pwhash_str(char ret_hash[crypto_pwhash_STRBYTES], const char *password,
                      unsigned long long n, UNUSED unsigned long long ops, UNUSED size_t memory)
{
    return crypto_pwhash_str_alg(ret_hash, password, n, crypto_pwhash_OPSLIMIT_MIN,
                                 crypto_pwhash_MEMLIMIT_MIN, crypto_pwhash_ALG_ARGON2ID13);
}

/* ---- What it holds -------------------------------------------------------------------------- */

CALL(standing_call, struct standing page; enum saved saved;
     , standing_save(d, tx, &c->page, &c->saved, e))
CALL(picture_call, const struct picture *p; const struct picture_bytes *sizes; size_t n;
     , picture_save(d, tx, c->p, c->sizes, c->n, e))
CALL(add_call, const struct comment_draft *draft; struct comment_added added;
     , room_post(d, tx, c->draft, &c->added, e))
CALL(moderator_call, struct moderator who; struct str hash;
     , moderator_add(d, tx, (struct moderator_id){0}, &c->who, c->hash, e))
CALL(session_call, struct moderator_id m; struct hash hash;
     , session_add(d, tx, c->m, c->hash, STRENGTH_PASSWORD, e))

static void articles_make(struct newsroom *n)
{
    struct room *r = &n->r;
    const struct picture_bytes sizes[] = {{640, STR("small")}, {1280, STR("large")}};
    struct picture_call picture = {r, &room_shore, sizes, ARRAY_LEN(sizes)};
    room_must_write(r, picture_call_work, &picture);
    n->picture = arena_printf(r->home, "/pictures/" STR_FMT "/640.webp",
                              STR_ARG(hash_hex(r->home, room_shore.hash, 2 * HASH_BYTES)));
    /* First under the old address, then with pictures under the one it has now. */
    struct edition ed = room_edition("reservoir", "en", "the-reservoir-that-went");
    assert_int_equal(room_save(r, &ed, NULL), SAVED_CHANGED);
    ed = room_edition("reservoir", "en", str_from(STR(ARTICLE), 4).p);
    ed.pictures = &room_shore;
    ed.n_pictures = 1;
    assert_int_equal(room_save(r, &ed, NULL), SAVED_CHANGED);
    for (int i = 0; i < 3; i++) {
        struct str slug = arena_printf(r->home, "story-%d", i);
        struct edition more = room_edition(slug.p, "en", slug.p);
        assert_int_equal(room_save(r, &more, NULL), SAVED_NEW);
    }
    struct standing_call about = {.r = r,
                                  .page = {.key = STR("about"),
                                           .lang = STR("en"),
                                           .slug = STR("about"),
                                           .title = STR("About us"),
                                           .body = STR("We *write*.")}};
    room_must_write(r, standing_call_work, &about);
}

static void comments_make(struct newsroom *n)
{
    struct room *r = &n->r;
    struct comment_draft draft = {.thread = r->article,
                                  .lang = STR("en"),
                                  .name = STR("Aizhan"),
                                  .text = STR("The water is *back*."),
                                  .idem = "author",
                                  .new_key_hash = edit_key_hash(&author_key)};
    struct add_call first = {.r = r, .draft = &draft};
    room_must_write(r, add_call_work, &first);
    n->author = first.added.comment.commenter;
    assert_int_equal(first.added.comment.number, AUTHORS_NUMBER);
    assert_int_equal(room_say(r, AUTHORS_NUMBER, NULL).number, REPLY_NUMBER);
    assert_int_equal(newsroom_hold(n), REJECTED_NUMBER);
    room_must_decide(r, REJECTED_NUMBER, ACTION_REJECT);
    assert_int_equal(newsroom_hold(n), HELD_NUMBER);
}

int64_t newsroom_hold(struct newsroom *n)
{
    int64_t number = room_say(&n->r, 0, &n->author).number;
    room_must_decide(&n->r, number, ACTION_HOLD);
    return number;
}

static void moderator_make(struct newsroom *n)
{
    struct room *r = &n->r;
    _Static_assert(sizeof n->password_hash >= crypto_pwhash_STRBYTES, "room for a hash");
    struct str password = STR(NEWSROOM_PASSWORD);
    assert_int_equal(crypto_pwhash_str(n->password_hash, password.p, password.n, 0, 0), 0);
    struct moderator_call m = {.r = r,
                               .who = {.name = STR(NEWSROOM_MODERATOR), .role = ROLE_ADMINISTRATOR},
                               .hash = str_of(n->password_hash)};
    room_must_write(r, moderator_call_work, &m);
    n->moderator = m.who.id;
}

struct str newsroom_password_hash(const struct newsroom *n)
{
    return str_of(n->password_hash);
}

static void session_make(struct newsroom *n, struct str token)
{
    struct session_call c = {&n->r, n->moderator, hash_of(token)};
    room_must_write(&n->r, session_call_work, &c);
}

struct str newsroom_session(struct newsroom *n, struct arena *a)
{
    struct hash h;
    rand_bytes(h.b, sizeof h.b);
    struct str token = hash_hex(a, h, 2 * HASH_BYTES);
    session_make(n, token);
    return token;
}

/* ---- Opening -------------------------------------------------------------------------------- */

/* One connection reads, and no rate is in the way. */
static void room_narrow(struct room *r)
{
    struct err e;
    db_close(&r->f.db);
    r->f.options.readers = 1;
    if (!db_open(&r->f.options, &r->f.db, &e))
        fail_msg("open: %s", e.why);
    r->settings.store_readers = 1;
    r->settings.comments_min_s = 0;
    r->settings.moderation_sign_ins_per_hour = 1000;
}

static void server_open(struct newsroom *n)
{
    struct room *r = &n->r;
    static const struct str proxies[] = {STR_INIT("127.0.0.1")};
    static const struct http_listen listen[] = {
        {.address = STR_INIT("127.0.0.1:0")},
        {.address = STR_INIT("127.0.0.1:0"), .operator_address = true}};
    const struct web_options web = {.settings = &r->settings,
                                    .db = r->f.db,
                                    .domain = &r->d,
                                    .view = n->view,
                                    .i18n = n->i18n,
                                    .log = &n->log,
                                    .clock = &r->clock.clock};
    struct err e;
    n->web = web_new(&web);
    struct http_options http = harness_options();
    http.listen = listen;
    http.n_listen = ARRAY_LEN(listen);
    http.trusted_proxies = proxies;
    http.n_trusted_proxies = ARRAY_LEN(proxies);
    http.loops = 1;
    http.log = &n->log;
    http.app = web_app(n->web);
    if (!http_open(&http, &n->server, &e))
        fail_msg("http_open: %s", e.why);
    n->at.port = http_port(n->server, 0);
    n->operator_at.port = http_port(n->server, 1);
    web_set_server(n->web, n->server);
    http_start(n->server);
}

void newsroom_open(struct newsroom *n)
{
    struct err e;
    memset(n, 0, sizeof *n);
    n->log = (struct log){.fd = -1};
    room_open(&n->r, MODE_OPEN);
    room_narrow(&n->r);
    articles_make(n);
    comments_make(n);
    moderator_make(n);
    session_make(n, str_of(session));
    if (!view_open(STR_NONE, &n->view, &e) || !i18n_open(&n->i18n, &e))
        fail_msg("view: %s", e.why);
    server_open(n);
    const struct view_asset *css = view_asset_find(n->view, STR("theme.css"));
    assert_non_null(css);
    n->asset = arena_printf(n->r.home, "/assets/" STR_FMT "/" STR_FMT, STR_ARG(css->hash),
                            STR_ARG(css->name));
}

void newsroom_close(struct newsroom *n)
{
    http_stop(n->server, 1000);
    web_stop(n->web);
    room_close(&n->r);
    http_close(&n->server);
    web_free(&n->web);
    i18n_close(&n->i18n);
    view_close(&n->view);
}

/* ---- Asking --------------------------------------------------------------------------------- */

struct cookies newsroom_cookies(const struct newsroom *n, struct arena *a, enum who who)
{
    struct edit_key key = author_key;
    key.commenter = n->author;
    switch (who) {
    case AUTHOR:
        return (struct cookies){.edit_key = edit_key_print(a, &key), .rating = str_of(rating)};
    case MODERATOR:
        return (struct cookies){.session = str_of(session)};
    case GUEST:
        break;
    }
    return (struct cookies){0};
}

struct str newsroom_token(struct newsroom *n, struct arena *a, const struct ask *ask)
{
    struct route_match m;
    struct str path, query;
    if (!str_cut(str_of(ask->path), '?', &path, &query))
        path = str_of(ask->path);
    router_find(n->web->router, HTTP_POST, path, &m);
    assert_non_null(m.route);
    struct request rq = {
        .web = n->web, .arena = a, .cookies = ask->cookies, .now_s = n->r.clock.now_s};
    memcpy(rq.args, m.args, sizeof rq.args);
    return gate_token(&rq, m.route->csrf);
}

struct str newsroom_request(struct newsroom *n, struct arena *a, const struct ask *ask)
{
    struct str form = STR_NONE;
    struct buf b = buf_in(a, 64 * KiB);
    buf_printf(&b, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n",
               ask->form ? "POST" : "GET", ask->path);
    buf_printf(&b, "X-Forwarded-For: 10.%u.%u.%u\r\n", (unsigned)ask->network >> 16 & 255,
               (unsigned)ask->network >> 8 & 255, (unsigned)ask->network & 255);
    buf_printf(&b,
               "Cookie: aitys-mod=" STR_FMT "; aitys-key=" STR_FMT "; aitys-rating=" STR_FMT "\r\n",
               STR_ARG(ask->cookies.session), STR_ARG(ask->cookies.edit_key),
               STR_ARG(ask->cookies.rating));
    if (ask->form) {
        form = arena_printf(a, "%s&token=" STR_FMT, ask->form,
                            STR_ARG(ask->token.n ? ask->token : newsroom_token(n, a, ask)));
        buf_printf(&b,
                   "Content-Type: application/x-www-form-urlencoded\r\n"
                   "Sec-Fetch-Site: same-origin\r\nContent-Length: %zu\r\n",
                   form.n);
    }
    buf_put(&b, STR("\r\n"));
    buf_put(&b, form);
    assert_true(buf_ok(&b));
    return buf_str(&b);
}

struct str newsroom_ask(struct newsroom *n, struct arena *a, const struct ask *ask)
{
    return client_ask(a, ask->is_operator ? &n->operator_at : &n->at, newsroom_request(n, a, ask));
}

/* ---- What is stored ------------------------------------------------------------------------- */

struct dump {
    struct buf *b;
    const struct db_statement *s;
    int64_t site;
    int number;
    size_t n_tables;
};

static bool dump_row(void *context, const struct db_value *values, UNUSED struct err *e)
{
    struct dump *dump = context;
    for (size_t i = 0; i < dump->s->n_out; i++) {
        const struct db_value *v = &values[i];
        int64_t n = v->type == DB_INT ? v->n : (int64_t)v->s.n;
        buf_char(dump->b, v->is_null ? '0' : '1');
        if (v->is_null)
            continue;
        buf_put(dump->b, (struct str){(const char *)&n, sizeof n});
        if (v->type != DB_INT)
            buf_put(dump->b, v->s);
    }
    return true;
}

/* From before the first key of the table, all that it has. */
static bool dump_table(struct tx *tx, struct dump *dump, struct err *e)
{
    struct db_value in[DB_VALUES_MAX];
    size_t n_key = dump->s->n_in - 1;
    for (size_t i = 0; i < n_key; i++)
        in[i] = (struct db_value){.type = dump->s->in[i].type, .n = INT64_MIN, .s = STR("")};
    in[n_key] = (struct db_value){.type = DB_INT, .n = ROWS_MAX};
    const struct db_answer answer = {.row = dump_row, .context = dump};
    buf_printf(dump->b, "%s\n", dump->s->name);
    return tx_ask(tx, dump->number, in, &answer, e);
}

/* Claims are not copied: by which comments are claimed. */
static bool dump_claims(struct tx *tx, struct dump *dump, struct err *e)
{
    struct claim_due_in in = {dump->site, INT64_MAX, ROWS_MAX};
    struct claim_due_out *rows;
    size_t n;
    if (!sql_claim_due(tx, &in, &rows, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        buf_put(dump->b, (struct str){(const char *)&rows[i].comment, sizeof rows[i].comment});
    return true;
}

/* Every other table has a statement by which `aitys copy` reads it. */
static bool dump_work(struct tx *tx, void *context, struct err *e)
{
    struct dump *dump = context;
    for (size_t i = 0; i < store_schema.n_statements; i++) {
        dump->s = &store_schema.statements[i];
        dump->number = (int)i;
        struct str name = str_of(dump->s->name);
        if (!str_begins(name, STR("copy_")) || !str_ends(name, STR("_get")))
            continue;
        dump->n_tables++;
        if (!dump_table(tx, dump, e))
            return false;
    }
    return dump_claims(tx, dump, e);
}

struct hash newsroom_contents(struct newsroom *n)
{
    ON_LEAVE(buf_free) struct buf b = buf_heap(64 * MiB);
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct dump dump = {.b = &b, .site = n->r.d.site.id.v};
    struct err e;
    if (!db_read(n->r.f.db, a, dump_work, &dump, &e))
        fail_msg("contents: %s", e.why);
    assert_true(buf_ok(&b));
    assert_true(dump.n_tables >= 19);
    return hash_of(buf_str(&b));
}
