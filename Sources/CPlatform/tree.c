// A directory tree by its names and stats: what tells cheaply which files a program changed. In C because it runs
// around every command: a hundred thousand names must take a tenth of a second.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
  DEPTH_MAX = 128,    // deeper is a loop or an attack
  THREADS_MAX = 8,    // more gain nothing on one file system
  PATH_LIMIT = 4096,  // PATH_MAX: longer ones can't be opened by name
};

struct stet_tree {
  stet_tree_entry root;
  int64_t started_ns;
  uint64_t entries;
};

typedef struct task {
  struct task *next;
  stet_tree_entry *entry;
  const stet_tree_entry *before;
  int depth;
  char path[];
} task;

typedef struct {
  int root;
  dev_t device;
  const stet_tree *before;
  stet_tree_request request;
  pthread_mutex_t lock, deciding;
  pthread_cond_t wake;
  task *tasks;
  int busy;
  _Atomic int failure;
  _Atomic uint64_t entries;
  int64_t deadline_ns;
} scan;

static int64_t now_ns(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t stamp(struct timespec t) { return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec; }

// Changed so shortly before the scan that a later change may carry the same stamp: file systems count in ticks of some
// milliseconds, a few in whole seconds.
static bool racy(const stet_tree_entry *entry, int64_t started_ns) {
  int64_t slack = entry->changed_ns % 1000000000 == 0 ? 2000000000 : 50000000;
  return entry->changed_ns >= started_ns - slack;
}

static bool same(const stet_tree_entry *a, const stet_tree_entry *b) {
  return a->inode == b->inode && a->size == b->size && a->modified_ns == b->modified_ns &&
         a->changed_ns == b->changed_ns && a->mode == b->mode;
}

static void take(stet_tree_entry *entry, const struct stat *s) {
  entry->inode = s->st_ino;
  entry->size = (uint64_t)s->st_size;
  entry->modified_ns = stamp(s->st_mtim);
  entry->changed_ns = stamp(s->st_ctim);
  entry->mode = s->st_mode;
  entry->links = s->st_nlink > UINT16_MAX ? UINT16_MAX : (uint16_t)s->st_nlink;
}

static void release(stet_tree_directory *directory) {
  if (!directory) { return; }
  for (uint32_t i = 0; i < directory->count; i++) { release(directory->entries[i].below); }
  free(directory->entries);
  free(directory->names);
  free(directory);
}

static void fail(scan *s, int code) {
  int none = 0;
  atomic_compare_exchange_strong(&s->failure, &none, code);
}

// ---- names ----

static int by_name(const void *a, const void *b, void *names) {
  return strcmp((char *)names + ((const stet_tree_entry *)a)->name, (char *)names + ((const stet_tree_entry *)b)->name);
}

static stet_tree_directory *list(scan *s, int fd) {
  int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (copy < 0) { return NULL; }
  DIR *stream = fdopendir(copy);
  if (!stream) { return close(copy), NULL; }
  stet_tree_directory *directory = calloc(1, sizeof *directory);
  size_t used = 0, room = 0, capacity = 0;
  struct dirent *found;
  while (directory && (found = readdir(stream))) {
    const char *name = found->d_name;
    if (!strcmp(name, ".") || !strcmp(name, "..") || !strcmp(name, ".git")) { continue; }
    size_t length = strlen(name) + 1;
    if (directory->count == capacity) {
      stet_tree_entry *grown = realloc(directory->entries, (capacity = capacity ? capacity * 2 : 16) * sizeof *grown);
      if (!grown) { goto lost; }
      directory->entries = grown;
    }
    if (used + length > room) {
      room = (used + length) * 2;
      char *grown = realloc(directory->names, room);
      if (!grown || room > UINT32_MAX) { goto lost; }
      directory->names = grown;
    }
    memcpy(directory->names + used, name, length);
    directory->entries[directory->count++] = (stet_tree_entry){.name = (uint32_t)used};
    used += length;
    if (directory->count > s->request.limit) { goto lost; }
  }
  closedir(stream);
  if (directory && directory->count) {
    directory->bytes = used;
    qsort_r(directory->entries, directory->count, sizeof *directory->entries, by_name, directory->names);
  }
  return directory;
lost:
  closedir(stream);
  release(directory);
  fail(s, -E2BIG);
  return NULL;
}

// The names of a directory, and with `whole` all that is known of them and of what lies below.
static stet_tree_directory *copied(const stet_tree_directory *before, bool whole) {
  stet_tree_directory *directory = calloc(1, sizeof *directory);
  if (!directory || before->count == 0) { return directory; }
  directory->entries = malloc(before->count * sizeof *directory->entries);
  directory->names = malloc(before->bytes);
  if (!directory->entries || !directory->names) { return release(directory), NULL; }
  memcpy(directory->entries, before->entries, before->count * sizeof *directory->entries);
  memcpy(directory->names, before->names, before->bytes);
  directory->count = before->count;
  directory->bytes = before->bytes;
  for (uint32_t i = 0; i < directory->count; i++) {
    directory->entries[i].below = NULL;
    if (!whole) { directory->entries[i].content = 0; }
  }
  for (uint32_t i = 0; whole && i < directory->count; i++) {
    const stet_tree_directory *below = before->entries[i].below;
    if (below && !(directory->entries[i].below = copied(below, true))) { return release(directory), NULL; }
  }
  return directory;
}

static stet_tree_entry *find(const stet_tree_directory *directory, const char *name) {
  uint32_t low = 0, high = directory ? directory->count : 0;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    int order = strcmp(directory->names + directory->entries[middle].name, name);
    if (order == 0) { return &directory->entries[middle]; }
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return NULL;
}

// ---- one directory ----

static void push(scan *s, stet_tree_entry *entry, const stet_tree_entry *before, const char *path, int depth) {
  size_t length = strlen(path) + 1;
  task *made = malloc(sizeof *made + length);
  if (!made) {
    fail(s, -ENOMEM);
    return;
  }
  made->entry = entry;
  made->before = before;
  made->depth = depth;
  memcpy(made->path, path, length);
  pthread_mutex_lock(&s->lock);
  made->next = s->tasks;
  s->tasks = made;
  pthread_cond_signal(&s->wake);
  pthread_mutex_unlock(&s->lock);
}

static uint8_t decide(scan *s, const char *path, bool is_directory) {
  if (!s->request.decide) { return 0; }
  pthread_mutex_lock(&s->deciding);
  uint8_t flags = s->request.decide(s->request.context, path, is_directory);
  pthread_mutex_unlock(&s->deciding);
  return flags;
}

typedef enum { GONE, KEPT, UNREADABLE } finding;

// A name of which nothing can be learned now.
static finding closed_off(scan *s, stet_tree_entry *entry, const stet_tree_entry *known) {
  uint32_t name = entry->name;
  if (known) {
    *entry = *known;
    entry->name = name, entry->below = NULL;
    if (known->below && !(entry->below = copied(known->below, true))) { fail(s, -ENOMEM); }
  } else { entry->mode = S_IFDIR; }  // nothing else is so often the place of a mount
  entry->flags |= STET_TREE_UNREADABLE;
  return KEPT;
}

// Examines one name; gone is also what is nothing that is kept.
static finding examine(
    scan *s, int fd, stet_tree_directory *directory, stet_tree_entry *entry, const stet_tree_entry *known,
    char *path, size_t length) {
  const char *name = directory->names + entry->name;
  size_t size = strlen(name) + 1;
  if (length + size + 1 > PATH_LIMIT) { return GONE; }
  uint8_t flags = known && !s->request.renew ? known->flags : 0;
  // What was known of it tells what changed; of what could never be read a command would seem to have made all.
  if (known && (known->below || s->request.idle)) { flags &= (uint8_t)~STET_TREE_UNREADABLE; }
  struct stat info;
  if (fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) < 0) {
    if (errno == ENOENT) { return GONE; }
    if ((errno == EACCES || errno == EPERM) && faccessat(fd, ".", X_OK, AT_EACCESS) < 0) { return UNREADABLE; }
    // This name alone: a dead or foreign mount. It is there, and what was known of it stays so.
    return closed_off(s, entry, known);
  }
  take(entry, &info);
  bool is_directory = S_ISDIR(info.st_mode);
  bool special = !is_directory && !S_ISREG(info.st_mode) && !S_ISLNK(info.st_mode);
  // What it was says nothing of what it is.
  if (known && special != !!(known->flags & STET_TREE_SPECIAL)) { known = NULL, flags = 0; }
  entry->flags = flags;
  if (flags) { return KEPT; }
  memcpy(path + length, name, size);
  if (!known || s->request.renew || S_ISDIR(known->mode) != is_directory) {
    entry->flags = decide(s, path, is_directory);
  }
  if (special) { entry->flags |= STET_TREE_SPECIAL; }
  if (is_directory && info.st_dev != s->device) { entry->flags |= STET_TREE_CLOSED; }
  return KEPT;
}

// A directory that may not be read, or whose names may not be examined: that says nothing of what lies in it.
static void unreadable(scan *s, task *work) {
  const stet_tree_directory *known = work->before ? work->before->below : NULL;
  work->entry->flags |= STET_TREE_UNREADABLE;
  work->entry->below = known ? copied(known, true) : NULL;
  if (known && !work->entry->below) { fail(s, -ENOMEM); }
}

static void visit(scan *s, task *work) {
  stet_tree_entry *entry = work->entry;
  int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  int fd = work->path[0] ? stet_open_beneath(s->root, work->path, flags, 0) : openat(s->root, ".", flags);
  // A root that can't be read is no empty tree.
  if (fd < 0 && !work->path[0]) { return fail(s, -errno); }
  if (fd < 0 && (errno == EACCES || errno == EPERM)) { return unreadable(s, work); }
  struct stat info;
  if (fd < 0 || fstat(fd, &info) < 0 || info.st_dev != s->device || work->depth > DEPTH_MAX) {
    entry->flags |= STET_TREE_CLOSED;
    if (fd >= 0) { close(fd); }
    return;
  }
  take(entry, &info);
  const stet_tree_entry *before = work->before;
  const stet_tree_directory *known = before ? before->below : NULL;
  // An untouched directory has the names it had.
  bool reused = known && !(before->flags & STET_TREE_UNREADABLE) && same(before, entry) &&
                !racy(before, s->before->started_ns);
  stet_tree_directory *directory = reused ? copied(known, false) : list(s, fd);
  if (!directory) {
    int code = errno;
    close(fd);
    if (atomic_load(&s->failure)) { return; }
    if (!work->path[0]) { return fail(s, -code); }
    if (code == EACCES) { return unreadable(s, work); }
    entry->flags |= STET_TREE_CLOSED;
    return;
  }
  entry->below = directory;
  char path[PATH_LIMIT];
  size_t length = strlen(work->path);
  memcpy(path, work->path, length);
  if (length) { path[length++] = '/'; }
  uint32_t kept = 0;
  for (uint32_t i = 0; i < directory->count; i++) {
    stet_tree_entry *next = &directory->entries[i];
    const stet_tree_entry *old = reused ? &known->entries[i] : find(known, directory->names + next->name);
    finding found = examine(s, fd, directory, next, old, path, length);
    if (found == UNREADABLE) {
      close(fd);
      entry->below = NULL;
      release(directory);
      return work->path[0] ? unreadable(s, work) : fail(s, -EACCES);
    }
    if (found == KEPT) { directory->entries[kept++] = *next; }
  }
  directory->count = kept;
  close(fd);
  if (atomic_fetch_add(&s->entries, kept) + kept > s->request.limit) { fail(s, -E2BIG); }
  // After the list is whole: the tasks point into it.
  for (uint32_t i = 0; i < kept; i++) {
    stet_tree_entry *next = &directory->entries[i];
    if (!S_ISDIR(next->mode) || next->flags) { continue; }
    const char *name = directory->names + next->name;
    memcpy(path + length, name, strlen(name) + 1);
    push(s, next, find(known, name), path, work->depth + 1);
  }
}

static void *serve(void *pointer) {
  scan *s = pointer;
  pthread_mutex_lock(&s->lock);
  for (;;) {
    while (!s->tasks && s->busy) { pthread_cond_wait(&s->wake, &s->lock); }
    task *work = s->tasks;
    if (!work) { break; }
    s->tasks = work->next;
    s->busy++;
    pthread_mutex_unlock(&s->lock);
    if (!atomic_load(&s->failure)) {
      if (now_ns(CLOCK_MONOTONIC) > s->deadline_ns) {
        fail(s, -ETIMEDOUT);
      } else {
        visit(s, work);
      }
    }
    free(work);
    pthread_mutex_lock(&s->lock);
    s->busy--;
    if (!s->busy && !s->tasks) { pthread_cond_broadcast(&s->wake); }
  }
  pthread_mutex_unlock(&s->lock);
  return NULL;
}

// ---- calls ----

int stet_tree_scan(int root, const stet_tree *before, stet_tree_request request, stet_tree **result) {
  struct stat info;
  if (fstat(root, &info) < 0) { return -errno; }
  stet_tree *tree = calloc(1, sizeof *tree);
  if (!tree) { return -ENOMEM; }
  // The clock that stamps files.
  tree->started_ns = now_ns(CLOCK_REALTIME_COARSE);
  scan s = {.root = root, .device = info.st_dev, .before = before, .request = request};
  s.deadline_ns = now_ns(CLOCK_MONOTONIC) + request.limit_ms * 1000000;
  pthread_mutex_init(&s.lock, NULL);
  pthread_mutex_init(&s.deciding, NULL);
  pthread_cond_init(&s.wake, NULL);
  push(&s, &tree->root, before ? &before->root : NULL, "", 0);
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  int count = processors < 1 ? 1 : processors > THREADS_MAX ? THREADS_MAX : (int)processors;
  pthread_t threads[THREADS_MAX];
  int started = 0;
  while (started < count - 1 && pthread_create(&threads[started], NULL, serve, &s) == 0) { started++; }
  serve(&s);
  for (int i = 0; i < started; i++) { pthread_join(threads[i], NULL); }
  pthread_cond_destroy(&s.wake);
  pthread_mutex_destroy(&s.deciding);
  pthread_mutex_destroy(&s.lock);
  tree->entries = s.entries;
  int failure = s.failure;
  // Another file system took the root's place meanwhile.
  if (!failure && !tree->root.below) { failure = -ESTALE; }
  if (failure) {
    stet_tree_free(tree);
    return failure;
  }
  *result = tree;
  return 0;
}

void stet_tree_free(stet_tree *tree) {
  if (!tree) { return; }
  release(tree->root.below);
  free(tree);
}

uint64_t stet_tree_count(const stet_tree *tree) { return tree->entries; }

stet_tree_entry *stet_tree_find(stet_tree *tree, const char *path) {
  stet_tree_directory *directory = tree->root.below;
  char name[PATH_LIMIT];
  while (directory) {
    size_t length = strcspn(path, "/");
    if (length == 0 || length >= sizeof name) { return NULL; }
    memcpy(name, path, length);
    name[length] = 0;
    stet_tree_entry *entry = find(directory, name);
    if (!entry || !path[length]) { return entry; }
    directory = entry->below;
    path += length + 1;
  }
  return NULL;
}

typedef struct {
  int64_t started_ns;
  bool first;  // nothing to compare with
  stet_tree_report report;
  void *context;
  char path[PATH_LIMIT];
} comparison;

static void report(comparison *c, const stet_tree_entry *before, stet_tree_entry *after) {
  c->report(c->context, c->path, before, after);
}

// One side of what is there only once, with all below.
static void only(comparison *c, const stet_tree_entry *before, stet_tree_entry *after, size_t length) {
  const stet_tree_entry *entry = before ? before : after;
  bool special = entry->flags & STET_TREE_SPECIAL;
  // What is ignored and new is nothing that could be missed.
  if (special ? c->first || entry->flags & STET_TREE_IGNORED : !before && entry->flags & STET_TREE_IGNORED) { return; }
  report(c, before, after);
  if (entry->flags & STET_TREE_IGNORED) { return; }
  stet_tree_directory *directory = entry->below;
  if (!directory || length + 1 >= PATH_LIMIT) { return; }
  if (length) { c->path[length++] = '/'; }
  for (uint32_t i = 0; i < directory->count; i++) {
    stet_tree_entry *next = &directory->entries[i];
    const char *name = directory->names + next->name;
    size_t size = strlen(name);
    if (length + size + 1 > PATH_LIMIT) { continue; }
    memcpy(c->path + length, name, size + 1);
    only(c, before ? next : NULL, before ? NULL : next, length + size);
  }
}

static void compare(comparison *c, const stet_tree_directory *before, stet_tree_directory *after, size_t length);

static void both(comparison *c, const stet_tree_entry *before, stet_tree_entry *after, size_t length) {
  bool was = S_ISDIR(before->mode), is = S_ISDIR(after->mode);
  uint8_t apart = before->flags & (uint8_t)~STET_TREE_UNREADABLE;
  bool known = !apart && !(after->flags & STET_TREE_IGNORED);
  if (was && is && known && ((before->mode ^ after->mode) & 07777)) { report(c, before, after); }
  if (after->flags & STET_TREE_SPECIAL) {
    // A pipe in the place of a file: the file is gone.
    if (!apart) { only(c, before, NULL, length); }
    return;
  }
  if (before->flags & after->flags & STET_TREE_IGNORED && !was && !is && !same(before, after)) { report(c, before, after); }
  // What is not looked at now says nothing. What was not, and is after a renewal, is new to the caller.
  if (after->flags) { return; }
  if (apart || (before->flags && !before->below)) {
    only(c, NULL, after, length);
    return;
  }
  if (was && is) {
    if (before->below && after->below && length + 1 < PATH_LIMIT) {
      if (length) { c->path[length++] = '/'; }
      compare(c, before->below, after->below, length);
    }
  } else if (was || is) {
    only(c, before, NULL, length);
    c->path[length] = 0;
    only(c, NULL, after, length);
  } else {
    memcpy(after->object, before->object, sizeof after->object);
    after->content = before->content;
    if (!same(before, after) || racy(before, c->started_ns)) { report(c, before, after); }
  }
}

static void compare(comparison *c, const stet_tree_directory *before, stet_tree_directory *after, size_t length) {
  uint32_t i = 0, j = 0;
  while (i < before->count || j < after->count) {
    const char *old = i < before->count ? before->names + before->entries[i].name : NULL;
    const char *new = j < after->count ? after->names + after->entries[j].name : NULL;
    int order = !old ? 1 : !new ? -1 : strcmp(old, new);
    const char *name = order <= 0 ? old : new;
    size_t size = strlen(name);
    bool fits = length + size + 1 <= PATH_LIMIT;
    if (fits) { memcpy(c->path + length, name, size + 1); }
    if (fits && order < 0) { only(c, &before->entries[i], NULL, length + size); }
    if (fits && order > 0) { only(c, NULL, &after->entries[j], length + size); }
    if (fits && order == 0) { both(c, &before->entries[i], &after->entries[j], length + size); }
    i += order <= 0;
    j += order >= 0;
  }
}

void stet_tree_compare(const stet_tree *before, stet_tree *after, stet_tree_report report, void *context) {
  comparison c = {
      .started_ns = before ? before->started_ns : 0, .first = !before, .report = report, .context = context};
  static const stet_tree_directory none;
  compare(&c, before ? before->root.below : &none, after->root.below, 0);
}
