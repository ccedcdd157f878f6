/// All that a short command wrote, and how it ended.
public struct ProcessResult: Hashable, Sendable {
  public var status: ExitStatus
  /// Standard output, with standard error in it unless that was separate; its first `outputLimit` bytes.
  public var output: [UInt8]
  /// Standard error if it was separate; its first `outputLimit` bytes.
  public var errorOutput: [UInt8]
  /// Whether more was written than is here.
  public var truncated: Bool
  /// Whether the time limit ended it.
  public var timedOut: Bool
}

extension ProcessSession {
  /// Bytes that `run` keeps of each stream unless told otherwise.
  public static let defaultOutputLimit = 1 << 20

  /// Runs a command to its end: `input` on standard input (if the command has a pipe there), output collected.
  /// Cancelling the task terminates the process.
  public static func run(
    _ command: Command, input: [UInt8] = [], outputLimit: Int = defaultOutputLimit,
    timeLimit: Duration? = nil,
    grace: Duration = defaultGrace
  ) async throws(ProcessError) -> ProcessResult {
    let session = try start(command)
    if let timeLimit { session.setTimeLimit(timeLimit, grace: grace) }
    if command.stdin == .pipe || command.pty != nil {
      // A program may end without reading: what could not be sent to it then is no fault.
      guard input.count <= inputLimit else {
        await session.terminate(grace: .zero)
        throw ProcessError(.invalidArgument, "\(input.count) bytes of input, at most \(inputLimit) are taken")
      }
      if !input.isEmpty { session.write(input) }
      if command.pty == nil { session.closeInput() }
    }
    return await withTaskCancellationHandler {
      await session.collect(outputLimit)
    } onCancel: {
      session.setTimeLimit(.zero, grace: grace)
    }
  }

  private func collect(_ limit: Int) async -> ProcessResult {
    var result = ProcessResult(
      status: ExitStatus(code: nil, signal: nil), output: [], errorOutput: [], truncated: false,
      timedOut: false)
    func add(_ bytes: [UInt8], _ path: WritableKeyPath<ProcessResult, [UInt8]>) {
      let room = limit - result[keyPath: path].count
      result[keyPath: path] += bytes.prefix(max(room, 0))
      if bytes.count > room { result.truncated = true }
    }
    for await event in events {
      switch event {
      case .output(let bytes): add(bytes, \.output)
      case .errorOutput(let bytes): add(bytes, \.errorOutput)
      case .exited: break
      }
    }
    // The stream ends at once in a cancelled task; the process is on its way out then, and is seen out.
    result.status = await waitForExit()
    result.timedOut = reachedTimeLimit && !Task.isCancelled
    return result
  }
}
