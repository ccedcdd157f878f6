// libgit2 for StetWorkspace. There is no `link` line on purpose: CPlatform (git2.c) loads the library at its first call.
#ifndef STET_CGit2_SHIM_H
#define STET_CGit2_SHIM_H
#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

// In CPlatform: git_libgit2_opts takes variable arguments, which Swift can't call.
int stet_git_set_search_path(unsigned int level, const char *path);
int stet_git_set_owner_validation(int on);
int stet_git_enable_fsync(int on);
#endif
