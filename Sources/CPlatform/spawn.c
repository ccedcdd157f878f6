// Child processes: one posix_spawn, so no code of ours runs between fork and exec.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

// Sources are first moved above every number that the child uses: a dup2 onto 3 must not destroy
// the descriptor that is to become 4.
enum { lowest_source = 3 + STET_SPAWN_EXTRA_MAX };

typedef struct {
  int moved[3 + STET_SPAWN_EXTRA_MAX];
  size_t count;
} moved_sources;

static int add_descriptor(
    posix_spawn_file_actions_t *actions, moved_sources *moved, int source, int target) {
  if (source < 0) {
    return posix_spawn_file_actions_addopen(actions, target, "/dev/null", O_RDWR, 0);
  }
  if (source < lowest_source) {
    source = fcntl(source, F_DUPFD_CLOEXEC, lowest_source);
    if (source < 0) { return errno; }
    moved->moved[moved->count++] = source;
  }
  return posix_spawn_file_actions_adddup2(actions, source, target);
}

static int add_actions(
    posix_spawn_file_actions_t *actions, moved_sources *moved, const stet_spawn_request *request) {
  int error = 0;
  if (request->terminal) {
    // The first terminal that a session leader opens becomes its controlling terminal.
    error = posix_spawn_file_actions_addopen(actions, 0, request->terminal, O_RDWR, 0);
    if (!error) { error = posix_spawn_file_actions_adddup2(actions, 0, 1); }
    if (!error) { error = posix_spawn_file_actions_adddup2(actions, 0, 2); }
  } else {
    error = add_descriptor(actions, moved, request->input, 0);
    if (!error) { error = add_descriptor(actions, moved, request->output, 1); }
    if (!error) { error = add_descriptor(actions, moved, request->error, 2); }
  }
  for (size_t i = 0; !error && i < request->extra_count; i++) {
    error = add_descriptor(actions, moved, request->extra[i], 3 + (int)i);
  }
  if (!error) {
    error = posix_spawn_file_actions_addclosefrom_np(actions, 3 + (int)request->extra_count);
  }
  if (!error && request->directory) {
    error = posix_spawn_file_actions_addchdir_np(actions, request->directory);
  }
  return error;
}

static int set_attributes(posix_spawnattr_t *attributes, bool block_signals) {
  sigset_t defaults, mask;
  sigfillset(&defaults);
  sigemptyset(&mask);
  if (block_signals) {
    sigfillset(&mask);
    sigdelset(&mask, SIGCHLD);
  }
  int error = posix_spawnattr_setsigdefault(attributes, &defaults);
  if (!error) { error = posix_spawnattr_setsigmask(attributes, &mask); }
  if (!error) {
    error = posix_spawnattr_setflags(
        attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  return error;
}

int stet_spawn(const stet_spawn_request *request) {
  if (request->extra_count > STET_SPAWN_EXTRA_MAX) { return -EINVAL; }
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  moved_sources moved = {.count = 0};
  pid_t pid = 0;
  int error = posix_spawn_file_actions_init(&actions);
  if (error) { return -error; }
  error = posix_spawnattr_init(&attributes);
  if (!error) {
    error = add_actions(&actions, &moved, request);
    if (!error) { error = set_attributes(&attributes, request->block_signals); }
    if (!error) {
      error = posix_spawn(&pid, request->path, &actions, &attributes, request->argv, request->envp);
    }
    posix_spawnattr_destroy(&attributes);
  }
  for (size_t i = 0; i < moved.count; i++) { close(moved.moved[i]); }
  posix_spawn_file_actions_destroy(&actions);
  return error ? -error : pid;
}

int stet_pidfd_open(pid_t pid) {
  int fd = pidfd_open(pid, 0);
  return fd < 0 ? -errno : fd;
}

int stet_pidfd_reap(int pidfd, int *code, int *signal) {
  siginfo_t info = {0};
  *code = -1;
  *signal = -1;
  int result;
  do {
    result = waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG);
  } while (result < 0 && errno == EINTR);
  if (result < 0) { return -errno; }
  if (info.si_pid == 0) { return -EAGAIN; }
  if (info.si_code == CLD_EXITED) {
    *code = info.si_status;
  } else {
    *signal = info.si_status;
  }
  return 0;
}

int stet_pty_open(char *path, size_t capacity, uint16_t rows, uint16_t columns) {
  int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (master < 0) { return -errno; }
  int error = 0;
  if (grantpt(master) || unlockpt(master)) {
    error = errno;
  } else {
    error = ptsname_r(master, path, capacity);
  }
  if (!error) { error = -stet_pty_resize(master, rows, columns); }
  if (error) {
    close(master);
    return -error;
  }
  return master;
}

int stet_pty_resize(int master, uint16_t rows, uint16_t columns) {
  struct winsize size = {.ws_row = rows, .ws_col = columns};
  return ioctl(master, TIOCSWINSZ, &size) < 0 ? -errno : 0;
}

int stet_pty_foreground(int master) {
  pid_t group = 0;
  return ioctl(master, TIOCGPGRP, &group) < 0 ? -errno : group;
}

int stet_block_signals(void) {
  sigset_t all;
  sigfillset(&all);
  return -pthread_sigmask(SIG_SETMASK, &all, NULL);
}
