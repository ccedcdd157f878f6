// StetProcess: child processes and the walls around them.
//
// - Session/: `Command` says what to run, `ProcessSession` runs it, on pipes or a PTY, in a session and
//   process group of its own. One thread serves all sessions; nothing blocks the cooperative pool.
// - Sandbox/: `Sandbox` probes what the kernel offers (bubblewrap, Landlock), turns a policy into a
//   `SandboxLaunch`, and finds protected paths that a command created. `SandboxExec` is the other half:
//   the hidden subcommand that runs inside and becomes the command, as `stet-launcher` does faster.
// - Network/: `SandboxProxy`, the way out of a sandbox without network: one host at a time, each asked about.
// - Environment/: which variables a command may see, and the user's login environment.
//
// It must not decide whether a command may run, parse commands, know threads, turns or the protocol, or write
// to the user's terminal. StetAgent calls it for tools and hooks, `stet` for MCP servers and for the subcommand.
