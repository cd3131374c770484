#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

void must_failed(const char *what, const char *file, int line)
{
    (void)fprintf(stderr, "<2>%s:%d: broken assumption: %s\n", file, line, what);
    abort();
}
