/*
 * QR codes (ISO/IEC 18004) as SVG paths: libqrencode chooses version and mask.
 */
#pragma once

#include "base/arena.h"

struct view_qr {
    struct str box;  /* viewBox, with the quiet zone of four squares around */
    struct str path; /* of the dark squares, each one unit wide */
};

/* False: the text is too long (over 1000 bytes) or there is no memory. In the arena. */
MUST_USE bool view_qr(struct arena *a, struct str text, struct view_qr *ret_qr);
