/*
 * The log: one line an event on standard error, "<level>event key=value …", as systemd reads it.
 * Values are escaped here (control bytes, quotes), so a line stays a line. There is no file and
 * no global: the log arrives with the context. Never log addresses, user agents, referrers,
 * readers' text or secrets.
 */
#pragma once

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

enum log_level {
    LOG_LEVEL_ERROR = 3,
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7,
};

struct log {
    int fd;               /* where lines go; -1: nowhere */
    enum log_level least; /* quieter lines are dropped */
    bool journal;         /* begin lines with "<level>", as systemd-journald reads it */
};

/* One line in one write(2): the event's name, then the formatted key=value pairs. */
PRINTF_LIKE(4, 5)
void log_line(const struct log *l, enum log_level level, const char *event, const char *format,
              ...);

/* An error, once, at the top of a request or command. */
void log_err(const struct log *l, const char *event, const struct err *e);

#define log_error(l, event, ...) log_line((l), LOG_LEVEL_ERROR, (event), __VA_ARGS__)
#define log_warning(l, event, ...) log_line((l), LOG_LEVEL_WARNING, (event), __VA_ARGS__)
#define log_info(l, event, ...) log_line((l), LOG_LEVEL_INFO, (event), __VA_ARGS__)
#define log_debug(l, event, ...) log_line((l), LOG_LEVEL_DEBUG, (event), __VA_ARGS__)
