/*
 * Addresses to listen on, and the sockets that do it: our own, or those that systemd passes.
 */
#pragma once

#include <sys/socket.h>

#include "base/err.h"
#include "base/str.h"

/* Where to listen. */
struct place {
    union {
        struct sockaddr any;
        struct sockaddr_storage whole;
    } address;
    socklen_t n;
    bool is_unix;
};

/* Reads "127.0.0.1:8080", "[::]:80", "unix:/run/aitys.sock". Errors ERR_INVALID. */
MUST_USE bool listen_place_parse(struct str s, struct place *ret_place, struct err *e);

/* Sets the port of an internet place. */
void place_set_port(struct place *p, int port);

/*
 * A listening socket. Several may listen at one internet place, each with its own queue
 * (SO_REUSEPORT); `first` says that nobody else may be there yet. A UNIX socket that a dead
 * process left behind is replaced.
 * Errors  ERR_BUSY, ERR_DENIED, ERR_BROKEN
 */
MUST_USE bool listen_open(const struct place *p, bool first, int *ret_fd, struct err *e);

/* The nth socket that systemd passed (systemd_sockets), made ready for use. Errors ERR_INVALID (no
 * listening stream socket). */
MUST_USE bool listen_take(size_t nth, int *ret_fd, bool *ret_is_unix, struct err *e);

/* The port that a socket is bound to; 0 for a UNIX socket. */
int listen_port(int fd);
