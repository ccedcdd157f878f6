// stet-launcher: the half of the sandbox that runs inside bubblewrap and becomes the command.
//
//     stet-launcher sandbox-exec [--foreground] [--proxy FD] -- PROGRAM ARGUMENT…
//
// stet itself can do this (SandboxExec.swift, which also says why it is needed), but its shared libraries take five
// milliseconds to load, once a command. What it must not do: put up walls. They stand when it starts, so an option
// that it does not know, like one for Landlock, ends it before anything runs.
#include "CLaunch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What a shell returns for a command that can't be run and one that is not there.
enum { cannot_run = 126, not_found = 127 };

static int fail(int code, const char *subject, const char *text) {
  fprintf(stderr, "stet: %s: %s\n", subject, text);
  return code;
}

static int descriptor(const char *text) {
  char *end = NULL;
  long number = text ? strtol(text, &end, 10) : 0;
  return text && *text && !*end && number > 2 && number < 1024 ? (int)number : -1;
}

int main(int count, char **arguments) {
  bool foreground = false;
  int proxy = -1;
  int next = 2;
  if (count < 2 || strcmp(arguments[1], "sandbox-exec") != 0) {
    return fail(cannot_run, "stet-launcher", "started by stet only");
  }
  for (; next < count && strcmp(arguments[next], "--") != 0; next++) {
    if (strcmp(arguments[next], "--foreground") == 0) {
      foreground = true;
    } else if (strcmp(arguments[next], "--proxy") == 0) {
      // The array ends with a NULL, so there is always a next one to look at.
      proxy = descriptor(arguments[++next]);
      if (proxy < 0) { return fail(cannot_run, "sandbox", "--proxy needs a descriptor"); }
    } else {
      return fail(cannot_run, "sandbox: unknown option", arguments[next]);
    }
  }
  char *const *command = arguments + next + 1;
  if (next + 1 >= count) { return fail(cannot_run, "sandbox", "no command"); }
  const char *what = "";
  int result = stet_prepare_command(proxy, foreground, &what);
  if (result < 0) {
    fprintf(stderr, "stet: sandbox: %s: %s\n", what, strerror(-result));
    return cannot_run;
  }
  bool was_found = true;
  result = stet_become(command, &was_found);
  if (!was_found) { return fail(not_found, command[0], "command not found"); }
  return fail(result == -ENOENT ? not_found : cannot_run, command[0], strerror(-result));
}
