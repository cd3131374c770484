/*
 * Makes pages anew that readers ask for, as soon as they have changed: the next reader finds them
 * made. Behind the readers who wait already.
 */
#pragma once

#include "cache/cache.h"

/* For cache_calls.changed; context is the struct web. From any thread. */
void renew_later(void *context);
