/*
 * Other people's malformed requests, sent as they are to a real server. Http11Probe: what must be
 * refused is, what must be accepted is. llhttp: no message is accepted that its strict parser does
 * not accept, and what it accepts is accepted here but for the cases named below.
 */
#include <dirent.h>
#include <jansson.h>

#include "base/buf.h"
#include "harness.h"

#define HOST "127.0.0.1"

static struct harness h;

static int start(void **state)
{
    (void)state;
    struct http_options o = harness_options();
    o.limits.head_ms = o.limits.body_ms = 1000;
    harness_start(&h, o);
    return 0;
}

static int end(void **state)
{
    (void)state;
    harness_end(&h, 1000);
    return 0;
}

static struct str replaced(struct arena *a, struct str s, struct str what, struct str with)
{
    struct buf b = buf_in(a, MiB);
    ptrdiff_t at;
    while ((at = str_find(s, what)) >= 0) {
        buf_put(&b, str_head(s, (size_t)at));
        buf_put(&b, with);
        s = str_from(s, (size_t)at + what.n);
    }
    buf_put(&b, s);
    return buf_str(&b);
}

/* Everything that comes back; the client says at once that it has nothing more to send. */
static struct str converse(struct arena *a, struct str bytes)
{
    return client_ask(a, &h, bytes);
}

static struct str member(json_t *c, const char *key)
{
    json_t *value = json_object_get(c, key);
    return (struct str){json_string_value(value), json_string_length(value)};
}

static bool must_be_refused(json_t *c)
{
    return str_eq(member(c, "level"), STR("Must")) &&
           str_eq(member(c, "expected_status"), STR("Exact(400)"));
}

/* Refused: an error and nothing accepted in front of it or behind it. */
static bool is_refused(struct str answers)
{
    int status = answer_status(answers);
    return answers_200(answers) == 0 && (status == 0 || (status >= 400 && status < 600));
}

/* Whether the answer is one of those that the case's own words allow. */
static bool is_allowed(json_t *c, int status)
{
    struct str text = member(c, "expected_text");
    struct str exact = member(c, "expected_status");
    /* Trailer fields are refused here (chunk.h); which methods there are is the application's. */
    if (str_eq(member(c, "id"), STR("COMP-CHUNKED-TRAILER-VALID")))
        return status == 400;
    if (str_eq(member(c, "id"), STR("COMP-405-ALLOW")) ||
        str_eq(member(c, "id"), STR("COMP-UNKNOWN-METHOD")) ||
        str_eq(member(c, "id"), STR("COMP-DATE-FORMAT")) || str_begins(text, STR("non-1xx")))
        return status >= 200;
    if (str_begins(exact, STR("Range2xx")))
        return status >= 200 && status < 300;
    if (str_begins(text, STR("!101")) || str_begins(text, STR("non-101")))
        return status >= 200;
    if (str_begins(text, STR("2xx + ")) || str_begins(text, STR("2xx (")) ||
        str_begins(text, STR("2xx with")))
        return status >= 200 && status < 300;
    return status >= 400 || (status == 0 && str_find(text, STR("close")) >= 0) ||
           (status < 300 && str_find(text, STR("2")) >= 0);
}

static void probe_cases_pass(void **state)
{
    (void)state;
    const char *path = corpora("http/http11probe/cases.json");
    if (!path)
        return;
    json_error_t error;
    json_t *cases = json_load_file(path, JSON_ALLOW_NUL, &error);
    assert_non_null(cases);
    size_t i, must = 0, refused = 0, sent = 0, wrong = 0;
    json_t *c;
    json_array_foreach(cases, i, c)
    {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        struct str raw = member(c, "raw");
        if (!raw.p)
            continue;
        sent++;
        struct str answers = converse(a, replaced(a, raw, STR("{HOST}"), STR(HOST)));
        bool ok = must_be_refused(c) ? is_refused(answers) : is_allowed(c, answer_status(answers));
        must += must_be_refused(c);
        refused += must_be_refused(c) && ok;
        if (!ok) {
            printf("# " STR_FMT ": %d\n", STR_ARG(member(c, "id")), answer_status(answers));
            wrong++;
        }
    }
    json_decref(cases);
    printf("# Http11Probe: %zu cases sent, %zu of them must be refused\n", sent, must);
    printf("figure http_refused %zu count\nfigure http_refused_of %zu count\n", refused, must);
    assert_true(must >= 50);
    assert_int_equal(refused, must);
    assert_int_equal(wrong, 0);
}

#define POST "POST / HTTP/1.1\r\nHost: " HOST "\r\n"
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define SMUGGLED "GET /smuggled HTTP/1.1\r\nHost: " HOST "\r\n\r\n"

/* The cases that Http11Probe builds in code: the bytes are ours. */
static void smuggled_requests_are_never_seen(void **state)
{
    (void)state;
    static const struct str cases[] = {
        STR_INIT("GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n" SMUGGLED),
        STR_INIT("GET / HTTP/1.1\r\nHost: h\r\nX: a\x01\x02\r\n\r\n" SMUGGLED),
        STR_INIT("GET / HTTP/1.1\r\nHost: h\r\nX\xc3\xab: a\r\n\r\n" SMUGGLED),
        STR_INIT("GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n" SMUGGLED),
        STR_INIT("GET /\xc3\xa9 HTTP/1.1\r\nHost: h\r\n\r\n" SMUGGLED),
        STR_INIT("GET /\xc0\xaf HTTP/1.1\r\nHost: h\r\n\r\n" SMUGGLED),
        STR_INIT(CHUNKED "5;a=\0b\r\nhello\r\n0\r\n\r\n" SMUGGLED),
        STR_INIT(CHUNKED "5;a\rX\r\nhello\r\n0\r\n\r\n" SMUGGLED),
        STR_INIT(CHUNKED "5;a\nhello\r\n0\r\n\r\n" SMUGGLED),
        STR_INIT(CHUNKED "5\rXhello\r\n0\r\n\r\n" SMUGGLED),
        STR_INIT(CHUNKED "5\r\nhello\n0\r\n\r\n" SMUGGLED),
        STR_INIT(CHUNKED "5\r\nhello\r\n0\r\n\n" SMUGGLED),
        STR_INIT(CHUNKED "+0\r\n\r\n" SMUGGLED),
        STR_INIT(POST "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n" SMUGGLED),
        STR_INIT(POST "Transfer-Encoding: \fchunked\r\n\r\n0\r\n\r\n" SMUGGLED),
        STR_INIT(POST "Transfer-Encoding: chunked\0\r\n\r\n0\r\n\r\n" SMUGGLED),
        STR_INIT(POST "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX" SMUGGLED),
        STR_INIT(POST "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" SMUGGLED),
        STR_INIT(POST "Transfer-Encoding: Chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" SMUGGLED),
        STR_INIT(POST "Transfer-Encoding: chunked \r\nContent-Length: 5\r\n\r\n0\r\n\r\n" SMUGGLED),
        STR_INIT(POST
                 "Transfer-Encoding: , chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" SMUGGLED),
        STR_INIT(POST
                 "Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" SMUGGLED),
        STR_INIT(POST "Transfer-Encoding: chunked\r\nContent-Length: +5\r\n\r\n0\r\n\r\n" SMUGGLED),
        STR_INIT(POST "Transfer-Encoding: chunked\r\nContent-Length: 5x\r\n\r\n0\r\n\r\n" SMUGGLED),
        STR_INIT(
            POST
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" SMUGGLED),
        STR_INIT(POST "Content-Length: 5\r\nContent-Length: 0\r\n\r\nhello" SMUGGLED),
        STR_INIT(POST "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" SMUGGLED),
        STR_INIT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" SMUGGLED),
        STR_INIT("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" SMUGGLED),
        STR_INIT("GET /\r\n" SMUGGLED),
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        struct str answers = converse(a, cases[i]);
        if (!is_refused(answers) || str_find(answers, STR("smuggled")) >= 0)
            fail_msg("case %zu: %d", i, answer_status(answers));
    }
}

/* What is far too long ends with an error, not with memory. */
static void floods_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        struct str unit;
        int status;
    } cases[] = {
        {"GET /", STR_INIT("aaaaaaaaaa"), 414},
        {"", STR_INIT("AAAAAAAAAA"), 414},
        {"GET / HTTP/1.1\r\nHost: h\r\nA: ", STR_INIT("aaaaaaaaaa"), 431},
        {"GET / HTTP/1.1\r\nHost: h\r\n", STR_INIT("aaaaaaaaaa"), 431},
        {"GET / HTTP/1.1\r\nHost: h\r\n", STR_INIT("A: b\r\nC: d\r\n"), 431},
        {CHUNKED "5;", STR_INIT("aaaaaaaaaa"), 400},
        {"POST /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
         STR_INIT("1\r\na\r\n1\r\nb\r\n"), 413},
        {POST "Content-Length: 200000\r\n\r\n", STR_INIT("aaaaaaaaaa"), 413},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        ON_LEAVE(client_close) int fd = client_open(&h);
        struct buf b = buf_in(a, 4 * MiB);
        buf_put(&b, str_of(cases[i].before));
        for (int k = 0; k < 110000; k++)
            buf_put(&b, cases[i].unit);
        client_send(fd, str_head(buf_str(&b), 250000));
        struct str answers = client_read(a, fd, 3000, NULL);
        if (answer_status(answers) != cases[i].status)
            fail_msg("flood %zu: %d", i, answer_status(answers));
    }
}

/* The bytes of a block as llhttp's own tests make them: CRLF for line ends, then escapes. */
static struct str block_bytes(struct arena *a, struct str block)
{
    struct buf b = buf_in(a, MiB);
    static const char from[] = "rntf\\", to[] = "\r\n\t\f\\";
    for (size_t i = 0; i < block.n; i++) {
        char c = block.p[i];
        const char *at = i + 1 < block.n && c == '\\' ? strchr(from, block.p[i + 1]) : NULL;
        uint8_t byte;
        if (c == '\n') {
            buf_put(&b, STR("\r\n"));
        } else if (c == '\\' && i + 1 < block.n && block.p[i + 1] == '\n') {
            i++; /* an escaped line end is none */
        } else if (c == '\\' && i + 3 < block.n && block.p[i + 1] == 'x' &&
                   str_to_bytes((struct str){block.p + i + 2, 2}, &byte, 1)) {
            buf_char(&b, (char)byte);
            i += 3;
        } else if (at && *at && *at != '\\') {
            buf_char(&b, to[at - from]);
            i++;
        } else {
            buf_char(&b, c);
        }
    }
    return buf_str(&b);
}

struct md_case {
    struct str title, bytes, log;
    bool is_strict;
};

/* The text between the next fence "```kind\n" and "\n```". */
static bool fence_next(struct str *text, struct str kind, struct str *ret_block)
{
    ptrdiff_t at = str_find(*text, kind);
    if (at < 0)
        return false;
    struct str rest = str_from(*text, (size_t)at + kind.n);
    ptrdiff_t end = str_find(rest, STR("\n```"));
    if (end < 0)
        return false;
    *ret_block = str_head(rest, (size_t)end);
    *text = str_from(rest, (size_t)end);
    return true;
}

static bool md_next(struct arena *a, struct str *text, struct md_case *c)
{
    ptrdiff_t at = str_find(*text, STR("<!-- meta="));
    if (at < 0)
        return false;
    struct str before = str_head(*text, (size_t)at);
    struct str meta = str_head(str_from(*text, (size_t)at), 100);
    struct str line, http;
    c->title = STR("");
    while (str_next(&before, '\n', &line)) {
        if (str_begins(line, STR("##")))
            c->title = str_trim(str_from(line, (size_t)str_find(line, STR(" "))));
    }
    ptrdiff_t end = str_find(meta, STR("-->"));
    meta = str_head(meta, end < 0 ? 0 : (size_t)end);
    c->is_strict = str_find(meta, STR("lenient")) < 0 && str_find(meta, STR("skipBody")) < 0 &&
                   str_find(meta, STR("pause")) < 0;
    *text = str_from(*text, (size_t)at + 5);
    if (!fence_next(text, STR("```http\n"), &http) || !fence_next(text, STR("```log\n"), &c->log))
        return false;
    c->bytes = block_bytes(a, http);
    return true;
}

static size_t occurrences(struct str s, struct str what)
{
    size_t n = 0;
    ptrdiff_t at;
    for (; (at = str_find(s, what)) >= 0; n++)
        s = str_from(s, (size_t)at + what.n);
    return n;
}

/* A Host for the first request, which llhttp does not ask for. */
static struct str with_host(struct arena *a, struct str bytes)
{
    size_t skip = str_begins(bytes, STR("\r\n")) ? 2 : 0;
    ptrdiff_t at = str_find(str_from(bytes, skip), STR("\r\n"));
    at = at < 0 ? at : at + (ptrdiff_t)skip;
    if (at < 0 || str_find(bytes, STR("Host:")) >= 0 || str_find(bytes, STR("host:")) >= 0)
        return bytes;
    return arena_printf(a, STR_FMT "\r\nHost: h" STR_FMT, (int)at, bytes.p, (int)(bytes.n - at),
                        bytes.p + at);
}

struct tally {
    size_t cases, accepted, stricter, looser;
};

static void check_md_case(const struct md_case *c, struct tally *t)
{
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str bytes = memchr(c->bytes.p, 0, c->bytes.n) ? c->bytes : with_host(a, c->bytes);
    struct str answers = converse(a, bytes);
    size_t complete = occurrences(c->log, STR("message complete"));
    size_t accepted = answers_200(answers) + occurrences(answers, STR("HTTP/1.1 204"));
    t->cases++;
    t->accepted += accepted;
    /* Which methods there are is for the application to say. */
    bool is_method = str_find(c->title, STR("method")) >= 0;
    if (accepted > complete && str_find(c->log, STR("error code")) >= 0 && !is_method) {
        printf("# looser than llhttp: " STR_FMT "\n", STR_ARG(c->title));
        t->looser++;
    }
    if (c->is_strict && accepted < complete) {
        printf("# stricter than llhttp: " STR_FMT ": %zu of %zu, %d\n", STR_ARG(c->title), accepted,
               complete, answer_status(answers));
        t->stricter++;
    }
}

static void llhttp_cases_pass(void **state)
{
    (void)state;
    const char *folder = corpora("http/llhttp/request");
    if (!folder)
        return;
    DIR *d = opendir(folder);
    struct tally t = {0};
    assert_non_null(d);
    for (struct dirent *entry; (entry = readdir(d));) {
        if (!str_ends(str_of(entry->d_name), STR(".md")))
            continue;
        ON_LEAVE(arena_free) struct arena *a = arena_new(0);
        struct str path = arena_printf(a, "%s/%s", folder, entry->d_name);
        struct str text = file_read(a, path.p);
        struct md_case c;
        while (md_next(a, &text, &c))
            check_md_case(&c, &t);
    }
    (void)closedir(d);
    printf("# llhttp: %zu cases, %zu messages accepted, %zu cases stricter, %zu looser\n", t.cases,
           t.accepted, t.stricter, t.looser);
    assert_true(t.cases > 100 && t.accepted >= 55);
    assert_int_equal(t.looser, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(probe_cases_pass, start, end),
        cmocka_unit_test_setup_teardown(smuggled_requests_are_never_seen, start, end),
        cmocka_unit_test_setup_teardown(floods_are_refused, start, end),
        cmocka_unit_test_setup_teardown(llhttp_cases_pass, start, end),
    };
    return RUN_TESTS(tests);
}
