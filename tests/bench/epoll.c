/*
 * The control: the least that a server can do. A bare epoll loop per thread that looks for the
 * empty line and sends the same bytes each time. No parsing, no limits, no deadlines: not a server.
 * Usage: epoll PORT FILE-WITH-THE-WHOLE-ANSWER THREADS
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static char answer[4 << 20];
static size_t answer_n;
static int port;

static int listener(void)
{
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&a, sizeof a) || listen(fd, 4096)) {
        perror("epoll control");
        exit(1);
    }
    return fd;
}

static void serve(int fd)
{
    char head[8192];
    for (;;) {
        ssize_t n = read(fd, head, sizeof head);
        if (n <= 0) {
            if (n == 0)
                close(fd);
            return;
        }
        if (memmem(head, (size_t)n, "\r\n\r\n", 4) == NULL)
            return;
        if (write(fd, answer, answer_n) != (ssize_t)answer_n) {
            close(fd);
            return;
        }
        if ((size_t)n < sizeof head)
            return;
    }
}

static void *loop(void *unused)
{
    (void)unused;
    struct epoll_event got[256];
    int one = 1, sock = listener(), ep = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.fd = sock};
    epoll_ctl(ep, EPOLL_CTL_ADD, sock, &e);
    for (;;) {
        int n = epoll_wait(ep, got, 256, -1);
        for (int i = 0; i < n; i++) {
            if (got[i].data.fd != sock) {
                serve(got[i].data.fd);
                continue;
            }
            int fd;
            while ((fd = accept4(sock, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                e = (struct epoll_event){.events = EPOLLIN, .data.fd = fd};
                epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
            }
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    port = atoi(argv[1]);
    FILE *f = fopen(argv[2], "r");
    if (!f)
        return 1;
    answer_n = fread(answer, 1, sizeof answer, f);
    fclose(f);
    pthread_t t;
    for (int i = 1; i < atoi(argv[3]); i++)
        pthread_create(&t, NULL, loop, NULL);
    loop(NULL);
    return 0;
}
