#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/systemd.h"
#include "tests/lib/unit.h"

/* A bound datagram socket; n bytes of un's path count. */
static int receiver(const char *name, size_t n)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    memcpy(un.sun_path, name, n);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&un, bytes), 0);
    return fd;
}

static void hears(int fd, const char *wanted)
{
    char got[100] = "";
    assert_int_equal(recv(fd, got, sizeof got - 1, MSG_DONTWAIT), strlen(wanted));
    assert_string_equal(got, wanted);
}

static void a_state_reaches_a_path(void **state)
{
    (void)state;
    char dir[] = "/tmp/aitys-systemd-XXXXXX", path[100];
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof path, "%s/notify", dir);
    int fd = receiver(path, strlen(path) + 1);
    (void)setenv("NOTIFY_SOCKET", path, 1);
    systemd_notify(STR("READY=1"));
    hears(fd, "READY=1");
    (void)unsetenv("NOTIFY_SOCKET");
    systemd_notify(STR("STOPPING=1"));
    assert_int_equal(recv(fd, path, 1, MSG_DONTWAIT), -1);
    (void)close(fd);
    (void)unlink(path);
    (void)rmdir(dir);
}

static void a_state_reaches_an_abstract_address(void **state)
{
    (void)state;
    char name[100], given[100];
    int n = snprintf(name, sizeof name, "_aitys-systemd-%d", (int)getpid());
    (void)snprintf(given, sizeof given, "@%s", name + 1);
    name[0] = 0;
    int fd = receiver(name, (size_t)n);
    (void)setenv("NOTIFY_SOCKET", given, 1);
    systemd_notify(STR("STOPPING=1"));
    hears(fd, "STOPPING=1");
    (void)unsetenv("NOTIFY_SOCKET");
    (void)close(fd);
}

/* Each is taken for nobody: no crash, no wait, no descriptor left open. */
static void addresses_that_lead_nowhere_are_passed_over(void **state)
{
    (void)state;
    char longest[300];
    memset(longest, 'a', sizeof longest);
    longest[0] = '/';
    longest[sizeof longest - 1] = 0;
    const char *const wrong[] = {"", "@", "/", "relative", "/nobody/listens", longest};
    int next = dup(0);
    (void)close(next);
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        (void)setenv("NOTIFY_SOCKET", wrong[i], 1);
        systemd_notify(STR("READY=1"));
    }
    (void)unsetenv("NOTIFY_SOCKET");
    int after = dup(0);
    assert_int_equal(after, next);
    (void)close(after);
}

static void environment(int pid, const char *fds)
{
    char text[20];
    (void)snprintf(text, sizeof text, "%d", pid);
    (void)setenv("LISTEN_PID", text, 1);
    (void)setenv("LISTEN_FDS", fds, 1);
    (void)setenv("LISTEN_FDNAMES", "http", 1);
}

static void sockets_are_for_one_process(void **state)
{
    (void)state;
    struct err e;
    size_t n = 9;
    environment(getppid(), "1");
    assert_true(systemd_sockets(&n, &e));
    assert_int_equal(n, 0);
    assert_null(getenv("LISTEN_PID"));
    assert_null(getenv("LISTEN_FDS"));
    assert_null(getenv("LISTEN_FDNAMES"));
}

static void sockets_are_counted_and_kept_from_children(void **state)
{
    (void)state;
    struct err e;
    size_t n = 0;
    int kept = fcntl(SYSTEMD_FDS_START, F_DUPFD_CLOEXEC, 100);
    assert_true(dup2(0, SYSTEMD_FDS_START) >= 0);
    environment(getpid(), "1");
    assert_true(systemd_sockets(&n, &e));
    assert_int_equal(n, 1);
    assert_int_equal(fcntl(SYSTEMD_FDS_START, F_GETFD), FD_CLOEXEC);
    assert_true(systemd_sockets(&n, &e));
    assert_int_equal(n, 0);
    (void)close(SYSTEMD_FDS_START);
    if (kept >= 0) {
        assert_int_equal(dup2(kept, SYSTEMD_FDS_START), SYSTEMD_FDS_START);
        (void)close(kept);
    }
}

static void what_cannot_be_sockets_is_refused(void **state)
{
    (void)state;
    struct err e;
    size_t n = 9;
    environment(getpid(), "many");
    assert_false(systemd_sockets(&n, &e));
    assert_int_equal(e.kind, ERR_INVALID);
    environment(getpid(), "2000000000");
    assert_false(systemd_sockets(&n, &e));
    assert_int_equal(e.kind, ERR_BROKEN);
    assert_int_equal(n, 9);
    assert_null(getenv("LISTEN_FDS"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_state_reaches_a_path),
        cmocka_unit_test(a_state_reaches_an_abstract_address),
        cmocka_unit_test(addresses_that_lead_nowhere_are_passed_over),
        cmocka_unit_test(sockets_are_for_one_process),
        cmocka_unit_test(sockets_are_counted_and_kept_from_children),
        cmocka_unit_test(what_cannot_be_sockets_is_refused),
    };
    return RUN_TESTS(tests);
}
