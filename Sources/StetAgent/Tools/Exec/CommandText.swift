import StetProcess

/// What the model reads of a command: wall time, exit or session, and the output.
enum CommandText {
  /// - Parameter limit: bytes of output; at most `OutputCutter.defaultLimit`.
  static func of(_ command: RunningCommand, limit: Int) -> String {
    let (raw, dropped, file) = command.takeUnread()
    let text = PlainOutput.strip(raw)
    var lines = ["Wall time: \(rounded(command.elapsedSeconds)) seconds"]
    if let status = command.exitStatus {
      lines.append("Process exited with code \(status.shellCode)")
    } else {
      lines.append("Process running with session ID \(command.processId)")
    }
    if dropped > 0 { lines.append("\(dropped) bytes of earlier output were dropped") }
    lines.append("Output:")
    lines.append(OutputCutter.cut(text, to: limit, file: file))
    return lines.joined(separator: "\n")
  }

  private static func rounded(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
