import StetProcess

// The half of the sandbox that runs inside it: before anything else, while there is one thread.
if CommandLine.arguments.dropFirst().first == SandboxExec.subcommand {
  SandboxExec.run(arguments: Array(CommandLine.arguments.dropFirst(2)))
}
print("stet")
