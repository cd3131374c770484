/*
 * What a process that decodes strangers' pictures gives up: new privileges, files, sockets, other
 * processes, endless time and memory. There is no way back.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

/* Limits of time and memory; called first. False: the kernel refused one. */
MUST_USE bool sandbox_limit(uint64_t memory_bytes, uint64_t cpu_s);

/*
 * From here on only memory (none that can be executed), threads and the file descriptors that are
 * open already. Every other system call fails with EPERM. False: the kernel refused.
 */
MUST_USE bool sandbox_enter(void);
