/* What concerns the database as a whole: copies, checks, scrubbing, other processes. */
#include "tests/unit/db/fixture.h"

#include <fcntl.h>
#include <unistd.h>

static void sleep_ms(long ms)
{
    struct timespec t = {ms / 1000, (ms % 1000) * 1000000};
    (void)nanosleep(&t, NULL);
}

struct load {
    struct fixture *f;
    atomic_bool stops;
    int64_t n;
};

static void *load_run(void *context)
{
    struct load *load = context;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct fixture own = *load->f;
    own.arena = a;
    while (!atomic_load(&load->stops))
        note_must_add(&own, ++load->n);
    return NULL;
}

static void a_copy_made_under_load_is_whole(void **state)
{
    struct fixture f, copy;
    struct err e;
    pthread_t thread;
    char path[500];
    (void)state;
    fixture_open(&f);
    struct load load = {.f = &f};
    assert_int_equal(pthread_create(&thread, NULL, load_run, &load), 0);
    sleep_ms(100);
    (void)snprintf(path, sizeof path, "%s/copy", f.folder);
    int64_t before = note_total(&f);
    if (!db_backup(f.db, str_of(path), &e))
        fail_msg("backup: %s", e.why);
    int64_t after = note_total(&f);
    assert_false(db_backup(f.db, str_of(path), &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    atomic_store(&load.stops, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    copy = f;
    copy.options.address = str_of(path);
    assert_true(db_open(&copy.options, &copy.db, &e));
    if (!db_check(copy.db, &e))
        fail_msg("check: %s", e.why);
    int64_t n = note_total(&copy);
    assert_true(n >= before && n <= after);
    db_close(&copy.db);
    assert_int_equal(note_total(&f), load.n);
    fixture_close(&f);
}

static void file_write(const char *path, const void *bytes, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), n);
    assert_int_equal(close(fd), 0);
}

struct names {
    const char *copy, *part, *journal;
};

static struct names names_of(struct fixture *f)
{
    return (struct names){
        arena_printf(f->arena, "%s/copy", f->folder).p,
        arena_printf(f->arena, "%s/copy.part", f->folder).p,
        arena_printf(f->arena, "%s/copy.part-journal", f->folder).p,
    };
}

/* Backs up where there is a part already, whatever it is; removes all that is there then. */
static bool backup_over(struct fixture *f, struct err *e)
{
    const struct names names = names_of(f);
    struct fixture copy = *f;
    struct err told;
    file_write(names.journal, "left", 4);
    bool ok = db_backup(f->db, str_of(names.copy), e);
    assert_int_equal(access(names.copy, F_OK), ok ? 0 : -1);
    assert_int_equal(access(names.part, F_OK), ok ? -1 : 0);
    assert_int_equal(access(names.journal, F_OK), ok ? -1 : 0);
    if (ok) {
        copy.options.address = str_of(names.copy);
        assert_true(db_open(&copy.options, &copy.db, &told));
        assert_true(db_check(copy.db, &told));
        assert_int_equal(note_total(&copy), note_total(f));
        db_close(&copy.db);
    }
    (void)unlink(names.copy);
    (void)unlink(names.part);
    (void)unlink(names.journal);
    return ok;
}

static void what_a_killed_backup_left_is_taken_over_and_nothing_else(void **state)
{
    static const char zeros[8192], text[8192] = "Somebody's own file.";
    static const char begun[8192] = "SQLite format 3";
    struct fixture f;
    struct err e;
    (void)state;
    fixture_open(&f);
    const struct names names = names_of(&f);
    for (int64_t i = 0; i < 300; i++)
        note_must_add(&f, i);
    file_write(names.part, "", 0);
    assert_true(backup_over(&f, &e));
    file_write(names.part, zeros, sizeof zeros);
    assert_true(backup_over(&f, &e));
    file_write(names.part, begun, sizeof begun);
    assert_true(backup_over(&f, &e));

    file_write(names.part, text, sizeof text);
    assert_false(backup_over(&f, &e));
    assert_int_equal(e.kind, ERR_BROKEN);
    assert_non_null(strstr(e.why, "/copy.part: is in the way"));
    assert_int_equal(symlink(f.address, names.part), 0);
    assert_false(backup_over(&f, &e));
    assert_non_null(strstr(e.why, "/copy.part: "));
    assert_int_equal(link(f.address, names.part), 0);
    assert_false(backup_over(&f, &e));
    assert_non_null(strstr(e.why, "/copy.part: is in the way"));
    assert_true(db_check(f.db, &e));
    fixture_close(&f);
}

static void damage_is_found(void **state)
{
    struct fixture f;
    struct err e;
    (void)state;
    fixture_open(&f);
    for (int64_t i = 0; i < 300; i++)
        note_must_add(&f, i);
    if (!db_check(f.db, &e))
        fail_msg("check: %s", e.why);
    if (fixture_is_postgres()) {
        fixture_close(&f);
        return;
    }
    db_close(&f.db);
    int fd = open(f.address, O_RDWR | O_CLOEXEC);
    char nonsense[2000];
    memset(nonsense, 0xee, sizeof nonsense);
    assert_int_equal(pwrite(fd, nonsense, sizeof nonsense, 4096 * 2 + 8), sizeof nonsense);
    (void)close(fd);
    assert_true(db_open(&f.options, &f.db, &e));
    assert_false(db_check(f.db, &e));
    assert_int_equal(e.kind, ERR_BROKEN);
    fixture_close(&f);
}

static bool secret_add(struct tx *tx, void *context, struct err *e)
{
    struct note_add_in in = {.id = 1, .name = STR("n"), .words = STR("wordsthatmustgo")};
    (void)context;
    return t_note_add(tx, &in, NULL, e);
}

static bool secret_drop(struct tx *tx, void *context, struct err *e)
{
    struct note_drop_in in = {1};
    db_scrub(context);
    return t_note_drop(tx, &in, NULL, e);
}

/* A reader that keeps its snapshot until told. */
static bool reading_work(struct tx *tx, void *context, struct err *e)
{
    struct note_count_out n;
    bool ok = t_note_count(tx, &n, e);
    struct gate *gate = context;
    pthread_mutex_lock(&gate->lock);
    gate->waiting = 1;
    pthread_cond_broadcast(&gate->changed);
    while (!gate->is_open)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
    return ok;
}

struct reading {
    struct fixture *f;
    struct gate gate;
};

static void *reading_run(void *context)
{
    struct reading *reading = context;
    struct err e;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    return db_read(reading->f->db, a, reading_work, &reading->gate, &e) ? NULL : context;
}

static bool secret_is_anywhere(struct fixture *f)
{
    struct str secret = STR("wordsthatmustgo");
    return str_find(fixture_file(f, ""), secret) >= 0 ||
           str_find(fixture_file(f, "-wal"), secret) >= 0;
}

static void deleted_words_leave_the_log_even_while_it_is_read(void **state)
{
    struct fixture f;
    struct err e;
    pthread_t thread;
    (void)state;
    fixture_open(&f);
    struct reading reading = {.f = &f};
    pthread_mutex_init(&reading.gate.lock, NULL);
    pthread_cond_init(&reading.gate.changed, NULL);
    assert_true(db_write_now(f.db, f.arena, secret_add, NULL, &e));
    assert_true(secret_is_anywhere(&f));
    assert_int_equal(pthread_create(&thread, NULL, reading_run, &reading), 0);
    pthread_mutex_lock(&reading.gate.lock);
    while (!reading.gate.waiting)
        pthread_cond_wait(&reading.gate.changed, &reading.gate.lock);
    pthread_mutex_unlock(&reading.gate.lock);
    assert_true(db_write_now(f.db, f.arena, secret_drop, f.db, &e));
    sleep_ms(300);
    assert_true(db_is_scrubbing(f.db));
    note_must_add(&f, 2);
    pthread_mutex_lock(&reading.gate.lock);
    reading.gate.is_open = true;
    pthread_cond_broadcast(&reading.gate.changed);
    pthread_mutex_unlock(&reading.gate.lock);
    void *result = NULL;
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_null(result);
    for (int i = 0; i < 100 && db_is_scrubbing(f.db); i++)
        sleep_ms(50);
    assert_false(db_is_scrubbing(f.db));
    assert_false(secret_is_anywhere(&f));
    assert_int_equal(note_total(&f), 1);
    fixture_close(&f);
}

static bool slow_work(struct tx *tx, void *context, struct err *e)
{
    struct note_count_out n;
    (void)context;
    bool ok = t_note_count(tx, &n, e);
    sleep_ms(60);
    return ok;
}

/* Readers that overlap without a gap would keep the log for ever. */
static void *endless_run(void *context)
{
    struct load *load = context;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct fixture own = *load->f;
    own.arena = a;
    while (!atomic_load(&load->stops)) {
        struct err e;
        if (!db_read(own.db, a, slow_work, NULL, &e))
            return context;
        arena_reset(a);
    }
    return NULL;
}

static void a_scrub_wins_against_endless_readers_and_writers(void **state)
{
    struct fixture f;
    struct err e;
    pthread_t threads[3];
    (void)state;
    fixture_open(&f);
    struct load load = {.f = &f};
    load.n = 100;
    assert_int_equal(pthread_create(&threads[2], NULL, load_run, &load), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, endless_run, &load), 0);
        sleep_ms(20); /* so that each begins while the other reads */
    }
    assert_true(db_write_now(f.db, f.arena, secret_add, NULL, &e));
    assert_true(db_write_now(f.db, f.arena, secret_drop, f.db, &e));
    for (int i = 0; i < 200 && db_is_scrubbing(f.db); i++)
        sleep_ms(50);
    assert_false(db_is_scrubbing(f.db));
    assert_false(secret_is_anywhere(&f));
    atomic_store(&load.stops, true);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    fixture_close(&f);
}

#define MANY 3000

/* Words of every length, so that pages split; each begins with its number. */
static bool many_add(struct tx *tx, void *context, struct err *e)
{
    const int *order = context;
    char *filler = arena_take(tx_arena(tx), 1500);
    memset(filler, 'x', 1500);
    for (int i = 0; i < MANY; i++) {
        struct note_add_in in = {.id = order[i]};
        in.name = arena_printf(tx_arena(tx), "NAME%06dE", order[i]);
        in.words =
            arena_printf(tx_arena(tx), "WORD%06dE%.*s", order[i], order[i] * 7919 % 1400, filler);
        if (!t_note_add(tx, &in, NULL, e))
            return false;
    }
    return true;
}

static bool many_drop(struct tx *tx, void *context, struct err *e)
{
    const int *order = context;
    for (int i = 0; i < MANY; i += 4) {
        struct note_drop_in in = {order[i]};
        if (!t_note_drop(tx, &in, NULL, e))
            return false;
    }
    return true;
}

/* How many dropped numbers stand behind NAME or WORD in the file. */
static int numbers_left(struct fixture *f, const int *order, const char *path_end)
{
    int n = 0;
    bool *is_dropped = arena_take(f->arena, MANY);
    for (int i = 0; i < MANY; i += 4)
        is_dropped[order[i]] = true;
    struct str all = fixture_file(f, path_end);
    for (size_t i = 0; i + 10 < all.n; i++) {
        int64_t id = 0;
        if (memcmp(all.p + i, "WORD", 4) != 0 && memcmp(all.p + i, "NAME", 4) != 0)
            continue;
        struct str digits = {all.p + i + 4, 6};
        while (digits.n > 1 && digits.p[0] == '0')
            digits = str_from(digits, 1);
        n += str_to_int64(digits, 0, MANY - 1, &id) && is_dropped[id];
    }
    return n;
}

/* SQLite itself leaves copies of rows in the unused part of pages that it splits. */
static void splitting_pages_leaves_no_words_behind(void **state)
{
    struct fixture f;
    struct err e;
    static int order[MANY];
    char path[500];
    (void)state;
    fixture_open(&f);
    for (int i = 0; i < MANY; i++)
        order[i] = i * 1237 % MANY; /* every number once, in no order */
    assert_true(db_write_now(f.db, f.arena, many_add, order, &e));
    assert_true(db_write_now(f.db, f.arena, many_drop, order, &e));
    (void)snprintf(path, sizeof path, "%s/copy", f.folder);
    assert_true(db_backup(f.db, str_of(path), &e));
    (void)snprintf(f.address, sizeof f.address, "%s", path);
    assert_int_equal(numbers_left(&f, order, ""), 0);
    (void)snprintf(f.address, sizeof f.address, "%s/db", f.folder);
    db_scrub(f.db);
    for (int i = 0; i < 100 && db_is_scrubbing(f.db); i++)
        sleep_ms(50);
    assert_int_equal(numbers_left(&f, order, "-wal"), 0);
    assert_int_equal(numbers_left(&f, order, ""), 0);
    assert_int_equal(note_total(&f), MANY - MANY / 4);
    assert_true(db_check(f.db, &e));
    fixture_close(&f);
}

static bool is_told(struct fixture *f)
{
    bool told = false;
    for (int i = 0; i < 40 && !told; i++) {
        sleep_ms(50);
        told = db_changed_elsewhere(f->db);
    }
    return told;
}

static void what_another_process_writes_is_noticed(void **state)
{
    struct fixture f, other;
    struct err e;
    (void)state;
    fixture_open(&f);
    other = f;
    assert_true(db_open(&f.options, &other.db, &e));
    note_must_add(&f, 1);
    sleep_ms(700);
    (void)db_changed_elsewhere(f.db);
    note_must_add(&f, 2);
    sleep_ms(700);
    assert_false(db_changed_elsewhere(f.db)); /* its own writes */
    note_must_add(&other, 3);
    assert_true(is_told(&f));
    assert_false(db_changed_elsewhere(f.db));
    note_must_add(&other, 4); /* behind each other's back */
    note_must_add(&f, 5);
    assert_true(is_told(&f));
    db_close(&other.db);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest on_both[] = {
        cmocka_unit_test(damage_is_found),
        cmocka_unit_test(what_another_process_writes_is_noticed),
    };
    const struct CMUnitTest on_sqlite[] = {
        cmocka_unit_test(damage_is_found),
        cmocka_unit_test(what_another_process_writes_is_noticed),
        cmocka_unit_test(a_copy_made_under_load_is_whole),
        cmocka_unit_test(what_a_killed_backup_left_is_taken_over_and_nothing_else),
        cmocka_unit_test(deleted_words_leave_the_log_even_while_it_is_read),
        cmocka_unit_test(a_scrub_wins_against_endless_readers_and_writers),
        cmocka_unit_test(splitting_pages_leaves_no_words_behind),
    };
    return fixture_is_postgres() ? RUN_TESTS(on_both) : RUN_TESTS(on_sqlite);
}
