// Calls about files that Swift's Glibc module leaves out.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

// The kernel's own limits of a name list and of a value.
enum { LIST_MAX = 64 << 10, VALUE_MAX = 64 << 10 };

int stet_share_bytes(int from, int to) { return ioctl(to, FICLONE, from) == 0 ? 0 : -errno; }

int stet_copy_attributes(int from, int to) {
  ssize_t length = flistxattr(from, NULL, 0);
  if (length < 0) { return errno == ENOTSUP ? 0 : -errno; }
  if (length == 0) { return 0; }
  char *names = malloc(LIST_MAX + VALUE_MAX);
  if (names == NULL) { return -ENOMEM; }
  char *value = names + LIST_MAX;
  int result = 0;
  length = flistxattr(from, names, LIST_MAX);
  if (length < 0) { result = -errno; }
  for (char *name = names; name < names + length; name += strlen(name) + 1) {
    ssize_t size = fgetxattr(from, name, value, VALUE_MAX);
    if (size < 0 || fsetxattr(to, name, value, (size_t)size, 0) < 0) {
      if (result == 0) { result = -errno; }
    }
  }
  free(names);
  return result;
}

int stet_rename_new(int directory, const char *from, const char *to) {
  return renameat2(directory, from, directory, to, RENAME_NOREPLACE) < 0 ? -errno : 0;
}

int stet_rename_exchange(int directory, const char *from, const char *to) {
  return renameat2(directory, from, directory, to, RENAME_EXCHANGE) < 0 ? -errno : 0;
}

int stet_flush_file_system(int descriptor) { return syncfs(descriptor) < 0 ? -errno : 0; }

int stet_file_system_of(const char *path, stet_file_system *facts) {
  struct statfs info;
  if (statfs(path, &info) < 0) { return -errno; }
  *facts = (stet_file_system){
      .kind = (uint32_t)info.f_type,
      .free_bytes = (uint64_t)info.f_bavail * (uint64_t)info.f_bsize,
      .total_bytes = (uint64_t)info.f_blocks * (uint64_t)info.f_bsize,
  };
  return 0;
}
