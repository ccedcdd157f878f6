import Glibc
import StetJSON
import StetProcess
import StetTestSupport
import Testing

/// What one run of the program left.
struct ExecRunResult: Sendable {
  let code: Int32?
  let output: String
  let log: String

  /// The events of `--json`.
  var events: [JSONValue] {
    get throws {
      try output.split(separator: "\n", omittingEmptySubsequences: true).map {
        try JSONValue(parsing: String($0))
      }
    }
  }

  /// The items of completed events, by their type.
  func items(_ type: String, _ event: String = "item.completed") throws -> [JSONValue] {
    try events.filter { $0["type"]?.stringValue == event }.compactMap { $0["item"] }
      .filter { $0["type"]?.stringValue == type }
  }

  var names: [String] { get throws { try events.compactMap { $0["type"]?.stringValue } } }
}

/// A home, a workspace and a scripted model in which the built program runs `stet exec`.
final class ExecHouse: Sendable {
  let house: House

  init(_ script: FakeModel.Step..., settings: String = "", provider: String = "") {
    house = House(script, settings: settings, provider: provider)
  }

  var model: FakeModel { house.model }
  var work: TempDirectory { house.work }

  /// Runs `stet exec` to its end; standard input is /dev/null unless text is given.
  func exec(_ arguments: String..., input: String? = nil, directory: String? = nil) async throws
    -> ExecRunResult
  {
    try await result(of: start(arguments, input: input == nil ? .null : .pipe, directory), input)
  }

  /// Starts `stet exec` and returns at once.
  func start(
    _ arguments: [String], input: Command.Input = .null, _ directory: String? = nil,
    _ variables: [String: String] = [:]
  )
    throws -> ProcessSession
  {
    try ProcessSession.start(
      Command(
        argv: [Program.folder + "/stet", "exec"] + arguments, cwd: directory ?? work.path,
        environment: Program.environment(home: house.home, variables), stdin: input,
        errors: .separate))
  }

  /// Collects a run that was started.
  func result(of session: ProcessSession, _ input: String? = nil) async throws -> ExecRunResult {
    if let input {
      try #require(session.write(Array(input.utf8)))
      session.closeInput()
    }
    var (output, log): ([UInt8], [UInt8]) = ([], [])
    for await event in session.events {
      switch event {
      case .output(let bytes): output += bytes
      case .errorOutput(let bytes): log += bytes
      default: break
      }
    }
    let status = await session.waitForExit()
    return ExecRunResult(
      code: status.code, output: String(decoding: output, as: UTF8.self),
      log: String(decoding: log, as: UTF8.self))
  }

  /// The text of the last user message of a request.
  func lastUserText(_ request: Int = 0) throws -> String {
    let messages = try #require(model.requests[request]["input"]?.arrayValue)
    let last = try #require(messages.last { $0["role"]?.stringValue == "user" })
    return (last["content"]?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }.joined()
  }
}
