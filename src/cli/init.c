/*
 * aitys init: a newsroom's folder, settings and database.
 */
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/must.h"
#include "cli/publish.h"
#include "config/file.h"

/* What most newsrooms change, in the order of the file. */
static const char *const shown[] = {
    "site.name",       "site.origin",   "site.language",          "site.languages",
    "site.zone",       "server.listen", "server.trusted_proxies", "comments.mode",
    "comments.first_n"};

/* The folder is made, or was there and is empty. */
static bool make_folder(struct cli *c, struct str dir, bool *ret_is_ours)
{
    const char *path = arena_cstr(c->arena, dir);
    *ret_is_ours = mkdir(path, 0750) == 0;
    if (!*ret_is_ours && errno != EEXIST) {
        cli_say("%s: %s", path, strerrordesc_np(errno));
        return false;
    }
    DIR *folder = opendir(path);
    if (!folder) {
        cli_say("%s: %s", path, strerrordesc_np(errno));
        return false;
    }
    size_t n = 0;
    for (const struct dirent *d = readdir(folder); d; d = readdir(folder))
        n += strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
    (void)closedir(folder);
    if (n > 0)
        cli_say("%s: is not empty; name a new folder", path);
    return n == 0;
}

static void put_value(struct buf *out, const struct setting_about *row)
{
    struct str standard = str_of(row->standard);
    if (row->type == SETTING_LIST)
        buf_printf(out, "[%s]", row->standard);
    else if (row->type == SETTING_TEXT)
        buf_printf(out, "\"%s\"", row->standard);
    else
        buf_put(out, standard);
}

/* The commented settings; a group's name stands once. */
static struct str sample(struct arena *a)
{
    struct buf out = buf_in(a, 16 * KiB);
    struct str group = STR_NONE;
    buf_put(&out, STR("# The settings of this newsroom. `aitys explain` lists all that there are,\n"
                      "# `aitys check` tells whether these are good.\n"));
    for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
        const char *near;
        const struct setting_about *row = settings_find(str_of(shown[i]), &near);
        struct str own_group, name;
        MUST(row && str_cut(str_of(row->name), '.', &own_group, &name));
        if (!str_eq(group, own_group))
            buf_printf(&out, "\n" STR_FMT ":\n", STR_ARG(own_group));
        group = own_group;
        buf_printf(&out, "  # %s\n  " STR_FMT ": ", row->about, STR_ARG(name));
        put_value(&out, row);
        buf_char(&out, '\n');
    }
    MUST(buf_ok(&out));
    return buf_str(&out);
}

/* The demo's settings when it has some, else the sample. */
static bool write_settings(struct cli *c, struct str dir)
{
    struct str text = sample(c->arena);
    struct err e;
    if (c->has[CLI_OPTION_DEMO]) {
        struct str from = file_path(c->arena, c->values[CLI_OPTION_DEMO], STR(SETTINGS_FILE));
        if (!file_read(c->arena, from, 1 * MiB, &text, &e) && e.kind != ERR_MISSING)
            return cli_fail(&e) == CLI_DONE;
    }
    struct str path = file_path(c->arena, dir, STR(SETTINGS_FILE));
    return file_write_new(c->arena, path, 0640, text, &e) || cli_fail(&e) == CLI_DONE;
}

static bool found(struct tx *tx, void *context, struct err *e)
{
    (void)context;
    return site_found(tx, e);
}

static bool make_database(struct cli *c, struct newsroom *n)
{
    struct db_options options = newsroom_db_options(c, n, NEWSROOM_BESIDE);
    struct db *db = NULL;
    struct err e;
    bool is_free = db_create(options.address, &e) ||
                   (newsroom_is_on_server(&n->settings) && e.kind == ERR_CONFLICT);
    bool ok = is_free && db_open(&options, &db, &e) && db_write_now(db, c->arena, found, NULL, &e);
    if (!ok && e.kind == ERR_CONFLICT && newsroom_is_on_server(&n->settings))
        cli_say(
            "the database holds a newsroom already; name an empty one, or serve that one from a "
            "folder with its " SETTINGS_FILE);
    else if (!ok)
        (void)cli_fail(&e);
    if (db)
        db_close(&db);
    return ok;
}

/* A server that was away is no reason to find a folder half made the next time. */
static void unmake(struct cli *c, struct str dir, bool is_ours, const struct newsroom *n)
{
    if (!newsroom_is_on_server(&n->settings))
        return;
    (void)unlink(file_path(c->arena, dir, STR(SETTINGS_FILE)).p);
    if (is_ours)
        (void)rmdir(arena_cstr(c->arena, dir));
}

static enum cli_end fill(struct cli *c, struct newsroom *n)
{
    if (!newsroom_connect(c, NEWSROOM_BESIDE, n))
        return CLI_FAILED;
    struct str demo = c->values[CLI_OPTION_DEMO];
    enum cli_end end = publish_paths(c, n, &demo, 1);
    struct str comments = file_path(c->arena, demo, STR("comments.json"));
    if (end == CLI_DONE && access(comments.p, F_OK) == 0)
        end = import_file(c, n, comments);
    return end;
}

enum cli_end command_init(struct cli *c)
{
    struct str dir = c->args[0];
    struct newsroom n = {0};
    bool is_ours;
    if (!make_folder(c, dir, &is_ours) || !write_settings(c, dir) || !newsroom_load(c, dir, &n))
        return CLI_FAILED;
    if (!make_database(c, &n)) {
        unmake(c, dir, is_ours, &n);
        return CLI_FAILED;
    }
    enum cli_end end = c->has[CLI_OPTION_DEMO] ? fill(c, &n) : CLI_DONE;
    newsroom_close(&n);
    if (end != CLI_DONE) {
        cli_say(STR_FMT
                ": was made but not filled; mend that, then run `aitys publish --dir " STR_FMT "`",
                STR_ARG(dir), STR_ARG(dir));
        return end;
    }
    cli_print("made " STR_FMT, STR_ARG(dir));
    cli_print("next: edit " STR_FMT "/" SETTINGS_FILE ", then\n"
              "  aitys moderator add --dir " STR_FMT " --role administrator NAME\n"
              "  aitys serve " STR_FMT,
              STR_ARG(dir), STR_ARG(dir), STR_ARG(dir));
    return CLI_DONE;
}
