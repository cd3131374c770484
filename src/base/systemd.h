/*
 * The two words that a service exchanges with systemd: it tells that it is ready, and it is given
 * sockets that are listened on already. See docs/decisions/0011-few-libraries-at-rest.md.
 */
#pragma once

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

#define SYSTEMD_FDS_START 3 /* the first socket's descriptor */

/*
 * Sends a state such as "READY=1" to the socket that $NOTIFY_SOCKET names, a path or, with '@' in
 * front, an abstract address: sd_notify(3), "Notes". Does nothing when it is not set; what cannot
 * be told is lost, as a server that serves is worth more than one that ends over it.
 */
void systemd_notify(struct str state);

/*
 * How many sockets were passed, from SYSTEMD_FDS_START on; 0 unless $LISTEN_PID is this process:
 * sd_listen_fds(3), "Notes". Children do not inherit them, and the variables are gone afterwards,
 * so a second call says 0. Not while other threads read the environment.
 * Errors  ERR_INVALID ($LISTEN_FDS is not a number), ERR_BROKEN (a descriptor is not open)
 */
MUST_USE bool systemd_sockets(size_t *ret_n, struct err *e);
