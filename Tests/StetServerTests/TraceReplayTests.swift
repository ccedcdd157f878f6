import FoundationEssentials
import StetJSON
import StetProtocol
import StetRPC
import StetTestSupport
import Testing

@testable import StetServer

/// The folder with recorded traffic, where there is one, and what lies in it.
private let shared = ProcessInfo.processInfo.environment["STET_SHARED"]
private let traces: [String] = {
  guard let shared,
    let names = try? FileManager.default.contentsOfDirectory(atPath: shared + "/protocol/traces")
  else { return [] }
  return names.filter { $0.hasSuffix(".jsonl") }.sorted()
}()

/// A1: what recorded clients said to Codex, said to stet in the same order.
@Suite(.timeLimit(.minutes(10))) struct TraceReplayTests {
  private struct Line {
    let connection: String
    let fromServer: Bool
    let message: JSONValue
  }

  private func lines(_ name: String) throws -> [Line] {
    let bytes = try Data(contentsOf: URL(filePath: "\(shared ?? "")/protocol/traces/\(name)"))
    return try bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let record = try JSONValue(parsing: line)
      guard let message = record["msg"], message.objectValue != nil else { return nil }
      return Line(
        connection: record["conn"]?.text ?? "", fromServer: record["dir"] == "s2c", message: message)
    }
  }

  /// A recording that goes on against our server.
  private final class Replay {
    let house = AgentHouse(Array(repeating: .text("ok"), count: 60))
    let elsewhere = TempDirectory("elsewhere")
    let server: AppServer
    var clients: [String: TestClient] = [:]
    /// Our words for what was recorded: ids of threads, turns, processes.
    var ours: [String: String] = [:]
    /// What Codex answered to a request, by connection and id.
    var answers: [String: JSONValue] = [:]
    private var open: Set<String> = []

    init(_ lines: [Line]) {
      server = house.server()
      for line in lines where line.fromServer && line.message["method"] == nil {
        if let id = line.message["id"] { answers[line.connection + id.text] = line.message }
      }
    }

    func client(_ connection: String) -> TestClient {
      if let client = clients[connection] { return client }
      let (serverEnd, clientEnd) = LocalTransport.pair()
      server.accept(serverEnd)
      let client = TestClient(clientEnd)
      clients[connection] = client
      return client
    }

    func translated(_ value: JSONValue) throws -> JSONValue {
      var text = value.text
      for (theirs, ours) in ours { text = text.replacing(theirs, with: ours) }
      for (theirs, ours) in [
        ("/home/dev/project", house.work.path), ("/home/dev/.codex", house.home.path),
        ("/home/dev", elsewhere.path),
      ] { text = text.replacing(theirs, with: ours) }
      return try JSONValue(parsing: text)
    }

    /// Says what a client said.
    func say(_ line: Line) throws {
      let client = client(line.connection)
      guard let value = line.message["id"] else {
        let method = line.message["method"]?.stringValue ?? ""
        return client.transport.send(.notification(method: method, params: line.message["params"]))
      }
      // Ids that are none are for the lines of a pipe (RobustnessTests).
      guard let id = Self.id(value) else { return }
      if let method = line.message["method"]?.stringValue {
        open.insert(line.connection + (line.message["id"]?.text ?? ""))
        client.ask(method, try line.message["params"].map(translated), id: id)
      } else if let result = line.message["result"] {
        client.answer(id, result)
      }
    }

    /// Waits for what Codex had said at this place.
    func hear(_ line: Line) async throws {
      let client = client(line.connection)
      if line.message["method"] == "turn/completed" {
        let theirs = line.message["params"]?["turn"]?["id"]?.stringValue ?? ""
        guard let turn = ours[theirs] else { return }
        while !client.notes("turn/completed").contains(where: { $0["turn"]?["id"] == .string(turn) }) {
          _ = await client.note("turn/completed", client.notes("turn/completed").count + 1)
        }
      }
      guard line.message["method"] == nil, let value = line.message["id"],
        let id = Self.id(value), open.remove(line.connection + value.text) != nil
      else { return }
      let answer = await client.response(to: id)
      if case .success(let result) = answer, let theirs = line.message["result"] { learn(theirs, result) }
    }

    private static func id(_ value: JSONValue) -> RequestID? {
      value.stringValue.map(RequestID.string) ?? value.intValue.map { RequestID.int(Int64($0)) }
    }

    private func learn(_ theirs: JSONValue, _ mine: JSONValue) {
      switch (theirs, mine) {
      case (.object(let theirs), .object(let mine)):
        for (key, value) in theirs { if let mine = mine[key] { learn(value, mine) } }
      case (.array(let theirs), .array(let mine)):
        for (theirs, mine) in zip(theirs, mine) { learn(theirs, mine) }
      case (.string(let theirs), .string(let mine)):
        if theirs != mine, theirs.utf8.count == 36, theirs.filter({ $0 == "-" }).count == 4 {
          ours[theirs] = mine
        }
      default: break
      }
    }
  }

  @Test(
    "A1: a recorded client is understood: each request is answered once, and all that it is sent fits Codex's schemas",
    .enabled(if: !traces.isEmpty, "STET_SHARED does not name a folder with recorded traffic"),
    arguments: traces
  )
  func a1_replay(name: String) async throws {
    let lines = try lines(name)
    let replay = Replay(lines)
    for line in lines {
      if line.fromServer { try await replay.hear(line) } else { try replay.say(line) }
    }
    let schemas = ProtocolSchemas(folder: "\(shared ?? "")/conformance/schema")
    for (connection, client) in replay.clients {
      var answered = Set<RequestID>()
      for message in client.messages {
        switch message {
        case .notification: #expect(schemas.fault(in: message.jsonValue, union: "ServerNotification") == nil)
        case .request: #expect(schemas.fault(in: message.jsonValue, union: "ServerRequest") == nil)
        case .result(let id, let result):
          #expect(answered.insert(id).inserted)
          let method = client.method(of: id) ?? ""
          // As it is on a wire: parts of it are taken from the log as they are written there.
          let fault = schemas.fault(inResult: try JSONValue(parsing: result.text), of: method)
          #expect(fault == nil, "\(method)")
        case .error(let id, let error):
          #expect(answered.insert(id).inserted)
          let theirs = replay.answers[connection + id.jsonValue.text]?["error"]
          let method = client.method(of: id) ?? ""
          // What stet does not serve at all is unknown to it (protocol.md, tier 3).
          guard Router.served.contains(method) else { continue }
          let isUnderstood = !error.message.hasPrefix("Invalid request: ")
          #expect(isUnderstood || theirs != nil, "\(method): \(error.message.prefix(300))")
          if let code = theirs?["code"]?.intValue { #expect(error.code == code, "\(method): \(error)") }
        }
      }
    }
    await replay.server.shutdown()
  }
}
