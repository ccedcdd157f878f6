// libgit2, loaded at its first call instead of at the start: it pulls in 14 other shared objects, which would cost
// every command 3 ms. Each function that StetWorkspace calls stands here under its own name and passes the call on;
// one that is missing here fails to link. Where the library is not to be had, git_libgit2_init fails, git_error_last
// says why, and nothing else is called.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static void *library;
static char problem[256];
static git_error unloaded = {problem, GIT_ERROR_OS};
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  // The version that the headers describe: another one may lay out its structs differently.
  library = dlopen("libgit2.so." LIBGIT2_SOVERSION, RTLD_NOW | RTLD_LOCAL);
  if (library) return;
  const char *text = dlerror();
  snprintf(problem, sizeof problem, "%s", text ? text : "libgit2 can't be loaded");
}

static void *find(const char *name) {
  pthread_once(&once, load);
  return library ? dlsym(library, name) : NULL;
}

#define REAL(name)                                                          \
  static _Atomic(void *) known;                                             \
  void *found = atomic_load_explicit(&known, memory_order_relaxed);         \
  if (!found) atomic_store_explicit(&known, found = find(#name), memory_order_relaxed); \
  __typeof__(&name) real = (__typeof__(&name))found;

#define CALL(type, name, parameters, arguments, without) \
  type name parameters {                                 \
    REAL(name)                                           \
    return real ? real arguments : (without);            \
  }

#define CALL_VOID(name, parameters, arguments) \
  void name parameters {                       \
    REAL(name)                                 \
    if (real) real arguments;                  \
  }

static _Thread_local int is_starting;

int git_libgit2_init(void) {
  REAL(git_libgit2_init)
  if (!real) return GIT_ERROR;
  is_starting = 1;
  int result = real();
  is_starting = 0;
  return result;
}
CALL(const git_error *, git_error_last, (void), (), &unloaded)

// A libgit2 that is built on mbedTLS parses every certificate of the system when it starts: two thirds of what the
// first look at a repository would cost, for connections that stet never lets it make. The program exports this
// function (Package.swift), so the loader binds libgit2's call to it: while libgit2 starts, the list of trusted
// authorities stays empty, with which every connection would be refused. All other callers get the library's own
// function, found by way of the object that calls.
struct mbedtls_x509_crt;
__attribute__((visibility("default"), used)) int mbedtls_x509_crt_parse_file(
    struct mbedtls_x509_crt *chain, const char *path) {
  if (is_starting) return 0;
  Dl_info caller;
  if (!dladdr(__builtin_return_address(0), &caller)) return -1;
  void *object = dlopen(caller.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
  if (!object) return -1;
  int (*real)(struct mbedtls_x509_crt *, const char *) = dlsym(object, "mbedtls_x509_crt_parse_file");
  int result = real && real != mbedtls_x509_crt_parse_file ? real(chain, path) : -1;
  dlclose(object);
  return result;
}

CALL(char *, git_oid_tostr, (char *out, size_t n, const git_oid *id), (out, n, id), out)
CALL(int, git_oid_fromstr, (git_oid *out, const char *text), (out, text), GIT_ERROR)

CALL(int, git_odb_open, (git_odb **out, const char *directory), (out, directory), GIT_ERROR)
CALL(int, git_odb_add_backend, (git_odb *odb, git_odb_backend *backend, int priority), (odb, backend, priority), GIT_ERROR)
CALL(int, git_odb_refresh, (git_odb *odb), (odb), GIT_ERROR)
CALL(int, git_odb_read, (git_odb_object **out, git_odb *odb, const git_oid *id), (out, odb, id), GIT_ERROR)
CALL(int, git_odb_write, (git_oid *out, git_odb *odb, const void *data, size_t size, git_object_t type), (out, odb, data, size, type), GIT_ERROR)
CALL_VOID(git_odb_free, (git_odb *odb), (odb))
CALL(const void *, git_odb_object_data, (git_odb_object *object), (object), NULL)
CALL(size_t, git_odb_object_size, (git_odb_object *object), (object), 0)
CALL_VOID(git_odb_object_free, (git_odb_object *object), (object))
CALL(int, git_mempack_new, (git_odb_backend **out), (out), GIT_ERROR)
CALL(int, git_mempack_reset, (git_odb_backend *backend), (backend), GIT_ERROR)

CALL(int, git_repository_new, (git_repository **out), (out), GIT_ERROR)
CALL(int, git_repository_wrap_odb, (git_repository **out, git_odb *odb), (out, odb), GIT_ERROR)
CALL(int, git_repository_open_ext, (git_repository **out, const char *path, unsigned int flags, const char *ceilings), (out, path, flags, ceilings), GIT_ERROR)
CALL(int, git_repository_is_bare, (const git_repository *repository), (repository), 0)
CALL(const char *, git_repository_workdir, (const git_repository *repository), (repository), NULL)
CALL(int, git_repository_set_workdir, (git_repository *repository, const char *directory, int update), (repository, directory, update), GIT_ERROR)
CALL_VOID(git_repository_free, (git_repository *repository), (repository))
CALL(int, git_ignore_path_is_ignored, (int *ignored, git_repository *repository, const char *path), (ignored, repository, path), GIT_ERROR)

CALL(int, git_packbuilder_new, (git_packbuilder **out, git_repository *repository), (out, repository), GIT_ERROR)
CALL(int, git_packbuilder_insert, (git_packbuilder *builder, const git_oid *id, const char *name), (builder, id, name), GIT_ERROR)
CALL(int, git_packbuilder_write, (git_packbuilder *builder, const char *path, unsigned int mode, git_indexer_progress_cb progress, void *payload), (builder, path, mode, progress, payload), GIT_ERROR)
CALL(const char *, git_packbuilder_name, (git_packbuilder *builder), (builder), NULL)
CALL_VOID(git_packbuilder_free, (git_packbuilder *builder), (builder))

CALL(int, git_diff_options_init, (git_diff_options *options, unsigned int version), (options, version), GIT_ERROR)
CALL(int, git_diff_buffers, (const void *old, size_t old_size, const char *old_path, const void *new, size_t new_size, const char *new_path, const git_diff_options *options, git_diff_file_cb file, git_diff_binary_cb binary, git_diff_hunk_cb hunk, git_diff_line_cb line, void *payload), (old, old_size, old_path, new, new_size, new_path, options, file, binary, hunk, line, payload), GIT_ERROR)

CALL(int, git_merge_file_options_init, (git_merge_file_options *options, unsigned int version), (options, version), GIT_ERROR)
CALL(int, git_merge_file_input_init, (git_merge_file_input *input, unsigned int version), (input, version), GIT_ERROR)
CALL(int, git_merge_file, (git_merge_file_result *out, const git_merge_file_input *ancestor, const git_merge_file_input *ours, const git_merge_file_input *theirs, const git_merge_file_options *options), (out, ancestor, ours, theirs, options), GIT_ERROR)
CALL_VOID(git_merge_file_result_free, (git_merge_file_result *result), (result))

CALL(int, git_reference_name_to_id, (git_oid *out, git_repository *repository, const char *name), (out, repository, name), GIT_ERROR)
CALL(int, git_reference_lookup, (git_reference **out, git_repository *repository, const char *name), (out, repository, name), GIT_ERROR)
CALL(const char *, git_reference_name, (const git_reference *reference), (reference), NULL)
CALL(const char *, git_reference_symbolic_target, (const git_reference *reference), (reference), NULL)
CALL_VOID(git_reference_free, (git_reference *reference), (reference))
CALL(int, git_remote_lookup, (git_remote **out, git_repository *repository, const char *name), (out, repository, name), GIT_ERROR)
CALL(const char *, git_remote_url, (const git_remote *remote), (remote), NULL)
CALL_VOID(git_remote_free, (git_remote *remote), (remote))
CALL(int, git_branch_iterator_new, (git_branch_iterator **out, git_repository *repository, git_branch_t kinds), (out, repository, kinds), GIT_ERROR)
CALL(int, git_branch_next, (git_reference **out, git_branch_t *kind, git_branch_iterator *iterator), (out, kind, iterator), GIT_ERROR)
CALL_VOID(git_branch_iterator_free, (git_branch_iterator *iterator), (iterator))
CALL(int, git_merge_base, (git_oid *out, git_repository *repository, const git_oid *one, const git_oid *two), (out, repository, one, two), GIT_ERROR)
CALL(int, git_graph_ahead_behind, (size_t *ahead, size_t *behind, git_repository *repository, const git_oid *local, const git_oid *upstream), (ahead, behind, repository, local, upstream), GIT_ERROR)
CALL(int, git_commit_lookup, (git_commit **out, git_repository *repository, const git_oid *id), (out, repository, id), GIT_ERROR)
CALL(int, git_commit_tree, (git_tree **out, const git_commit *commit), (out, commit), GIT_ERROR)
CALL_VOID(git_commit_free, (git_commit *commit), (commit))
CALL_VOID(git_tree_free, (git_tree *tree), (tree))
CALL(int, git_diff_tree_to_workdir_with_index, (git_diff **out, git_repository *repository, git_tree *tree, const git_diff_options *options), (out, repository, tree, options), GIT_ERROR)
CALL(int, git_diff_to_buf, (git_buf *out, git_diff *diff, git_diff_format_t format), (out, diff, format), GIT_ERROR)
CALL_VOID(git_diff_free, (git_diff *diff), (diff))
CALL_VOID(git_buf_dispose, (git_buf *buffer), (buffer))

CALL(int, git_repository_odb, (git_odb **out, git_repository *repository), (out, repository), GIT_ERROR)
CALL(const char *, git_repository_path, (const git_repository *repository), (repository), NULL)
CALL(const char *, git_repository_commondir, (const git_repository *repository), (repository), NULL)
CALL(int, git_odb_read_header, (size_t *size, git_object_t *type, git_odb *odb, const git_oid *id), (size, type, odb, id), GIT_ERROR)
CALL(int, git_index_open, (git_index **out, const char *path), (out, path), GIT_ERROR)
CALL(const git_index_entry *, git_index_get_bypath, (git_index *index, const char *path, int stage), (index, path, stage), NULL)
CALL(int, git_index_find_prefix, (size_t *position, git_index *index, const char *prefix), (position, index, prefix), GIT_ERROR)
CALL_VOID(git_index_free, (git_index *index), (index))

CALL(int, git_oid_is_zero, (const git_oid *id), (id), 1)
CALL(int, git_repository_index, (git_index **out, git_repository *repository), (out, repository), GIT_ERROR)
CALL(int, git_index_read, (git_index *index, int force), (index, force), GIT_ERROR)
CALL(int, git_index_add, (git_index *index, const git_index_entry *entry), (index, entry), GIT_ERROR)
CALL(int, git_index_remove, (git_index *index, const char *path, int stage), (index, path, stage), GIT_ERROR)
CALL(int, git_index_write, (git_index *index), (index), GIT_ERROR)
CALL(int, git_diff_tree_to_index, (git_diff **out, git_repository *repository, git_tree *tree, git_index *index, const git_diff_options *options), (out, repository, tree, index, options), GIT_ERROR)
CALL(int, git_diff_tree_to_tree, (git_diff **out, git_repository *repository, git_tree *old, git_tree *new, const git_diff_options *options), (out, repository, old, new, options), GIT_ERROR)
CALL(size_t, git_diff_num_deltas, (const git_diff *diff), (diff), 0)
CALL(const git_diff_delta *, git_diff_get_delta, (const git_diff *diff, size_t index), (diff, index), NULL)
CALL(int, git_revparse_single, (git_object **out, git_repository *repository, const char *spec), (out, repository, spec), GIT_ERROR)
CALL(int, git_object_peel, (git_object **out, const git_object *object, git_object_t type), (out, object, type), GIT_ERROR)
CALL_VOID(git_object_free, (git_object *object), (object))
CALL(int, git_blob_lookup, (git_blob **out, git_repository *repository, const git_oid *id), (out, repository, id), GIT_ERROR)
CALL(const void *, git_blob_rawcontent, (const git_blob *blob), (blob), NULL)
CALL(git_object_size_t, git_blob_rawsize, (const git_blob *blob), (blob), 0)
CALL_VOID(git_blob_free, (git_blob *blob), (blob))
CALL(int, git_blob_filter, (git_buf *out, git_blob *blob, const char *path, git_blob_filter_options *options), (out, blob, path, options), GIT_ERROR)
CALL(int, git_filter_list_load, (git_filter_list **out, git_repository *repository, git_blob *blob, const char *path, git_filter_mode_t mode, uint32_t flags), (out, repository, blob, path, mode, flags), GIT_ERROR)
CALL(int, git_filter_list_apply_to_buffer, (git_buf *out, git_filter_list *filters, const char *in, size_t size), (out, filters, in, size), GIT_ERROR)
CALL_VOID(git_filter_list_free, (git_filter_list *filters), (filters))
CALL(int, git_attr_get, (const char **out, git_repository *repository, uint32_t flags, const char *path, const char *name), (out, repository, flags, path, name), GIT_ERROR)
CALL(git_attr_value_t, git_attr_value, (const char *attribute), (attribute), GIT_ATTR_VALUE_UNSPECIFIED)

// git_libgit2_opts takes variable arguments, which Swift can't call.
int stet_git_set_search_path(unsigned int level, const char *path) {
  REAL(git_libgit2_opts)
  return real ? real(GIT_OPT_SET_SEARCH_PATH, (int)level, path) : GIT_ERROR;
}
int stet_git_set_owner_validation(int on) {
  REAL(git_libgit2_opts)
  return real ? real(GIT_OPT_SET_OWNER_VALIDATION, on) : GIT_ERROR;
}
int stet_git_enable_fsync(int on) {
  REAL(git_libgit2_opts)
  return real ? real(GIT_OPT_ENABLE_FSYNC_GITDIR, on) : GIT_ERROR;
}
