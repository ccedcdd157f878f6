// The last steps before a process becomes the command: what the launcher and the sandbox's other half share.
#define _GNU_SOURCE
#include "CLaunch.h"

#include <errno.h>
#include <limits.h>
#include <linux/close_range.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

// Connections that wait while the user is asked about one.
enum { backlog = 64 };

static int listen_on_loopback(uint16_t port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) { return -errno; }
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, backlog) < 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

static int offer_listener(int channel, uint16_t port) {
  int listener = listen_on_loopback(port);
  if (listener < 0) { return listener; }
  char byte = 0;
  struct iovec text = {.iov_base = &byte, .iov_len = 1};
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control = {0};
  struct msghdr message = {
      .msg_iov = &text, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.space};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(header), &listener, sizeof listener);
  int result = sendmsg(channel, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
  close(listener);
  return result;
}

// Leaves the parent's group, takes the terminal on 0 if there is one.
static int take_foreground(void) {
  if (setpgid(0, 0) < 0) { return -errno; }
  if (!isatty(0)) { return 0; }
  // A background group that sets the foreground is stopped by SIGTTOU unless that is blocked.
  sigset_t block, before;
  sigemptyset(&block);
  sigaddset(&block, SIGTTOU);
  sigprocmask(SIG_BLOCK, &block, &before);
  int result = tcsetpgrp(0, getpgrp()) < 0 ? -errno : 0;
  sigprocmask(SIG_SETMASK, &before, NULL);
  return result;
}

static int reset_signals(void) {
  for (int number = 1; number < NSIG; number++) {
    // The kernel's and libc's reserved numbers refuse; that is no error.
    signal(number, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  return sigprocmask(SIG_SETMASK, &none, NULL) < 0 ? -errno : 0;
}

static int close_on_exec_from(int first) {
  return close_range((unsigned)first, ~0U, CLOSE_RANGE_CLOEXEC) < 0 ? -errno : 0;
}

int stet_prepare_command(int proxy, bool foreground, const char **what) {
  int result = 0;
  if (proxy >= 0) {
    *what = "listening for the network proxy";
    result = offer_listener(proxy, STET_PROXY_PORT);
    if (result < 0) { return result; }
  }
  if (foreground) {
    *what = "taking the terminal";
    result = take_foreground();
    if (result < 0) { return result; }
  }
  *what = "close_range";
  result = close_on_exec_from(3);
  if (result < 0) { return result; }
  *what = "sigprocmask";
  return reset_signals();
}

static bool is_executable_file(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

// Where POSIX utilities are when PATH is unset.
static const char default_path[] = "/usr/local/bin:/usr/bin:/bin";

// As execvp, but without its relative entries: which program runs must not depend on the working directory.
static int find_in_path(const char *name, char *found, size_t capacity) {
  const char *path = getenv("PATH");
  if (!path) { path = default_path; }
  size_t name_length = strlen(name);
  if (name_length == 0) { return -ENOENT; }
  while (*path) {
    size_t length = strcspn(path, ":");
    if (path[0] == '/' && length + name_length + 2 <= capacity) {
      memcpy(found, path, length);
      found[length] = '/';
      memcpy(found + length + 1, name, name_length + 1);
      if (is_executable_file(found)) { return 0; }
    }
    path += length;
    if (*path == ':') { path++; }
  }
  return -ENOENT;
}

int stet_become(char *const *command, bool *was_found) {
  char found[PATH_MAX];
  const char *program = command[0];
  *was_found = true;
  if (!strchr(program, '/')) {
    if (find_in_path(program, found, sizeof found) < 0) {
      *was_found = false;
      return -ENOENT;
    }
    program = found;
  }
  execv(program, command);
  return -errno;
}
