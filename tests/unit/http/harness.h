/*
 * A real server in the test's process, with an application that tells what it saw, and a client
 * that sends bytes as they are.
 *
 * The application answers 200 and "METHOD path?query host [body] network https", except:
 *     /later   the same from another thread        /blob    a shared answer with the ETag "v1"
 *     /big     three million bytes                 /etag    an answer with the ETag "e1"
 *     /never   no answer until app_release         /unsound a header with a line end
 *     /small   a body of at most 4 bytes is allowed; /large: LARGE_BYTES; elsewhere 100,000
 */
#pragma once

#include "base/clock.h"
#include "http/http.h"
#include "tests/lib/unit.h"

#define BIG_BYTES ((size_t)3000000)
#define LARGE_BYTES ((size_t)1000000)

struct harness {
    struct http_server *server;
    int port;
    struct app *app;
    struct log log;
};

/* Options that listen at 127.0.0.1 with short limits; change them before harness_start. */
struct http_options harness_options(void);
/* Opens and starts. */
void harness_start(struct harness *h, struct http_options options);
/* Stops with so much grace and frees. */
void harness_end(struct harness *h, int64_t grace_ms);
/* Has every /never answered. */
void app_release(struct harness *h);

/* A connection to the server; the test fails when there is none. */
int client_open(const struct harness *h);
/* The same, from another address of this machine: 127.0.0.2 and so on. */
int client_open_from(const struct harness *h, const char *address);
/* Waits until the server has read so many bytes in all. */
void server_has_read(const struct harness *h, uint64_t bytes);
void client_send(int fd, struct str bytes);
/* Tells the server that nothing more comes. */
void client_end(int fd);
/* What comes until the end, or until nothing has come for quiet_ms. ret_closed: it was the end. */
struct str client_read(struct arena *a, int fd, int quiet_ms, bool *ret_closed);
/* One answer with its body, as its Content-Length says. STR_NONE when the connection ended. */
struct str client_answer(struct arena *a, int fd);
/* The answer to these bytes on a connection of their own, up to its end. */
struct str client_ask(struct arena *a, const struct harness *h, struct str bytes);
/* Whether the server closes within ms without another byte. */
bool client_is_closed(int fd, int ms);
void client_close(int *fd);

/* The status of the first answer, 0 for none. */
int answer_status(struct str answer);
/* The value of a header of the first answer, or STR_NONE. */
struct str answer_header(struct str answer, const char *name);
/* Behind the first empty line. */
struct str answer_body(struct str answer);
/* How many status lines "HTTP/1.1 200" there are. */
size_t answers_200(struct str answers);

/* The folder of other people's test data, or NULL with one visible line that it is skipped. */
const char *corpora(const char *what);
/* A whole file; NULL bytes when there is none. */
struct str file_read(struct arena *a, const char *path);
