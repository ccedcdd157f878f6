// CLaunch: the last steps before a process behind walls becomes the command.
// Apart from CPlatform because the launcher is linked without shared libraries and with nothing else.
// StetProcess (SandboxExec) and the launcher call it, in a child that has one thread and is about to exec.
#ifndef STET_CLAUNCH_H
#define STET_CLAUNCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Where the network proxy listens inside: the namespace is new, so that every port is free in it; this one is no
/// known service's.
#define STET_PROXY_PORT 18099

/// Makes a listener for the network proxy and sends it over `proxy`, if that is a descriptor; takes the terminal if
/// asked; closes all but the three streams at exec; makes signals deliverable, with their default dispositions.
/// Returns 0 or -errno; `what` then names what failed.
int stet_prepare_command(int proxy, bool foreground, const char *_Nullable *_Nonnull what);

/// Becomes the command, which has at least one word. It is looked for in PATH as execvp does, but for relative
/// entries, and what is no program runs as no script. Returns -errno, only if that failed; `was_found` is false when
/// PATH has no program of this name.
int stet_become(char *_Nullable const *_Nonnull command, bool *_Nonnull was_found);

#endif
