// The terminal's way back, for signal handlers. The record is static because a handler has no other way to it; all
// that a handler does is async-signal-safe (signal-safety(7)): write, tcsetattr, sigaction, raise.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { RESTORE_MAX = 512, ALTERNATE_STACK = 64 * 1024 };

static struct {
  int fd;
  int event;
  struct termios cooked;
  size_t count;
  unsigned char restore[RESTORE_MAX];
  void *stack;
} record = {.fd = -1, .event = -1};

static atomic_bool armed;
static atomic_bool guarded;
static atomic_bool lent;
static atomic_uint pending;

static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
static const int notes[] = {SIGWINCH, SIGCONT, SIGTSTP};
static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGTRAP, SIGFPE, SIGSYS, SIGQUIT};
static struct sigaction before[NSIG];

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static unsigned bit_of(int signal) {
  switch (signal) {
    case SIGWINCH: return STET_TERMINAL_RESIZED;
    case SIGCONT: return STET_TERMINAL_CONTINUED;
    case SIGTSTP: return STET_TERMINAL_SUSPEND;
    case SIGINT: return STET_TERMINAL_INTERRUPT;
    case SIGTERM: return STET_TERMINAL_TERMINATE;
    case SIGHUP: return STET_TERMINAL_HANGUP;
    default: return 0;
  }
}

static void put_back(void) {
  if (!atomic_exchange(&armed, false)) { return; }
  // From the background, tcsetattr would stop the process with SIGTTOU.
  sigset_t block, old;
  sigemptyset(&block);
  sigaddset(&block, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &block, &old);
  size_t sent = 0;
  while (sent < record.count) {
    ssize_t count = write(record.fd, record.restore + sent, record.count - sent);
    if (count > 0) {
      sent += (size_t)count;
    } else if (errno == EAGAIN) {
      struct pollfd wait = {.fd = record.fd, .events = POLLOUT};
      if (poll(&wait, 1, 1000) <= 0) { break; }
    } else if (errno != EINTR) {
      break;
    }
  }
  tcsetattr(record.fd, TCSANOW, &record.cooked);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
}

/// Ends as if there had been no handler.
static void pass_on(int signal) {
  put_back();
  sigaction(signal, &before[signal], NULL);
  raise(signal);
}

static void on_crash(int signal) {
  if (signal == SIGQUIT && atomic_load(&lent)) { return; }
  int code = errno;
  pass_on(signal);
  errno = code;
}

static void on_note(int signal) {
  if (signal == SIGINT && atomic_load(&lent)) { return; }
  int code = errno;
  unsigned bit = bit_of(signal);
  unsigned old = atomic_fetch_or(&pending, bit);
  uint64_t one = 1;
  if (write(record.event, &one, sizeof one) < 0) { /* full: it is readable already */ }
  unsigned ending = STET_TERMINAL_INTERRUPT | STET_TERMINAL_TERMINATE | STET_TERMINAL_HANGUP;
  // Asked to end twice and nobody listened: the loop is stuck.
  if ((old & bit & ending) != 0) {
    before[signal].sa_handler = SIG_DFL;
    pass_on(signal);
  }
  errno = code;
}

static void install(int signal, void (*handler)(int), int flags) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, &before[signal]);
}

int stet_terminal_guard(int fd, const void *restore, size_t count) {
  if (count > RESTORE_MAX) { return -E2BIG; }
  if (atomic_exchange(&guarded, true)) { return -EBUSY; }
  int code = 0;
  if (tcgetattr(fd, &record.cooked) < 0 || (record.event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0) {
    code = -errno;
    atomic_store(&guarded, false);
    return code;
  }
  record.fd = fd;
  record.count = count;
  memcpy(record.restore, restore, count);
  atomic_store(&pending, 0);
  static bool at_exit;
  if (!at_exit) {
    at_exit = true;
    atexit(put_back);
  }
  // A crash from a full stack needs another one; this covers the main thread, where the interface runs.
  if (record.stack == NULL && (record.stack = malloc(ALTERNATE_STACK)) != NULL) {
    stack_t stack = {.ss_sp = record.stack, .ss_size = ALTERNATE_STACK};
    sigaltstack(&stack, NULL);
  }
  for (size_t i = 0; i < COUNT(ends); i++) { install(ends[i], on_note, SA_RESTART); }
  for (size_t i = 0; i < COUNT(notes); i++) { install(notes[i], on_note, SA_RESTART); }
  for (size_t i = 0; i < COUNT(crashes); i++) { install(crashes[i], on_crash, SA_ONSTACK); }
  return record.event;
}

int stet_terminal_raw(void) {
  struct termios raw = record.cooked;
  cfmakeraw(&raw);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  return tcsetattr(record.fd, TCSANOW, &raw) < 0 ? -errno : 0;
}

void stet_terminal_arm(bool on) { atomic_store(&armed, on); }

int stet_terminal_cooked(void) {
  // A shell that ends takes the terminal back first: then this is the background, where SIGTTOU would stop the process
  // for good.
  sigset_t block, old;
  sigemptyset(&block);
  sigaddset(&block, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &block, &old);
  int code = tcsetattr(record.fd, TCSADRAIN, &record.cooked) < 0 ? -errno : 0;
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  return code;
}

unsigned stet_terminal_take_signals(void) {
  uint64_t count;
  if (read(record.event, &count, sizeof count) < 0) { /* nothing there */ }
  return atomic_exchange(&pending, 0);
}

void stet_terminal_lend(bool on) {
  atomic_store(&lent, on);
  if (on) {
    struct sigaction stop = {.sa_handler = SIG_DFL};
    sigemptyset(&stop.sa_mask);
    sigaction(SIGTSTP, &stop, NULL);
  } else {
    struct sigaction note = {.sa_handler = on_note, .sa_flags = SA_RESTART};
    sigemptyset(&note.sa_mask);
    sigaction(SIGTSTP, &note, NULL);
  }
}

int stet_terminal_stop(void) {
  struct sigaction stop = {.sa_handler = SIG_DFL}, old;
  sigemptyset(&stop.sa_mask);
  if (sigaction(SIGTSTP, &stop, &old) < 0) { return -errno; }
  int code = kill(0, SIGTSTP) < 0 ? -errno : 0;
  sigaction(SIGTSTP, &old, NULL);
  return code;
}

void stet_terminal_release(void) {
  if (!atomic_load(&guarded)) { return; }
  put_back();
  for (size_t i = 0; i < COUNT(ends); i++) { sigaction(ends[i], &before[ends[i]], NULL); }
  for (size_t i = 0; i < COUNT(notes); i++) { sigaction(notes[i], &before[notes[i]], NULL); }
  for (size_t i = 0; i < COUNT(crashes); i++) { sigaction(crashes[i], &before[crashes[i]], NULL); }
  close(record.event);
  record.fd = record.event = -1;
  atomic_store(&guarded, false);
}

int stet_terminal_size(int fd, uint16_t *rows, uint16_t *columns) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) < 0) { return -errno; }
  *rows = size.ws_row;
  *columns = size.ws_col;
  return 0;
}
