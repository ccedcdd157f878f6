// Sockets of the sandbox's proxy, outside: it serves a listener that was made in the command's network namespace.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int stet_socket_pair(int *near, int *far) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) { return -errno; }
  *near = ends[0];
  *far = ends[1];
  return 0;
}

int stet_take_listener(int channel) {
  char byte;
  struct iovec text = {.iov_base = &byte, .iov_len = 1};
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control = {0};
  struct msghdr message = {
      .msg_iov = &text, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.space};
  ssize_t count;
  do { count = recvmsg(channel, &message, MSG_CMSG_CLOEXEC); } while (count < 0 && errno == EINTR);
  if (count < 0) { return -errno; }
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS ||
      header->cmsg_len != CMSG_LEN(sizeof(int))) {
    return -EPROTO;
  }
  int listener;
  memcpy(&listener, CMSG_DATA(header), sizeof listener);
  return listener;
}

int stet_accept(int listener) {
  int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

int stet_connect(const void *address, uint32_t length, int stop, int timeout_ms) {
  const struct sockaddr *target = address;
  int fd = socket(target->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) { return -errno; }
  int error = connect(fd, target, length) < 0 ? errno : 0;
  if (error == EINPROGRESS) {
    struct pollfd watched[2] = {{.fd = fd, .events = POLLOUT}, {.fd = stop, .events = POLLIN}};
    int count;
    do { count = poll(watched, 2, timeout_ms); } while (count < 0 && errno == EINTR);
    socklen_t size = sizeof error;
    if (count < 0) {
      error = errno;
    } else if (watched[1].revents) {
      error = ECANCELED;
    } else if (count == 0) {
      error = ETIMEDOUT;
    } else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0) {
      error = errno;
    }
  }
  if (error) {
    close(fd);
    return -error;
  }
  return fd;
}
