/*
 * Peers as networks: what counts as one (IPv4 an address, IPv6 a /64), which proxies are believed,
 * and how many connections each has. In memory only; never logged, never stored.
 */
#pragma once

#include <sys/socket.h>

#include "base/arena.h"
#include "base/err.h"
#include "http/http.h"

/* An address, IPv4 as IPv4-mapped IPv6; `known` is false for a UNIX socket. */
struct address {
    uint8_t bytes[16];
    bool known;
};

/* The proxies that are believed. */
struct trust {
    struct trusted *nets;
    size_t n;
    bool unix_sockets;
};

/*
 * Reads "127.0.0.1", "10.0.0.0/8", "fd00::/8", "unix". Memory: in the arena.
 * Errors  ERR_INVALID
 */
MUST_USE bool trust_parse(struct arena *a, const struct str *proxies, size_t n,
                          struct trust *ret_trust, struct err *e);

/* Whether this peer is a trusted proxy. */
bool trust_has(const struct trust *t, const struct address *address);

/* The address of a socket's peer. */
struct address address_of(const struct sockaddr *peer);

/* Reads an address as X-Forwarded-For has it: bare, "[v6]", "v4:port", "[v6]:port". */
MUST_USE bool address_parse(struct str s, struct address *ret_address);

/* Whether it is 127.0.0.1 or ::1: a proxy or tool on this machine, of which nobody said so. */
bool address_is_own(const struct address *address);

/* The network of an address. */
struct http_network network_of(const struct address *address);
/* Whether both are the same. */
bool network_eq(struct http_network a, struct http_network b);

/*
 * The reader's network behind trusted proxies: X-Forwarded-For from right to left, past trusted
 * proxies, to the first that is not. An entry that cannot be read ends the walk: what stands left
 * of it is nobody's word, and the proxy that passed it on counts as the peer.
 */
struct http_network network_forwarded(const struct trust *t, struct http_network proxy,
                                      const struct http_header *headers, size_t n_headers);

/* Whether X-Forwarded-Proto, as the nearest proxy set it, says https. */
bool forwarded_https(const struct http_header *headers, size_t n_headers);

/* How many connections each network has; shared by the loops, with its own lock. */
struct networks;

/* A table for so many connections; `each_max` of one network. */
struct networks *networks_new(size_t connections_max, size_t each_max);
void networks_free(struct networks **t);
/* One more. False, and nothing is counted, when the network has its number already. */
MUST_USE bool networks_enter(struct networks *t, struct http_network network);
/* One less. */
void networks_leave(struct networks *t, struct http_network network);
/* A network's hash, which nobody outside can foretell. */
uint64_t networks_hash(const struct networks *t, struct http_network network);
