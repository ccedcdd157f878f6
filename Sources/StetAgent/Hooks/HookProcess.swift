import StetJSON
import StetProcess

/// Runs the program of a hook: JSON on standard input, in a process group of its own, with a time limit and a cap on what
/// it may print.
enum HookProcess {
  /// Bytes kept of each stream; an answer is a small JSON object.
  private static let outputLimit = 256 << 10

  static func run(
    _ handler: HookHandler, input: JSONObject, cwd: String, environment: [String: String],
    sandbox: SandboxLaunch?, limitSeconds: Int? = nil
  ) async -> HookAnswer.End {
    let seconds = min(handler.timeoutSeconds, limitSeconds ?? handler.timeoutSeconds)
    var bytes = JSONValue.object(input).serialized()
    bytes.append(UInt8(ascii: "\n"))
    do {
      let result = try await ProcessSession.run(
        Command(
          argv: handler.argv, cwd: cwd, environment: environment, stdin: .pipe, errors: .separate,
          sandbox: sandbox),
        input: bytes, outputLimit: outputLimit, timeLimit: .seconds(seconds))
      if Task.isCancelled { return .broken("it was stopped") }
      if result.timedOut { return .broken("it took longer than \(seconds) s and was ended") }
      guard let code = result.status.code else {
        return .broken("it was ended by signal \(result.status.signal ?? 0)")
      }
      return .exited(
        code, output: String(decoding: result.output, as: UTF8.self),
        errors: String(decoding: result.errorOutput, as: UTF8.self))
    } catch {
      return .broken("it could not be started: \(error.message)")
    }
  }
}
