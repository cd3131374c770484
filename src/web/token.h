/*
 * Form tokens without a session: a sealed time and random bytes, bound to what the form is for. A
 * shared page can carry one, because it says nothing of who reads it. Where there is a session or
 * an edit key, the subject includes it, so that a token of one person is worth nothing to another.
 *
 * 64 hexadecimal characters: issued_s (8 bytes), nonce (8), the first half of a keyed BLAKE2b (16).
 */
#pragma once

#include "base/arena.h"
#include "base/hash.h"

#define TOKEN_CHARS 64
#define TOKEN_VALID_S (12 * 3600)
/* A shared page is made anew after this long, so its token has at least the rest to go. */
#define TOKEN_PAGE_S 3600

enum token_purpose {
    TOKEN_COMMENT = 1, /* write, preview; subject: the article */
    TOKEN_RATING,      /* subject: the article */
    TOKEN_OWN,         /* edit, withdraw; subject: the comment and the edit key */
    TOKEN_SESSION,     /* what moderators do; subject: the session */
    TOKEN_SIGN_IN,     /* subject: none */
    TOKEN_STARTED,     /* when a form was first shown; subject: the article */
    TOKEN_PASSKEY,     /* a sign-in with a passkey; subject: none */
    TOKEN_PASSKEY_NEW, /* a passkey being made; subject: the session */
    TOKEN_REPORT,      /* subject: the article */
};

struct token {
    int64_t issued_s;
    uint8_t nonce[8];
};

/* Makes one. subject: borrowed; any bytes. In the arena. */
struct str token_make(struct arena *a, struct hash key, enum token_purpose purpose,
                      struct str subject, int64_t now_s);

/*
 * Whether text is a token of this purpose and subject, not older than TOKEN_VALID_S and not from
 * the future. ret_token may be NULL.
 */
MUST_USE bool token_check(struct hash key, enum token_purpose purpose, struct str subject,
                          struct str text, int64_t now_s, struct token *ret_token);
