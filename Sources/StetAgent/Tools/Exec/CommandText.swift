import StetProcess

/// What the model reads of a command: wall time, exit or session, and the output.
enum CommandText {
  /// - Parameter limit: bytes of output.
  static func of(_ command: RunningCommand, limit: Int) -> String {
    let (output, file) = command.takeUnread()
    let tenths = Int(command.elapsed / .milliseconds(100))
    var lines = ["Wall time: \(tenths / 10).\(tenths % 10) seconds"]
    if command.isKilled {
      lines.append("Process was ended")
    } else if let status = command.exitStatus {
      lines.append("Process exited with code \(status.shellCode)")
    } else {
      lines.append("Process running with session ID \(command.processId)")
    }
    let text = OutputCutter.cut(output, to: limit, file: file)
    if let left = command.leftBehind {
      lines.append("It left running in the background: \(left). Use a session instead, or end it with kill.")
    }
    lines += command.network?.takeRefusals() ?? []
    if let note = denial(command, text) { lines.append(note) }
    return (lines + ["Output:", text]).joined(separator: "\n")
  }

  /// What a refusal by the kernel looks like in the words of the C library and of resolvers.
  private static let refusals = [
    "Permission denied", "Read-only file system", "Operation not permitted", "Network is unreachable",
    "Temporary failure in name resolution", "Could not resolve host",
  ]

  /// Says that a command failed inside the sandbox where that may be the reason: the model should know the wall it
  /// ran into, and not try to climb it in another form.
  private static func denial(_ command: RunningCommand, _ text: String) -> String? {
    guard let walls = refusingWalls(command.sandbox, command.exitStatus, text) else { return nil }
    return
      "It ran in the sandbox (\(walls)), which may be why it failed; sandbox_permissions=require_escalated asks the user to run it outside."
  }

  /// The walls that a command may have run into, in words; nil where it did not fail or nothing speaks for that.
  static func refusingWalls(_ sandbox: SandboxLaunch?, _ status: ExitStatus?, _ text: String) -> String? {
    guard let sandbox, status?.isSuccess == false,
      refusals.contains(where: { text.firstRange(of: $0) != nil })
    else { return nil }
    return sandbox.description
  }
}
