import FoundationEssentials
import StetProtocol

/// The arguments of `exec_command`, checked.
struct ExecArguments {
  /// The longest a call waits before it yields.
  static let yieldRange = 250...30_000

  let script: String
  /// Absolute.
  let cwd: String
  let tty: Bool
  let yieldTime: Duration
  /// Bytes of output for the model.
  let outputLimit: Int
  let escalates: Bool
  let justification: String?

  init(_ call: ToolCall, _ context: ToolContext) throws(ToolArgumentError) {
    let arguments = try ToolArguments(call)
    script = try arguments.string("cmd")
    if script.allSatisfy(\.isWhitespace) { throw ToolArgumentError("The argument `cmd` is empty.") }
    // A NUL can't be passed to a process; what would run is not what was shown (S10).
    if script.utf8.contains(0) { throw ToolArgumentError("The argument `cmd` holds a NUL.") }
    cwd = try Self.directory(try arguments.optionalString("workdir"), context)
    tty = try arguments.bool("tty", default: false)
    yieldTime = .milliseconds(try arguments.int("yield_time_ms", default: 10_000, in: Self.yieldRange))
    outputLimit = try OutputCutter.limit(arguments)
    escalates = try arguments.optionalString("sandbox_permissions") == "require_escalated"
    justification = try arguments.optionalString("justification").flatMap { $0.isEmpty ? nil : $0 }
  }

  /// What runs: the shell without its start-up files; their effect is in the environment already (T10).
  var argv: [String] { [Self.shell, "-c", script] }

  /// What is shown and approved: exactly what runs (S10).
  var commandLine: String { ShellQuoting.join(argv) }

  static let shell =
    FileManager.default.isExecutableFile(atPath: "/bin/bash") ? "/bin/bash" : "/bin/sh"

  private static func directory(_ named: String?, _ context: ToolContext) throws(ToolArgumentError) -> String
  {
    guard let named, !named.isEmpty else { return context.settings.cwd }
    let path = PathText.join(context.settings.cwd, named)
    var isDirectory = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory else {
      throw ToolArgumentError("The working directory \(path) does not exist.")
    }
    return RealPath.of(path)
  }
}
