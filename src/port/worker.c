#include "port/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

#define DEADLINE_MS 120000
#define PIECE_BYTES (64 * KiB)

struct worker {
    pid_t pid;
    int to, from; /* pipes; -1: closed */
};

static void pipe_close(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

/* Ends what is still running, by its own id, and waits for it. */
static void worker_end(struct worker *w)
{
    pipe_close(&w->to);
    pipe_close(&w->from);
    if (w->pid > 0) {
        (void)kill(w->pid, SIGKILL);
        (void)waitpid(w->pid, NULL, 0);
    }
    w->pid = 0;
}

static bool spawn_with(const char *path, int input, int output, pid_t *ret_pid)
{
    char *const argv[] = {(char[]){"aitys-picture"}, NULL};
    /* One thread, no reading of the user's settings; nothing of ours. */
    char *const environment[] = {(char[]){"LC_ALL=C.UTF-8"}, (char[]){"VIPS_CONCURRENCY=1"}, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    bool ok = posix_spawnattr_init(&attributes) == 0;
    if (ok) {
        sigset_t defaults;
        (void)sigemptyset(&defaults);
        (void)sigaddset(&defaults, SIGPIPE);
        ok = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) == 0 &&
             posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) == 0 &&
             posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) ==
                 0 &&
             posix_spawn_file_actions_addclosefrom_np(&actions, 3) == 0 &&
             posix_spawnattr_setsigdefault(&attributes, &defaults) == 0 &&
             posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF) == 0 &&
             (errno = posix_spawn(ret_pid, path, &actions, &attributes, argv, environment)) == 0;
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return ok;
}

static bool worker_start(struct worker *w, const char *path)
{
    int to[2], from[2];
    if (pipe2(to, O_CLOEXEC) != 0)
        return false;
    if (pipe2(from, O_CLOEXEC) != 0) {
        (void)close(to[0]);
        (void)close(to[1]);
        return false;
    }
    w->to = to[1];
    w->from = from[0];
    bool ok = spawn_with(path, to[0], from[1], &w->pid) && fcntl(w->to, F_SETFL, O_NONBLOCK) == 0 &&
              fcntl(w->from, F_SETFL, O_NONBLOCK) == 0;
    (void)close(to[0]);
    (void)close(from[1]);
    return ok;
}

/* Writes what the pipe takes. A worker that stops reading has its reasons: it answers them. */
static void feed(struct worker *w, struct str *input)
{
    ssize_t put = write(w->to, input->p, input->n < PIECE_BYTES ? input->n : PIECE_BYTES);
    if (put > 0)
        *input = str_from(*input, (size_t)put);
    bool failed = put < 0 && errno != EAGAIN && errno != EINTR;
    if (input->n == 0 || failed)
        pipe_close(&w->to);
}

/* Reads what there is. False: more than the answer may have. */
static bool collect(struct worker *w, struct buf *answer)
{
    char *room = buf_room(answer, PIECE_BYTES);
    if (!room)
        return false;
    ssize_t got = read(w->from, room, PIECE_BYTES);
    if (got > 0)
        answer->n += (size_t)got;
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        pipe_close(&w->from);
    return true;
}

static bool talk(struct worker *w, struct str input, struct buf *answer)
{
    int64_t deadline = clock_ticks_ms(&clock_system) + DEADLINE_MS;
    while (w->from >= 0) {
        int64_t left = deadline - clock_ticks_ms(&clock_system);
        /* poll passes over descriptors that are -1. */
        struct pollfd ends[] = {{.fd = w->from, .events = POLLIN},
                                {.fd = w->to, .events = POLLOUT}};
        if (left <= 0)
            return false;
        if (poll(ends, ARRAY_LEN(ends), (int)left) < 0 && errno != EINTR)
            return false;
        if (ends[1].revents != 0 && w->to >= 0)
            feed(w, &input);
        if (ends[0].revents != 0 && !collect(w, answer))
            return false;
    }
    return true;
}

static bool ended_well(struct worker *w)
{
    int status;
    pid_t done;
    do
        done = waitpid(w->pid, &status, 0);
    while (done < 0 && errno == EINTR);
    w->pid = 0;
    return done > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool worker_run(struct arena *a, const char *path, struct str input, size_t max_bytes,
                struct str *ret_answer, struct err *e)
{
    ON_LEAVE(worker_end) struct worker w = {.to = -1, .from = -1};
    struct buf answer = buf_heap(max_bytes + PIECE_BYTES);
    if (!worker_start(&w, path)) {
        buf_free(&answer);
        return err_set(e, ERR_BROKEN, 0, "%s: cannot be started: %s", path, strerrordesc_np(errno));
    }
    bool ok = talk(&w, input, &answer) && ended_well(&w) && answer.n <= max_bytes;
    if (ok)
        *ret_answer = arena_copy(a, buf_str(&answer));
    buf_free(&answer);
    return ok || err_set(e, ERR_BROKEN, 0,
                         "the picture's worker ended without an answer; the picture may need too "
                         "much memory or time, make it smaller");
}
