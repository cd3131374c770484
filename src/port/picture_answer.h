/*
 * What the picture worker (aitys-picture) answers on standard output, for both sides: a head, the
 * sizes, the bytes of each. Same program version, same machine, so plain structs.
 */
#pragma once

#include <stdint.h>

#define PICTURE_MAGIC "AITYSPIC"
#define PICTURE_SIZES_MAX 3
#define PICTURE_SOURCE_BYTES_MAX (20 * 1024 * 1024)
#define PICTURE_ANSWER_BYTES_MAX (32 * 1024 * 1024)
#define PICTURE_PIXELS_MAX 50000000
#define PICTURE_HEIGHT_MAX 16383 /* WebP's own limit */

/* FAULT(name, words): "what is wrong; what to do" */
#define PICTURE_FAULTS                                                                             \
    FAULT(NONE, "")                                                                                \
    FAULT(KIND, "is neither JPEG, PNG nor WebP; save it as one of them")                           \
    FAULT(BYTES, "has more than 20 MiB; save it smaller")                                          \
    FAULT(MOVING, "has several frames; save the one that is to be shown")                          \
    FAULT(PIXELS, "has more than 50 million pixels; make it smaller")                              \
    FAULT(TALL, "is too tall for its width; crop it")                                              \
    FAULT(DECODE, "cannot be decoded; save it again with a picture editor")                        \
    FAULT(ENCODE, "cannot be made smaller; save it again with a picture editor")                   \
    FAULT(LARGE, "stays too large when it is made smaller; make it simpler")                       \
    FAULT(SANDBOX, "cannot be looked at safely: the kernel refused the sandbox")

enum picture_fault {
#define FAULT(name, words) PICTURE_FAULT_##name,
    PICTURE_FAULTS
#undef FAULT
};

struct picture_answer_size {
    uint32_t width, height;
    uint32_t bytes;
};

struct picture_answer {
    char magic[8];
    uint32_t fault;
    uint32_t n;
    struct picture_answer_size sizes[PICTURE_SIZES_MAX];
};
