// libseccomp for the sandbox of StetProcess: its macros and varargs as functions.
#ifndef STET_CSeccomp_SHIM_H
#define STET_CSeccomp_SHIM_H
#include <errno.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>

/// A filter that allows what no rule denies; NULL without memory.
static inline scmp_filter_ctx _Nullable stet_seccomp_new(void) { return seccomp_init(SCMP_ACT_ALLOW); }

static inline int stet_seccomp_add(
    scmp_filter_ctx _Nonnull filter, const char *_Nonnull name, uint16_t error, unsigned count,
    const struct scmp_arg_cmp *_Nullable arguments) {
  int number = seccomp_syscall_resolve_name(name);
  // A call that this libseccomp has never heard of; the caller says whether that matters.
  if (number == __NR_SCMP_ERROR) { return -ENOSYS; }
  return seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(error), number, count, arguments);
}

/// The call fails with `error`. Negative errno when the rule can't be added.
static inline int stet_seccomp_deny(scmp_filter_ctx _Nonnull filter, const char *_Nonnull name, uint16_t error) {
  return stet_seccomp_add(filter, name, error, 0, NULL);
}

/// … if `argument & mask == value`.
static inline int stet_seccomp_deny_masked(
    scmp_filter_ctx _Nonnull filter, const char *_Nonnull name, uint16_t error, unsigned argument,
    uint64_t mask, uint64_t value) {
  struct scmp_arg_cmp compare = {argument, SCMP_CMP_MASKED_EQ, mask, value};
  return stet_seccomp_add(filter, name, error, 1, &compare);
}

/// … if `argument` is not `value`.
static inline int stet_seccomp_deny_unless(
    scmp_filter_ctx _Nonnull filter, const char *_Nonnull name, uint16_t error, unsigned argument,
    uint64_t value) {
  struct scmp_arg_cmp compare = {argument, SCMP_CMP_NE, value, 0};
  return stet_seccomp_add(filter, name, error, 1, &compare);
}

/// … if `argument` is above `value`.
static inline int stet_seccomp_deny_above(
    scmp_filter_ctx _Nonnull filter, const char *_Nonnull name, uint16_t error, unsigned argument,
    uint64_t value) {
  struct scmp_arg_cmp compare = {argument, SCMP_CMP_GT, value, 0};
  return stet_seccomp_add(filter, name, error, 1, &compare);
}

/// Writes the compiled program to a descriptor.
static inline int stet_seccomp_export(scmp_filter_ctx _Nonnull filter, int fd) {
  return seccomp_export_bpf(filter, fd);
}

static inline void stet_seccomp_free(scmp_filter_ctx _Nonnull filter) { seccomp_release(filter); }

#endif
