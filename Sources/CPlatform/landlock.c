// Landlock. The numbers are the kernel's ABI, written out because the distribution's headers are
// older than the kernels we run on.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

enum { create_version = 1, rule_path_beneath = 1 };
enum { net_abi = 4, scope_abi = 6 };
enum { net_bind_tcp = 1 << 0, net_connect_tcp = 1 << 1 };
enum { scope_abstract_socket = 1 << 0, scope_signal = 1 << 1 };

struct ruleset_attribute {
  uint64_t handled_fs, handled_net, scoped;
};

struct path_attribute {
  uint64_t allowed;
  int32_t parent;
} __attribute__((packed));

int stet_landlock_abi(void) {
  long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, create_version);
  return abi < 0 ? -errno : (int)abi;
}

uint64_t stet_landlock_rights(int abi) {
  uint64_t rights = STET_LANDLOCK_ALL_ABI1;
  if (abi >= 2) { rights |= STET_LANDLOCK_REFER; }
  if (abi >= 3) { rights |= STET_LANDLOCK_TRUNCATE; }
  return rights;
}

int stet_landlock_create(int abi, bool deny_network) {
  struct ruleset_attribute attribute = {.handled_fs = stet_landlock_rights(abi)};
  size_t size = sizeof attribute.handled_fs;
  if (abi >= net_abi) {
    size += sizeof attribute.handled_net;
    if (deny_network) { attribute.handled_net = net_bind_tcp | net_connect_tcp; }
  }
  if (abi >= scope_abi) {
    size += sizeof attribute.scoped;
    attribute.scoped = scope_signal | (deny_network ? scope_abstract_socket : 0);
  }
  long fd = syscall(SYS_landlock_create_ruleset, &attribute, size, 0);
  return fd < 0 ? -errno : (int)fd;
}

int stet_landlock_allow(int ruleset, const char *path, uint64_t rights) {
  int parent = open(path, O_PATH | O_CLOEXEC);
  if (parent < 0) { return -errno; }
  struct stat status;
  int result = 0;
  if (fstat(parent, &status) < 0) {
    result = -errno;
  } else {
    if (!S_ISDIR(status.st_mode)) {
      rights &= STET_LANDLOCK_EXECUTE | STET_LANDLOCK_WRITE_FILE | STET_LANDLOCK_READ_FILE |
                STET_LANDLOCK_TRUNCATE;
    }
    struct path_attribute attribute = {.allowed = rights, .parent = parent};
    if (rights != 0 && syscall(SYS_landlock_add_rule, ruleset, rule_path_beneath, &attribute, 0) < 0) {
      result = -errno;
    }
  }
  close(parent);
  return result;
}

int stet_landlock_restrict(int ruleset) {
  return syscall(SYS_landlock_restrict_self, ruleset, 0) < 0 ? -errno : 0;
}
