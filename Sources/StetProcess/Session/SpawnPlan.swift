import CPlatform
import Glibc

/// Everything the process thread needs to start one child: a command with its sandbox applied.
struct SpawnPlan: Sendable {
  /// A descriptor the child gets beside the three streams.
  enum Extra: Sendable {
    /// An anonymous file with these bytes.
    case memory(name: String, [UInt8])
    /// The file at this path, opened for execution only.
    case program(String)
    /// One end of a channel, as it is.
    case channel(Descriptor)
  }

  var path: String
  var argv: [String]
  var environment: [String: String]
  var directory: String
  var pty: TerminalSize?
  var stdin: Command.Input
  var errors: Command.ErrorOutput
  var extra: [Extra] = []
  /// The launcher inside resets the mask; what stands between us and it must survive TERM and INT.
  var blockSignals = false
  /// It has a process namespace of its own: nothing outlives it.
  var isNamespaced = false
  /// The variable by which its descendants are known, `NAME=value`.
  var mark: String?
  /// Nothing of it goes on after its end: what it left would go on behind walls that are no longer watched.
  var leavesNothing = false

  init(_ command: Command) throws(ProcessError) {
    guard let program = command.argv.first, !program.isEmpty else {
      throw ProcessError(.invalidArgument, "the command is empty")
    }
    path = program
    argv = command.argv
    environment = command.environment
    directory = command.cwd
    pty = command.pty
    stdin = command.stdin
    errors = command.errors
    if command.followsDescendants, command.sandbox?.mechanism != .bubblewrap {
      // Nobody can guess it, so nothing else is taken for a descendant.
      let value = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
      environment[Self.markName] = value
      mark = "\(Self.markName)=\(value)"
      leavesNothing = command.sandbox != nil
    }
    if let sandbox = command.sandbox {
      sandbox.apply(to: &self)
    } else {
      guard let found = Executable.find(program, path: environment["PATH"]) else {
        throw ProcessError(.programNotFound, "\(program): command not found")
      }
      path = found
    }
    try validate()
  }

  private static let markName = "STET_COMMAND"

  private func validate() throws(ProcessError) {
    func hasNUL(_ text: String) -> Bool { text.utf8.contains(0) }
    if hasNUL(path) || hasNUL(directory) || argv.contains(where: hasNUL) {
      throw ProcessError(.invalidArgument, "a NUL byte in the command")
    }
    for (name, value) in environment
    where name.isEmpty || name.utf8.contains(UInt8(ascii: "=")) || hasNUL(name) || hasNUL(value) {
      throw ProcessError(.invalidArgument, "\(name): no name or value for an environment variable")
    }
  }
}
