#include "port/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/lib/unit.h"

static void *think(void *context)
{
    *(int *)context = 7;
    return NULL;
}

/* In a child of its own. Each digit is one promise; 0: all are kept. */
static int try_everything(void)
{
    if (!sandbox_limit(UINT64_C(1) << 30, 10) || !sandbox_enter())
        return 1;
    if (open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0 || errno != EPERM)
        return 2;
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM)
        return 3;
    if (fork() >= 0 || errno != EPERM)
        return 4;
    char *const argv[] = {(char[]){"true"}, NULL};
    if (execv("/bin/true", argv) != -1 || errno != EPERM)
        return 5;
    if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
        return 6;
    if (kill(getppid(), 0) == 0)
        return 7;
    /* What must go on working. */
    char *memory = malloc(8 << 20);
    if (!memory)
        return 8;
    memset(memory, 1, 8 << 20);
    free(memory);
    pthread_t thread;
    int thought = 0;
    if (pthread_create(&thread, NULL, think, &thought) != 0 || pthread_join(thread, NULL) != 0 ||
        thought != 7)
        return 9;
    return 0;
}

static void promises_are_kept(void **state)
{
    (void)state;
    int pipes[2], status, answer = -1;
    assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0) {
        int result = try_everything();
        ssize_t put = write(pipes[1], &result, sizeof(result));
        _exit(put == sizeof(result) ? 0 : 1);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(read(pipes[0], &answer, sizeof(answer)), sizeof(answer));
    assert_int_equal(answer, 0);
    (void)close(pipes[0]);
    (void)close(pipes[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(promises_are_kept),
    };
    return RUN_TESTS(tests);
}
