#include "cli/password.h"

#include "base/buf.h"
#include "base/rand.h"

#define GROUPS 6
#define GROUP_CHARS 4
#define PASSWORD_BYTES_MAX 200

struct str password_make(struct arena *a)
{
    /* 32 signs, so that a byte's low five bits choose evenly; none looks like another. */
    static const char signs[] = "abcdefghijkmnpqrstuvwxyz23456789";
    uint8_t bytes[GROUPS * GROUP_CHARS];
    struct buf out = buf_in(a, 64);
    rand_bytes(bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++) {
        if (i > 0 && i % GROUP_CHARS == 0)
            buf_char(&out, '-');
        buf_char(&out, signs[bytes[i] % 32]);
    }
    return buf_str(&out);
}

bool password_read(struct arena *a, struct str *ret_password, struct err *e)
{
    char line[PASSWORD_BYTES_MAX + 3];
    if (!fgets(line, sizeof(line), stdin)) {
        if (ferror(stdin))
            return err_set(e, ERR_BROKEN, 0, "standard input: cannot be read");
        line[0] = 0;
    }
    struct str password = str_of(line);
    if (str_ends(password, STR("\n")))
        password.n--;
    if (str_ends(password, STR("\r")))
        password.n--;
    if (password.n == 0)
        return err_set(e, ERR_INVALID, 0,
                       "standard input: the first line is empty; write the password there");
    if (password.n > PASSWORD_BYTES_MAX)
        return err_set(e, ERR_INVALID, 0,
                       "standard input: the password has more than %d bytes; choose a shorter one",
                       PASSWORD_BYTES_MAX);
    *ret_password = arena_copy(a, password);
    explicit_bzero(line, sizeof(line));
    return true;
}
