// stet: main, wiring and one file a subcommand.
//
// What it is: the only place that knows every room. It gathers what lies outside (directories, variables, the terminal),
// makes the agent and its server, and connects the interface to it as one client among others.
// What it must not do: decide anything about threads, tools or screens; that is the rooms' work.

import ArgumentParser
import StetProcess

// Inside the sandbox this program becomes the command. It must happen first, while there is one thread.
if CommandLine.arguments.dropFirst().first == SandboxExec.subcommand {
  SandboxExec.run(arguments: Array(CommandLine.arguments.dropFirst(2)))
}
StetCommand.runMain()
