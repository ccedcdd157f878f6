// epoll with the union and the packed struct hidden.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <sys/epoll.h>

int stet_epoll_create(void) {
  int fd = epoll_create1(EPOLL_CLOEXEC);
  return fd < 0 ? -errno : fd;
}

int stet_epoll_set(int epoll, int fd, uint64_t token, bool readable, bool writable) {
  if (!readable && !writable) {
    // Removed rather than left with no events: a hang-up is reported even for those.
    int result = stet_epoll_remove(epoll, fd);
    return result == -ENOENT ? 0 : result;
  }
  struct epoll_event event = {
      .events = (readable ? EPOLLIN : 0) | (writable ? EPOLLOUT : 0),
      .data.u64 = token,
  };
  if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) == 0) { return 0; }
  if (errno != ENOENT) { return -errno; }
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

int stet_epoll_remove(int epoll, int fd) {
  return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL) < 0 ? -errno : 0;
}

enum { batch = 64 };

int stet_epoll_wait(int epoll, stet_epoll_event *events, int capacity, int timeout_ms) {
  struct epoll_event raw[batch];
  int count = epoll_wait(epoll, raw, capacity < batch ? capacity : batch, timeout_ms);
  if (count < 0) { return errno == EINTR ? 0 : -errno; }
  for (int i = 0; i < count; i++) {
    events[i] = (stet_epoll_event){
        .token = raw[i].data.u64,
        .readable = (raw[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0,
        .writable = (raw[i].events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0,
    };
  }
  return count;
}
