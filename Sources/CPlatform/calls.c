// Small calls that are varargs, macros, or without a glibc wrapper.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int stet_pipe(int *reader, int *writer) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) { return -errno; }
  *reader = ends[0];
  *writer = ends[1];
  return 0;
}

int stet_set_nonblocking(int fd) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0) { return -errno; }
  return fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

int stet_bytes_available(int fd) {
  int count = 0;
  return ioctl(fd, FIONREAD, &count) < 0 ? -errno : count;
}

int stet_eventfd(void) {
  int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

int stet_eventfd_signal(int fd) {
  uint64_t one = 1;
  ssize_t count;
  do { count = write(fd, &one, sizeof one); } while (count < 0 && errno == EINTR);
  // EAGAIN: the counter is full, so the reader is woken anyway.
  return count < 0 && errno != EAGAIN ? -errno : 0;
}

int stet_eventfd_drain(int fd) {
  uint64_t value;
  ssize_t count;
  do { count = read(fd, &value, sizeof value); } while (count < 0 && errno == EINTR);
  return count < 0 && errno != EAGAIN ? -errno : 0;
}

int stet_memfd(const char *name, const void *bytes, size_t count) {
  int fd = memfd_create(name, MFD_CLOEXEC);
  if (fd < 0) { return -errno; }
  const char *rest = bytes;
  while (count > 0) {
    ssize_t written = write(fd, rest, count);
    if (written < 0) {
      if (errno == EINTR) { continue; }
      int error = errno;
      close(fd);
      return -error;
    }
    rest += written;
    count -= (size_t)written;
  }
  if (lseek(fd, 0, SEEK_SET) < 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

int stet_gettid(void) { return gettid(); }

int stet_thread_name(const char *name) { return -pthread_setname_np(pthread_self(), name); }

int stet_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ? -errno : 0; }

int stet_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0; }

int stet_drop_capabilities(void) {
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  // Root gets at exec what the bounding set holds. Who may not empty it (EPERM) is not root.
  for (unsigned long capability = 0; capability < 64; capability++) {
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0) { break; }
  }
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  struct __user_cap_data_struct none[2] = {{0}, {0}};
  return syscall(SYS_capset, &header, none) < 0 ? -errno : 0;
}

int stet_seccomp_load(const void *program, size_t count) {
  if (count == 0 || count % sizeof(struct sock_filter) || count / sizeof(struct sock_filter) > BPF_MAXINSNS) {
    return -EINVAL;
  }
  struct sock_fprog filter = {
      .len = (unsigned short)(count / sizeof(struct sock_filter)),
      .filter = (struct sock_filter *)program,
  };
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) < 0 ? -errno : 0;
}

static int open_resolved(int directory, const char *path, int flags, mode_t mode, uint64_t resolve) {
  struct open_how how = {
      .flags = (uint64_t)(flags | O_CLOEXEC),
      .mode = flags & (O_CREAT | __O_TMPFILE) ? mode : 0,
      .resolve = resolve,
  };
  long fd;
  // EAGAIN: a rename raced with the walk.
  int tries = 16;
  do {
    fd = syscall(SYS_openat2, directory, path, &how, sizeof how);
  } while (fd < 0 && (errno == EINTR || (errno == EAGAIN && --tries > 0)));
  return fd < 0 ? -errno : (int)fd;
}

int stet_open_beneath(int directory, const char *path, int flags, mode_t mode) {
  return open_resolved(
      directory, path, flags, mode, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
}

int stet_open_nofollow(int directory, const char *path, int flags, mode_t mode) {
  return open_resolved(directory, path, flags, mode, RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
}

int stet_open_path(const char *path) {
  int fd = open(path, O_PATH | O_CLOEXEC);
  return fd < 0 ? -errno : fd;
}

int stet_rename_noreplace(int from_directory, const char *from, int to_directory, const char *to) {
  return renameat2(from_directory, from, to_directory, to, RENAME_NOREPLACE) < 0 ? -errno : 0;
}

int stet_status(int directory, const char *path, stet_file_status *status) {
  struct stat s;
  if (fstatat(directory, path, &s, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) < 0) { return -errno; }
  *status = (stet_file_status){
      .device = s.st_dev,
      .inode = s.st_ino,
      .size = (uint64_t)s.st_size,
      .modified_ns = (int64_t)s.st_mtim.tv_sec * 1000000000 + s.st_mtim.tv_nsec,
      .changed_ns = (int64_t)s.st_ctim.tv_sec * 1000000000 + s.st_ctim.tv_nsec,
      .mode = s.st_mode,
      .links = (uint32_t)s.st_nlink,
      .uid = s.st_uid,
  };
  return 0;
}
