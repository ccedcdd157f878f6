import FoundationEssentials
import Glibc
import StetJSON
import StetProcess
import StetTestSupport
import Testing

/// `stet app-server` as the process that other programs start.
@Suite(.fewAtOnce) struct AppServerProcessTests {
  /// The server as a child: what it wrote, and how it ended.
  private final class Server: Sendable {
    struct Seen: Sendable {
      var messages: [JSONValue] = []
      var rest: [UInt8] = []
      var end: StetProcess.ExitStatus?
    }

    let seen = Watched(Seen())
    let session: ProcessSession

    init(_ house: House, arguments: [String] = []) throws {
      let session = try ProcessSession.start(
        Command(
          argv: [Program.folder + "/stet", "app-server"] + arguments, cwd: house.work.path,
          environment: Program.environment(home: house.home), stdin: .pipe, errors: .discarded))
      self.session = session
      Task { [seen] in
        for await event in session.events {
          switch event {
          case .output(let bytes): seen.change { Self.take(bytes, &$0) }
          case .errorOutput: break
          case .exited(let status): seen.change { $0.end = status }
          }
        }
      }
    }

    private static func take(_ bytes: [UInt8], _ seen: inout Seen) {
      seen.rest += bytes
      while let end = seen.rest.firstIndex(of: UInt8(ascii: "\n")) {
        // Anything but messages on standard output is a fault, and shows as null.
        seen.messages.append((try? JSONValue(parsing: seen.rest[..<end])) ?? .null)
        seen.rest.removeFirst(end + 1)
      }
    }

    func send(_ message: JSONValue) { session.write(message.serialized() + [UInt8(ascii: "\n")]) }

    func message(_ isIt: @escaping @Sendable (JSONValue) -> Bool) async throws -> JSONValue {
      try #require(await seen.until { $0.messages.contains(where: isIt) })
      return try #require(seen.value.messages.first(where: isIt))
    }

    func result(_ id: Int64) async throws -> JSONValue {
      try await message { $0["id"] == .int(id) && $0["method"] == nil }["result"] ?? .null
    }

    func ended() async throws -> StetProcess.ExitStatus {
      try #require(await seen.until { $0.end != nil })
      return try #require(seen.value.end)
    }

    /// Says hello, starts a thread and a turn in it.
    func beginTurn(_ house: House) async throws {
      send(["id": 1, "method": "initialize", "params": ["clientInfo": ["name": "t", "version": "1"]]])
      send(["id": 2, "method": "thread/start", "params": ["cwd": .string(house.work.path)]])
      let thread = try #require(try await result(2)["thread"]?["id"])
      send([
        "id": 3, "method": "turn/start",
        "params": ["threadId": thread, "input": [["type": "text", "text": "go"]]],
      ])
    }
  }

  private static let unasked = """
    approval_policy = "never"
    sandbox_mode = "danger-full-access"
    """

  private func house() -> House {
    House(
      [
        .call("exec_command", ["cmd": "echo $$ > pid; exec sleep 1000", "yield_time_ms": 30_000]),
        .text("done"),
      ],
      settings: Self.unasked)
  }

  /// The process of the command that the turn runs.
  private func command(_ house: House, _ server: Server) async throws -> pid_t {
    _ = try await server.message {
      $0["method"] == "item/started" && $0["params"]?["item"]?["type"] == "commandExecution"
    }
    var pid: pid_t?
    while pid == nil {
      let text = FileManager.default.contents(atPath: house.work.path("pid")).map {
        String(decoding: $0, as: UTF8.self)
      }
      pid = text?.split(separator: "\n").first.flatMap { pid_t($0) }
      await Task.yield()
    }
    return try #require(pid)
  }

  /// A process that nobody has waited for yet has ended too.
  private func isRunning(_ pid: pid_t) -> Bool {
    guard let stat = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return false }
    return String(decoding: stat, as: UTF8.self).firstRange(of: ") Z") == nil
  }

  @Test("the end of its input ends the server with 0 in the middle of a turn, and its commands with it")
  func endOfInput() async throws {
    let house = house()
    let server = try Server(house)
    try await server.beginTurn(house)
    let pid = try await command(house, server)
    server.session.closeInput()
    #expect(try await server.ended() == StetProcess.ExitStatus(code: 0, signal: nil))
    while isRunning(pid) { await Task.yield() }
    #expect(!server.seen.value.messages.contains(.null))
    #expect(server.seen.value.rest.isEmpty)
  }

  @Test("a script that said all hears every answer, though it reads late and the answers fill its pipe")
  func lateReader() async throws {
    let house = House()
    house.work.write("large", String(repeating: "0123456789abcdef", count: 1 << 17))
    let large = house.work.path("large")
    house.work.write(
      "asked",
      #"{"id":1,"method":"initialize","params":{"clientInfo":{"name":"t","version":"1"}}}"# + "\n"
        + #"{"id":2,"method":"fs/readFile","params":{"path":"\#(large)"}}"# + "\n")
    // The reader takes nothing until the pipe has been full for a while.
    _ = try await ProcessSession.run(
      Command(
        argv: ["/bin/sh", "-c", "stet app-server <asked | (sleep 1; cat >answers)"],
        cwd: house.work.path, environment: Program.environment(home: house.home)))
    let answers = try (house.work.text("answers") ?? "").split(separator: "\n")
      .map { try JSONValue(parsing: String($0)) }
    let data = try #require(answers.first { $0["id"] == 2 }?["result"]?["dataBase64"]?.stringValue)
    #expect(data.utf8.count > 2 << 20)
  }

  @Test("SIGTERM ends it with 0 too, in the middle of a turn")
  func terminated() async throws {
    let house = house()
    let server = try Server(house)
    try await server.beginTurn(house)
    let pid = try await command(house, server)
    kill(server.session.pid, SIGTERM)
    #expect(try await server.ended() == StetProcess.ExitStatus(code: 0, signal: nil))
    while isRunning(pid) { await Task.yield() }
  }

  @Test("A11: the schemas are written as files")
  func schemas() async throws {
    let house = House()
    let server = try Server(house, arguments: ["generate-json-schema", "--out", house.work.path("schemas")])
    #expect(try await server.ended() == StetProcess.ExitStatus(code: 0, signal: nil))
    let text = try #require(house.work.text("schemas/v2/TurnStartParams.json"))
    #expect(try JSONValue(parsing: text)["title"] == "TurnStartParams")
    for name in ["ClientRequest", "ServerNotification", "ServerRequest", "v1/InitializeResponse"] {
      #expect(FileManager.default.fileExists(atPath: house.work.path("schemas/\(name).json")))
    }
  }
}
