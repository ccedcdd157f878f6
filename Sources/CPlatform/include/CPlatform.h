// CPlatform: what glibc or the kernel has and Swift cannot say: posix_spawn with a controlling
// terminal, pidfds, Landlock, and calls that are varargs, macros or missing in the Glibc module.
// It holds no state (but one record in terminal.c, which signal handlers must find) and takes no decisions.
// StetProcess, StetWorkspace, StetTerminal and StetTestSupport call it.
//
// Every function returns a value >= 0, or -errno when it fails, so no other call can lose the reason.
// All are thread-safe. Every descriptor they make is close-on-exec.
#ifndef STET_CPLATFORM_H
#define STET_CPLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// ---- spawn.c ----

#define STET_SPAWN_EXTRA_MAX 8

/// What a child process starts with. It always gets a session and a process group of its own.
typedef struct {
  const char *_Nonnull path;                 ///< executable; a relative one is taken from `directory`
  char *_Nullable const *_Nonnull argv;
  char *_Nullable const *_Nonnull envp;
  const char *_Nullable directory;           ///< working directory, or NULL for the caller's
  const char *_Nullable terminal;            ///< pts path: becomes 0, 1, 2 and the controlling terminal
  int input;                                 ///< descriptor for 0, or -1 for /dev/null
  int output;                                ///< descriptor for 1, or -1 for /dev/null
  int error;                                 ///< descriptor for 2, or -1 for /dev/null
  const int *_Nullable extra;                ///< descriptors that become 3, 4, …; all others are closed
  size_t extra_count;                        ///< at most STET_SPAWN_EXTRA_MAX
  bool block_signals;                        ///< start with all but SIGCHLD blocked, else with none
} stet_spawn_request;

/// Starts the child and returns its pid. Signal dispositions are the default ones.
int stet_spawn(const stet_spawn_request *_Nonnull request);

/// A descriptor that polls readable when the process has ended.
int stet_pidfd_open(pid_t pid);

/// Collects an ended child by its pidfd. 0: `code` or `signal` is set (the other is -1). -EAGAIN: still runs.
int stet_pidfd_reap(int pidfd, int *_Nonnull code, int *_Nonnull signal);

/// A new PTY: returns the master, non-blocking; `path` receives the slave's name.
int stet_pty_open(char *_Nonnull path, size_t capacity, uint16_t rows, uint16_t columns);
int stet_pty_resize(int master, uint16_t rows, uint16_t columns);
/// The foreground process group of a PTY.
int stet_pty_foreground(int master);

/// Blocks all signals on the calling thread.
int stet_block_signals(void);

// ---- proxy.c ----

/// Two ends of a channel that carries descriptors.
int stet_socket_pair(int *_Nonnull near, int *_Nonnull far);
/// Waits for what stet_offer_listener (CLaunch) sends; -EPROTO if the other end closes without.
int stet_take_listener(int channel);
/// The next connection, non-blocking.
int stet_accept(int listener);
/// Connects to a `struct sockaddr`, non-blocking afterwards. -ECANCELED when `stop` becomes readable first.
int stet_connect(const void *_Nonnull address, uint32_t length, int stop, int timeout_ms);

// ---- sockets.c ----

/// The inodes of all socket files that a process of this network namespace has open, their lower 32 bits. How many, or
/// -E2BIG, or an error where the kernel does not tell (-ENOENT, -EPROTONOSUPPORT).
int stet_bound_sockets(uint32_t *_Nonnull inodes, size_t capacity);

// ---- calls.c ----

int stet_pipe(int *_Nonnull reader, int *_Nonnull writer);
int stet_set_nonblocking(int fd);
/// Bytes that wait in a pipe or terminal.
int stet_bytes_available(int fd);
/// Non-blocking event counter.
int stet_eventfd(void);
int stet_eventfd_signal(int fd);
int stet_eventfd_drain(int fd);
/// Anonymous memory file that holds `bytes`, its offset at the start.
int stet_memfd(const char *_Nonnull name, const void *_Nullable bytes, size_t count);
int stet_gettid(void);
int stet_thread_name(const char *_Nonnull name);
/// The kernel kills the caller with SIGKILL when the thread that spawned it ends.
int stet_die_with_parent(void);
int stet_no_new_privileges(void);
/// Gives up all capabilities, for root too and across exec; needs stet_no_new_privileges before it.
int stet_drop_capabilities(void);
/// Loads a compiled BPF program as a seccomp filter for the caller and its children.
int stet_seccomp_load(const void *_Nonnull program, size_t count);

/// open(2) that follows no symbolic link in any component and does not leave `directory`.
/// `flags` as for open; O_CLOEXEC is added. -ELOOP: a link; -EXDEV: leaves `directory`.
int stet_open_beneath(int directory, const char *_Nonnull path, int flags, mode_t mode);
/// open(2) that follows no symbolic link in any component; `path` may be absolute.
int stet_open_nofollow(int directory, const char *_Nonnull path, int flags, mode_t mode);
/// A handle on a file that neither reads nor writes it (O_PATH): for /proc/self/fd and *at calls.
int stet_open_path(const char *_Nonnull path);
/// rename(2) that fails with -EEXIST instead of replacing.
int stet_rename_noreplace(
    int from_directory, const char *_Nonnull from, int to_directory, const char *_Nonnull to);

/// The parts of statx that tell whether a file changed.
typedef struct {
  uint64_t device, inode, size;
  int64_t modified_ns, changed_ns;
  uint32_t mode, links, uid;
} stet_file_status;

/// lstat relative to `directory` (AT_FDCWD allowed); an empty path is `directory` itself.
int stet_status(int directory, const char *_Nonnull path, stet_file_status *_Nonnull status);

// ---- epoll.c ----

int stet_epoll_create(void);
/// Sets what is watched for `fd` (adding it if need be); neither removes it. `token` comes back in events.
int stet_epoll_set(int epoll, int fd, uint64_t token, bool readable, bool writable);
int stet_epoll_remove(int epoll, int fd);

typedef struct {
  uint64_t token;
  bool readable;   ///< also on hang-up and error
  bool writable;
} stet_epoll_event;

/// Waits up to `timeout_ms` (-1: for ever); number of events, 0 on timeout or signal.
int stet_epoll_wait(int epoll, stet_epoll_event *_Nonnull events, int capacity, int timeout_ms);

// ---- files.c ----

/// Flushes all of the file system that a descriptor lies on; -errno.
int stet_flush_file_system(int descriptor);

/// Copies the extended attributes (access lists too) of one open file to another. 0, or -errno of the first that
/// can't be copied, the others being copied; a file system without attributes has none.
int stet_copy_attributes(int from, int to);
/// Lets an open file, empty, have the bytes of another one without copying them. -errno where the file system can't.
int stet_share_bytes(int from, int to);
/// What statfs(2) says: the number of linux/magic.h, and the space for who is not root.
typedef struct {
  uint32_t kind;
  uint64_t free_bytes, total_bytes;
} stet_file_system;
int stet_file_system_of(const char *_Nonnull path, stet_file_system *_Nonnull facts);
/// rename(2) within one directory that fails with -EEXIST where `to` exists.
int stet_rename_new(int directory, const char *_Nonnull from, const char *_Nonnull to);
/// Lets two names of one directory change places in one step. -EINVAL, -ENOSYS: the file system can't.
int stet_rename_exchange(int directory, const char *_Nonnull from, const char *_Nonnull to);

// ---- tree.c ----

enum {
  STET_TREE_IGNORED = 1,  ///< git ignores it: it is not looked into
  STET_TREE_CLOSED = 2,   ///< a directory that is not looked into, or that lies on another device
  STET_TREE_UNREADABLE = 4,  ///< one that can't be read now: `below` is what was known of it when it could
  STET_TREE_SPECIAL = 8,  ///< a pipe, a socket or a device: it is there, and nothing of it is kept
};

/// What a scan knows of one name.
typedef struct stet_tree_entry {
  uint64_t inode, size;
  int64_t modified_ns, changed_ns;
  uint32_t mode;        ///< st_mode
  uint32_t name;        ///< offset into the names of its directory
  uint8_t object[20];   ///< the caller's: the id of its content
  uint8_t content;      ///< the caller's: where its content is; 0 in a new entry
  uint8_t flags;        ///< STET_TREE_…; of a known name they stay as they were until a scan renews them
  uint16_t links;       ///< names of the file; 65,535 stands for more
  struct stet_tree_directory *_Nullable below;
} stet_tree_entry;

/// The names of one directory in the order of their bytes, without `.git`.
typedef struct stet_tree_directory {
  stet_tree_entry *_Nullable entries;
  char *_Nullable names;
  size_t bytes;
  uint32_t count;
} stet_tree_directory;

typedef struct stet_tree stet_tree;

typedef struct {
  uint64_t limit;       ///< names
  int64_t limit_ms;
  bool renew;           ///< ask again about known names
  bool idle;            ///< look again into what could never be read: what is found there is nobody's doing
  /// The flags of a name that is new; called by one thread at a time.
  uint8_t (*_Nullable decide)(void *_Nullable context, const char *_Nonnull path, bool is_directory);
  void *_Nullable context;
} stet_tree_request;

/// Scans a directory with several threads; what `before` knows of untouched directories is not read again.
/// -E2BIG: more names than the limit; -ETIMEDOUT: it took longer than it may.
int stet_tree_scan(
    int root, const stet_tree *_Nullable before, stet_tree_request request, stet_tree *_Nullable *_Nonnull result);
void stet_tree_free(stet_tree *_Nullable tree);
uint64_t stet_tree_count(const stet_tree *_Nonnull tree);
/// The entry of a relative path; NULL: there is none.
stet_tree_entry *_Nullable stet_tree_find(stet_tree *_Nonnull tree, const char *_Nonnull path);

typedef void (*stet_tree_report)(
    void *_Nullable context, const char *_Nonnull path, const stet_tree_entry *_Nullable before,
    stet_tree_entry *_Nullable after);

/// Reports what differs, or may differ because it changed too shortly before the first scan; directories before what
/// lies in them, and directories whose mode alone differs. Entries of both scans carry `object` and `content` over, the changed ones too.
/// Against an older scan also what is not kept and differs all the same: ignored names that changed or went, and special
/// files that came or went; their flags tell.
void stet_tree_compare(
    const stet_tree *_Nullable before, stet_tree *_Nonnull after, stet_tree_report _Nonnull report,
    void *_Nullable context);

// ---- landlock.c ----

/// Access rights of Landlock (uapi/linux/landlock.h).
enum {
  STET_LANDLOCK_EXECUTE = 1 << 0,
  STET_LANDLOCK_WRITE_FILE = 1 << 1,
  STET_LANDLOCK_READ_FILE = 1 << 2,
  STET_LANDLOCK_READ_DIR = 1 << 3,
  STET_LANDLOCK_ALL_ABI1 = (1 << 13) - 1,
  STET_LANDLOCK_REFER = 1 << 13,
  STET_LANDLOCK_TRUNCATE = 1 << 14,
};

/// The kernel's Landlock version; -ENOSYS or -EOPNOTSUPP: there is none.
int stet_landlock_abi(void);
/// All file rights that `abi` knows, without device ioctl.
uint64_t stet_landlock_rights(int abi);
/// A ruleset that denies all file rights, and TCP and outside signals where `abi` can.
int stet_landlock_create(int abi, bool deny_network);
/// Allows `rights` beneath `path` (only the file rights if it is no directory). -ENOENT: it is absent.
int stet_landlock_allow(int ruleset, const char *_Nonnull path, uint64_t rights);
/// Applies the ruleset to the caller for ever.
int stet_landlock_restrict(int ruleset);

// ---- terminal.c ----

/// Signals that `stet_terminal_take_signals` reports.
enum {
  STET_TERMINAL_RESIZED = 1 << 0,    ///< SIGWINCH
  STET_TERMINAL_CONTINUED = 1 << 1,  ///< SIGCONT
  STET_TERMINAL_SUSPEND = 1 << 2,    ///< SIGTSTP
  STET_TERMINAL_INTERRUPT = 1 << 3,  ///< SIGINT
  STET_TERMINAL_TERMINATE = 1 << 4,  ///< SIGTERM
  STET_TERMINAL_HANGUP = 1 << 5,     ///< SIGHUP
};

/// Remembers the terminal's present modes and the bytes that undo what a program switched on, and installs
/// handlers: the signals above set a bit and make the returned descriptor readable; crash signals, a second request to
/// end, and exit() put the terminal back first. One terminal at a time (-EBUSY); `count` is at most 512 (-E2BIG).
int stet_terminal_guard(int fd, const void *_Nonnull restore, size_t count);
/// Switches the terminal to bytes as they come: no echo, no signals from keys, no translation.
int stet_terminal_raw(void);
/// Whether a crash has something to put back.
void stet_terminal_arm(bool armed);
/// The modes remembered by the guard.
int stet_terminal_cooked(void);
/// The signals since the last call; empties the descriptor.
unsigned stet_terminal_take_signals(void);
/// Another program has the terminal: SIGINT and SIGQUIT are its, SIGTSTP stops this process as well.
void stet_terminal_lend(bool on);
/// Stops the process group as ctrl-z would; returns when it was continued.
int stet_terminal_stop(void);
/// Forgets the terminal and gives the handlers back.
void stet_terminal_release(void);
/// Size in cells; -ENOTTY if it is no terminal.
int stet_terminal_size(int fd, uint16_t *_Nonnull rows, uint16_t *_Nonnull columns);

// ---- picture.c ----

/// A picture that was made smaller, or why it was not.
typedef struct {
  unsigned char *_Nullable bytes;  ///< the new file; `stet_picture_free` gives it back
  size_t size;
  int width;
  int height;
  bool is_jpeg;                    ///< else it is a PNG
  char problem[160];               ///< one line, where it failed
} stet_picture;

/// Writes a PNG or JPEG file anew so that no side is longer than `side` pixels and the file has at most `limit` bytes,
/// as the smaller of both kinds, upright. Takes up to a second for a large one. False with `problem` when it can't.
bool stet_picture_fit(
    const unsigned char *_Nonnull bytes, size_t size, int side, size_t limit, stet_picture *_Nonnull out);

/// Decodes a PNG or JPEG file to at most `side` pixels a side, upright: `bytes` are red, green, blue and alpha of each pixel,
/// row by row. False with `problem` when it can't.
bool stet_picture_thumbnail(const unsigned char *_Nonnull bytes, size_t size, int side, stet_picture *_Nonnull out);

void stet_picture_free(stet_picture *_Nonnull picture);

#endif
