#include "config/settings.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "config/check.h"
#include "config/file.h"
#include "tests/lib/unit.h"

/* A folder with one aitys.yaml, gone at the end of the scope. */
struct folder {
    char path[32];
};

static struct folder folder_with(struct arena *a, const char *text)
{
    struct folder f = {"/tmp/aitys-test-XXXXXX"};
    struct err e;
    assert_non_null(mkdtemp(f.path));
    assert_true(file_write_new(a, file_path(a, str_of(f.path), STR(SETTINGS_FILE)), 0600,
                               str_of(text), &e));
    return f;
}

static void folder_drop(const struct folder *f)
{
    char file[64];
    (void)snprintf(file, sizeof(file), "%s/" SETTINGS_FILE, f->path);
    (void)unlink(file);
    (void)rmdir(f->path);
}

/* Loads a text; gives the faults one a line without the folder, "" for none. */
static struct str faults_of(struct arena *a, const char *text, char *const *environment,
                            struct settings *ret_settings)
{
    ON_LEAVE(folder_drop) struct folder f = folder_with(a, text);
    struct settings_report report;
    struct err e = {0};
    bool ok = settings_load_report(a, str_of(f.path), environment, ret_settings, &report, &e);
    assert_true(ok == (report.faults.n == 0));
    assert_true(ok || e.kind == ERR_INVALID);
    struct str all = STR("");
    for (size_t i = 0; i < report.faults.n; i++) {
        struct str line = fault_print(&report.faults, &report.faults.items[i]);
        if (str_begins(line, str_of(f.path)))
            line = str_from(line, strlen(f.path) + 1);
        all = arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(all), i > 0 ? "\n" : "", STR_ARG(line));
    }
    return all;
}

static void standard_values_are_good(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct settings s;
    settings_standard(a, &s);
    assert_str(s.site_name, "Aitys");
    assert_int_equal(s.site_languages.n, 1);
    assert_int_equal(s.store_cache_bytes, 64 * MiB);
    assert_int_equal(s.server_operator_listen.n, 0);
    assert_str(faults_of(a, "", NULL, &s), "");
    assert_str(faults_of(a, "# nothing yet\nsite:\n", NULL, &s), "");
    assert_str(s.site_name, "Aitys");
}

static void values_are_read(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct settings s;
    assert_str(faults_of(a,
                         "site:\n"
                         "  name: \"Дала: газеті\"\n"
                         "  origin: https://example.kz:8443\n"
                         "  language: kk\n"
                         "  languages: [kk, ru, uz-Latn]\n"
                         "  zone: Asia/Almaty\n"
                         "database: postgresql://aitys@db/aitys\n"
                         "store:\n"
                         "  cache: 1 GiB\n"
                         "  busy_ms: 2 s\n"
                         "server:\n"
                         "  listen:\n"
                         "    - '[::1]:80'\n"
                         "    - unix:/run/aitys/http\n"
                         "    - :8080\n"
                         "  trusted_proxies: [10.0.0.0/8, fd00::/8, 127.0.0.1]\n"
                         "comments: {mode: held, repeat_hours: 2 days}\n",
                         NULL, &s),
               "");
    assert_str(s.site_name, "Дала: газеті");
    assert_str(s.site_languages.items[2], "uz-Latn");
    assert_int_equal(s.store_cache_bytes, 1024 * MiB);
    assert_int_equal(s.store_busy_ms, 2000);
    assert_int_equal(s.comments_repeat_hours, 48);
    assert_str(settings_print(a, &s, STR("server.listen")),
               "[::1]:80, unix:/run/aitys/http, :8080");
    assert_str(settings_print(a, &s, STR("store.cache")), "1 GiB");
    assert_str(settings_print(a, &s, STR("store.busy_ms")), "2000 ms");
    assert_str(settings_print(a, &s, STR("database")), "(secret)");
    assert_str(settings_print(a, &s, STR("no.such")), "");
}

static void faults_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *text, *faults;
    } cases[] = {
        {"site:\n  nmae: x\n",
         "aitys.yaml:2: site.nmae: there is no such setting; did you mean site.name?"},
        {"sit:\n  name: x\n", "aitys.yaml:1: sit: there is no such setting; did you mean site?"},
        {"colour: red\n",
         "aitys.yaml:1: colour: there is no such setting; `aitys explain` lists them all"},
        {"databse: x.db\n",
         "aitys.yaml:1: databse: there is no such setting; did you mean database?"},
        {"site.name: x\n",
         "aitys.yaml:1: site.name: write it in two lines: \"site:\", and below it, indented, "
         "\"name: …\""},
        {"site: Dala\n",
         "aitys.yaml:1: site: is a text, but should have settings below it; indent them"},
        {"site: [x]\n",
         "aitys.yaml:1: site: is a list, but should have settings below it; indent them"},
        {"- x\n", "aitys.yaml:1: is a list, but should be settings; write them as \"name: value\""},
        {"hello\n",
         "aitys.yaml:1: is a text, but should be settings; write them as \"name: value\""},
        {"site:\n  name:\n", "aitys.yaml:2: site.name: has no value; write one or remove the line"},
        {"site:\n  name: \"\"\n",
         "aitys.yaml:2: site.name: is empty; write a value or remove the line"},
        {"site:\n  name: \"a\\nb\"\n",
         "aitys.yaml:2: site.name: has a line end, a control character or broken UTF-8 in it; "
         "write it again on one line"},
        {"site:\n  name: [a]\n",
         "aitys.yaml:2: site.name: is a list, but should be one value; write a text of 1 to 200 "
         "bytes"},
        {"database: {a: b}\n", "aitys.yaml:1: database: is a map, but should be one value; write a "
                               "text of 1 to 500 bytes"},
        {"site:\n  name: a\n  name: b\n",
         "aitys.yaml:3: name: stands here a second time, first in line 2; remove one of them"},
        {"store:\n  readers: four\n",
         "aitys.yaml:2: store.readers: \"four\" is not understood; write a whole number from 1 to "
         "64"},
        {"store:\n  readers: 65\n",
         "aitys.yaml:2: store.readers: \"65\" is too large; write a whole number from 1 to 64"},
        {"store:\n  readers: 99999999999999999999\n",
         "aitys.yaml:2: store.readers: \"99999999999999999999\" is not understood; write a whole "
         "number from 1 to 64"},
        {"store:\n  readers: 0\n",
         "aitys.yaml:2: store.readers: \"0\" is too small; write a whole number from 1 to 64"},
        {"store:\n  cache: 64 MB\n",
         "aitys.yaml:2: store.cache: \"64 MB\" is not understood; write a number of bytes, or of "
         "KiB, MiB or GiB, from 1 MiB to 64 GiB"},
        {"store:\n  cache: 1 KiB\n",
         "aitys.yaml:2: store.cache: \"1 KiB\" is too small; write a number of bytes, or of KiB, "
         "MiB or GiB, from 1 MiB to 64 GiB"},
        {"store:\n  cache: 9223372036854775807 GiB\n",
         "aitys.yaml:2: store.cache: \"9223372036854775807 GiB\" is too large; write a number of "
         "bytes, or of KiB, MiB or GiB, from 1 MiB to 64 GiB"},
        {"comments:\n  edit_minutes: 90 s\n",
         "aitys.yaml:2: comments.edit_minutes: \"90 s\" is not a whole number of minutes; write a "
         "whole number of minutes from 0 to 1440"},
        {"comments:\n  edit_minutes: soon\n",
         "aitys.yaml:2: comments.edit_minutes: \"soon\" is not understood; write a whole number of "
         "minutes from 0 to 1440"},
        {"comments:\n  mode: opne\n",
         "aitys.yaml:2: comments.mode: \"opne\" is not a mode; write open, first, held or closed"},
        {"log:\n  level: noisy\n",
         "aitys.yaml:2: log.level: \"noisy\" is not a level; write error, warning, info or debug"},
        {"site:\n  languages: en\n",
         "aitys.yaml:2: site.languages: is a text, but should be a list; put the items in "
         "brackets: [a, b]"},
        {"site:\n  languages: []\n",
         "aitys.yaml:2: site.languages: has 0 items; write a list of 1 to 40 items"},
        {"site:\n  languages:\n    - en\n    - [ru]\n",
         "aitys.yaml:4: site.languages: has an item that is not a text; write one or remove it"},
        {"site:\n  languages:\n    - en\n    - Kazakh!\n",
         "aitys.yaml:4: site.languages: \"Kazakh!\" is not a language tag; write one like kk, "
         "uz-Latn or pt-BR"},
        {"site:\n  languages: [en, ru,\n    en]\n",
         "aitys.yaml:3: site.languages: \"en\" stands there a second time; remove one of them"},
        {"site:\n  language: kk\n",
         "aitys.yaml:2: site.language: \"kk\" is not among site.languages; add it there or choose "
         "one of them"},
        {"site:\n  origin: https://example.org/\n",
         "aitys.yaml:2: site.origin: \"https://example.org/\" is not an origin; write http:// or "
         "https:// and a host, perhaps :port, and nothing behind it (international names in their "
         "xn-- form)"},
        {"site:\n  zone: Asia/Atlantis\n",
         "aitys.yaml:2: site.zone: \"Asia/Atlantis\" is not a time zone; write a name of the IANA "
         "database like Asia/Almaty"},
        {"server:\n  listen:\n    - 127.0.0.1:80\n    - 127.0.0.1\n",
         "aitys.yaml:4: server.listen: \"127.0.0.1\" is not an address to listen on; write "
         "host:port, [v6]:port or unix:/path"},
        {"server:\n  trusted_proxies: [10.0.0.0/33]\n",
         "aitys.yaml:2: server.trusted_proxies: \"10.0.0.0/33\" is not an address or a network; "
         "write one like 10.0.0.1, 10.0.0.0/8 or fd00::/8"},
        /* All at once. */
        {"site:\n  nmae: x\nstore:\n  readers: 65\n  cache: x\n",
         "aitys.yaml:2: site.nmae: there is no such setting; did you mean site.name?\n"
         "aitys.yaml:4: store.readers: \"65\" is too large; write a whole number from 1 to 64\n"
         "aitys.yaml:5: store.cache: \"x\" is not understood; write a number of bytes, or of KiB, "
         "MiB or GiB, from 1 MiB to 64 GiB"},
        {"site:\n  zone: X\n  origin: y.example:80\n",
         "aitys.yaml:3: site.origin: \"y.example:80\" is not an origin; write http:// or https:// "
         "and a host, perhaps :port, and nothing behind it (international names in their xn-- "
         "form)\n"
         "aitys.yaml:2: site.zone: \"X\" is not a time zone; write a name of the IANA database "
         "like Asia/Almaty"},
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct settings s;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_str(faults_of(a, cases[i].text, NULL, &s), cases[i].faults);
}

static void secrets_are_not_quoted(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct settings s;
    char *environment[] = {(char[]){"AITYS_DATABASE="}, NULL};
    assert_str(faults_of(a, "", environment, &s),
               "environment: AITYS_DATABASE: is empty; write a value or remove the line");
}

static void environment_wins(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct settings s;
    char *good[] = {(char[]){"HOME=/"},
                    (char[]){"AITYS_SITE_NAME=From outside"},
                    (char[]){"AITYS_SITE_LANGUAGES=en, ru"},
                    (char[]){"AITYS_PORT=tcp://x"},
                    (char[]){"AITYS_DIR=/x"},
                    NULL};
    assert_str(faults_of(a, "site:\n  name: From file\n  languages: [en]\n", good, &s), "");
    assert_str(s.site_name, "From outside");
    assert_int_equal(s.site_languages.n, 2);
    char *bad[] = {(char[]){"AITYS_STORE_READERS=x"}, (char[]){"AITYS_SITE_LANGUAGES=en,,ru"},
                   NULL};
    assert_str(faults_of(a, "", bad, &s),
               "environment: AITYS_STORE_READERS: \"x\" is not understood; write a whole number "
               "from 1 to 64\n"
               "environment: AITYS_SITE_LANGUAGES: has an empty item; remove the comma too many");
    char *zone[] = {(char[]){"AITYS_SITE_ZONE=Mars"}, NULL};
    assert_str(faults_of(a, "site:\n  zone: UTC\n", zone, &s),
               "environment: AITYS_SITE_ZONE: \"Mars\" is not a time zone; write a name of the "
               "IANA database like Asia/Almaty");
}

static void origins_are_known(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    ON_LEAVE(folder_drop) struct folder f = folder_with(a, "site:\n  name: A\n");
    char *environment[] = {(char[]){"AITYS_SITE_ZONE=Asia/Almaty"}, (char[]){"AITYS_SITE_NMAE=x"},
                           NULL};
    struct settings s;
    struct settings_report report;
    struct err e;
    assert_true(settings_load_report(a, str_of(f.path), environment, &s, &report, &e));
    size_t n;
    const struct setting_about *rows = settings_about(&n);
    for (size_t i = 0; i < n; i++) {
        struct str name = str_of(rows[i].name);
        enum setting_origin expected = str_eq(name, STR("site.name"))   ? SETTING_FILE
                                       : str_eq(name, STR("site.zone")) ? SETTING_ENVIRONMENT
                                                                        : SETTING_STANDARD;
        assert_int_equal(report.origins[i], expected);
    }
    assert_int_equal(report.notes.n, 1);
    assert_str(
        report.notes.items[0].what,
        "AITYS_SITE_NMAE: there is no such setting; did you mean the variable of site.name?");
}

static void a_missing_file_is_said(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct settings s;
    struct err e;
    assert_false(settings_load(a, STR("/nowhere"), NULL, &s, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    assert_string_equal(e.why, "/nowhere/aitys.yaml: there is no such file; name the newsroom's "
                               "folder with --dir or AITYS_DIR, or make one with `aitys init DIR`");
}

static void every_row_explains_itself(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    size_t n;
    const struct setting_about *rows = settings_about(&n);
    for (size_t i = 0; i < n; i++) {
        const char *near;
        assert_ptr_equal(settings_find(str_of(rows[i].name), &near), &rows[i]);
        assert_true(rows[i].min <= rows[i].max);
        assert_true(setting_range(a, &rows[i]).n > 0);
        assert_true(str_ends(str_of(rows[i].about), STR(".")));
    }
    const char *near;
    assert_str(setting_environment(a, settings_find(STR("store.cache"), &near)),
               "AITYS_STORE_CACHE");
}

static void addresses_are_judged(void **state)
{
    (void)state;
    static const char *const origins[] = {"http://a", "https://a.b-c.example", "https://a:1",
                                          "http://[::1]", "http://[::1]:8080"};
    static const char *const not_origins[] = {"",
                                              "a",
                                              "ftp://a",
                                              "https://",
                                              "https://a/",
                                              "https://a:",
                                              "https://a:0",
                                              "https://a?b",
                                              "https://u@a",
                                              "https://a:65536",
                                              "https://.a",
                                              "https://a..b",
                                              "https://-a",
                                              "https://a.",
                                              "https://әә.kz",
                                              "http://[::1",
                                              "http://[x]",
                                              "http://[::1]x",
                                              "https://a:80:80"};
    for (size_t i = 0; i < ARRAY_LEN(origins); i++)
        assert_true(settings_is_origin(str_of(origins[i])));
    for (size_t i = 0; i < ARRAY_LEN(not_origins); i++)
        assert_false(settings_is_origin(str_of(not_origins[i])));
    static const char *const listens[] = {":80", "0.0.0.0:80", "[::]:80", "localhost:8080",
                                          "unix:/run/x"};
    static const char *const not_listens[] = {"",       "80",    "a",    "a:",     ":0",
                                              "unix:x", "unix:", "[::]", "::1:80", "[::]80"};
    for (size_t i = 0; i < ARRAY_LEN(listens); i++)
        assert_true(settings_is_listen(str_of(listens[i])));
    for (size_t i = 0; i < ARRAY_LEN(not_listens); i++)
        assert_false(settings_is_listen(str_of(not_listens[i])));
    assert_true(settings_is_network(STR("::1/128")));
    assert_false(settings_is_network(STR("::1/129")));
    assert_false(settings_is_network(STR("10.0.0/8")));
    assert_false(settings_is_network(STR("proxy.example")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standard_values_are_good), cmocka_unit_test(values_are_read),
        cmocka_unit_test(faults_are_told),          cmocka_unit_test(secrets_are_not_quoted),
        cmocka_unit_test(environment_wins),         cmocka_unit_test(origins_are_known),
        cmocka_unit_test(a_missing_file_is_said),   cmocka_unit_test(every_row_explains_itself),
        cmocka_unit_test(addresses_are_judged),
    };
    return RUN_TESTS(tests);
}
