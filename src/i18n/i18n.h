/*
 * The interface's words in a reader's language: messages of model/messages.def, with plurals, dates
 * and numbers by ICU. Catalogues are gettext .po files compiled into the binary (po/,
 * tools/gen_catalogue). A language that has no catalogue is answered in its nearest one ("kk-KZ" →
 * "kk" → English).
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "model/message.h"
#include "text/language.h"

struct i18n; /* all catalogues, with what ICU says of each language; safe for many threads */

/* Memory: the caller's, ends with i18n_close. Errors: ERR_BROKEN (ICU data is missing). */
struct err;
MUST_USE bool i18n_open(struct i18n **ret_i18n, struct err *e);
void i18n_close(struct i18n **i);

/* A language of the interface: cheap to pass on. */
struct i18n_lang; /* one language's messages and formatters */

/* The nearest language there is; never NULL. tag may be anything. */
const struct i18n_lang *i18n_find(const struct i18n *i, struct str tag);
/* The best of a site's languages for an Accept-Language header (RFC 9110, section 12.5.4). */
struct str i18n_negotiate(struct str accept_language, const struct str *languages, size_t n,
                          struct str fallback);

/* Its tag ("kk") and its direction. */
struct str i18n_tag(const struct i18n_lang *l);
enum direction i18n_direction(const struct i18n_lang *l);

/* A message without arguments; static memory. */
struct str i18n_text(const struct i18n_lang *l, enum message m);
/* A message by its name in lower case ("comment_send"), for templates; false: no such message. */
MUST_USE bool i18n_message_find(struct str name, enum message *ret_message);
/*
 * A message with a number, inflected ({0, plural, one {…} other {…}}; "=0 {…}" for one number; "#"
 * is the number as the language writes it). Apostrophes are letters, nothing is quoted by them.
 */
struct str i18n_count(struct arena *a, const struct i18n_lang *l, enum message m, int64_t n);
/* A message with texts: {0}, {1} are replaced. STR_NONE where there is none. */
struct str i18n_fill(struct arena *a, const struct i18n_lang *l, enum message m, struct str first,
                     struct str second);

/*
 * A number as the language writes it ("1 234", "١٬٢٣٤" where usual: the digits are those of CLDR,
 * the same in dates).
 */
struct str i18n_number(struct arena *a, const struct i18n_lang *l, int64_t n);
/*
 * The same without separators: for numbers that name something ("comment 1234") and for counters.
 * A minus is U+2212, in languages that run from the right with U+061C before it.
 */
struct str i18n_digits(struct arena *a, const struct i18n_lang *l, int64_t n);

enum i18n_date { I18N_DATE, I18N_DATE_TIME, I18N_TIME };
/*
 * A time in a zone of the system's tzdata ("Asia/Almaty"), as the language writes it in running
 * text; in UTC when the zone is unknown. The first call for a zone reads its file.
 */
struct str i18n_date(struct arena *a, const struct i18n_lang *l, int64_t unix_s, struct str zone,
                     enum i18n_date form);
/* Whether a zone is known; for the settings' check, and to read its file before a sandbox closes.
 */
bool i18n_zone_is_known(const struct i18n_lang *l, struct str zone);
/* Seconds to add to UTC at a time in a zone; 0 when the zone is unknown. */
int32_t i18n_zone_offset(const struct i18n_lang *l, struct str zone, int64_t unix_s);
/* "By A. Reporter and NORTHWIRE": a list joined as the language does (UTS #35 list patterns). */
struct str i18n_list(struct arena *a, const struct i18n_lang *l, const struct str *items, size_t n);
/* A language's own name ("Қазақ тілі"), for the links to other editions. */
struct str i18n_language_name(struct arena *a, struct str tag);
