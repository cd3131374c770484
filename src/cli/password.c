#include "cli/password.h"

#include "domain/password.h"

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
