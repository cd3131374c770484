/*
 * Compiler attributes under plain names, so that the rest of the code reads as English.
 * Knows nothing of the project.
 */
#pragma once

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#define NO_RETURN __attribute__((noreturn))
#define UNUSED __attribute__((unused))
#define PURE __attribute__((pure))
#define RETURNS_MEMORY __attribute__((malloc, returns_nonnull))

/* Runs `fn(&variable)` when the variable leaves its scope. */
#define ON_LEAVE(fn) __attribute__((cleanup(fn)))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define KiB ((size_t)1024)
#define MiB ((size_t)1024 * KiB)
