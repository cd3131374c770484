#include <stdio.h>
#include <stdlib.h>

#include "text/count.h"
#include "text/utf8.h"

/*
 * Reads texts from standard input, each ended by a NUL, and prints the characters that count_chars
 * finds in each, one number a line; -1 for one that is not well-formed UTF-8.
 */
int main(void)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;

    while ((n = getdelim(&line, &room, '\0', stdin)) > 0) {
        struct str s = {line, (size_t)n - (line[n - 1] == '\0')};
        if (utf8_is_valid(s))
            (void)printf("%zu\n", count_chars(s));
        else
            (void)puts("-1");
    }
    free(line);
    return 0;
}
