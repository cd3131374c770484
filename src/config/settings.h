/*
 * The settings as the program uses them: one struct made from settings.def.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "config/faults.h"

struct setting_list {
    const struct str *items;
    size_t n;
};

#define SETTING_TYPE_TEXT struct str
#define SETTING_TYPE_LIST struct setting_list
#define SETTING_TYPE_INT int64_t
#define SETTING_TYPE_SIZE int64_t
#define SETTING_TYPE_DURATION int64_t
#define SETTING_TYPE_BOOL bool

struct settings {
#define SETTING(type, member, name, standard, min, max, unit, secret, about)                       \
    SETTING_TYPE_##type member;
#include "config/settings.def"
#undef SETTING
    struct str dir; /* the folder of the settings file; relative paths begin here */
};

/* The built-in values. Memory: the arena's. */
void settings_standard(struct arena *a, struct settings *ret_settings);

/* The name of the settings file in its folder. */
#define SETTINGS_FILE "aitys.yaml"

/*
 * Reads DIR/aitys.yaml over the built-in values, then the environment (AITYS_SITE_NAME …), then
 * checks them together (known languages, origins, addresses, zone).
 * environment: NULL-terminated "NAME=value" strings; NULL: none.
 * Errors  ERR_MISSING (no file), ERR_DENIED (it may not be read), ERR_INVALID; why is
 *         "file:line: name: what is wrong; what to do" of the first fault
 */
MUST_USE bool settings_load(struct arena *a, struct str dir, char *const *environment,
                            struct settings *ret_settings, struct err *e);

/* Where the value that is in force came from. */
enum setting_origin { SETTING_STANDARD, SETTING_FILE, SETTING_ENVIRONMENT };

/* What loading found besides the values. The arrays have one element a row of settings_about. */
struct settings_report {
    struct faults faults;         /* all of them; any makes loading fail */
    struct faults notes;          /* what looks like a slip but does no harm */
    enum setting_origin *origins; /* where each value came from */
    size_t *lines;                /* of SETTING_FILE */
};

/*
 * As settings_load, and tells everything. *ret_report is filled when it fails, too; ret_settings
 * only when it succeeds. Memory: the arena's.
 */
MUST_USE bool settings_load_report(struct arena *a, struct str dir, char *const *environment,
                                   struct settings *ret_settings,
                                   struct settings_report *ret_report, struct err *e);

enum setting_type {
    SETTING_TEXT,
    SETTING_LIST,
    SETTING_INT,
    SETTING_SIZE,
    SETTING_DURATION,
    SETTING_BOOL,
};

/* What is known of one setting, for `aitys explain` and the reference. */
struct setting_about {
    const char *name;
    const char *standard; /* as settings.def has it; lists separated by commas */
    int64_t min, max;
    const char *unit;
    const char *about;
    size_t offset; /* in struct settings */
    enum setting_type type;
    bool is_secret;
};
const struct setting_about *settings_about(size_t *ret_n);
/* The row of that name, or NULL; *ret_near then is the most similar name, NULL when none is. */
const struct setting_about *settings_find(struct str name, const char **ret_near);
/* "AITYS_SITE_NAME" for site.name. */
struct str setting_environment(struct arena *a, const struct setting_about *row);
/* What its value must be, in words: "a whole number from 1 to 64". */
struct str setting_range(struct arena *a, const struct setting_about *row);
/* The value in force as text ("(secret)" for secrets); lists separated by ", ". */
struct str settings_print(struct arena *a, const struct settings *s, struct str name);
