/*
 * Unpredictable bytes from the kernel. Ends the process when the kernel has none.
 */
#pragma once

#include <stddef.h>

/* Fills n bytes. */
void rand_bytes(void *ret_bytes, size_t n);
