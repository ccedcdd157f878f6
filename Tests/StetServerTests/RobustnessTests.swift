import Glibc
import StetJSON
import StetProtocol
import StetRPC
import StetTestSupport
import Testing

@testable import StetServer

/// Whatever a client sends, the server answers as protocol.md §1 says or keeps silent, and lives.
@Suite struct RobustnessTests {
  private static let hello =
    #"{"id":"hi","method":"initialize","params":{"clientInfo":{"name":"a","version":"1"}}}"#
  private static let probe = #"{"id":"probe","method":"thread/loaded/list","params":{}}"#

  /// Sends bytes over a pipe, ends the input, and returns what came back until the server ended too.
  private func talk(_ input: [UInt8]) async throws -> [Message] {
    let harness = ServerHarness()
    var there: [Int32] = [0, 0]
    var back: [Int32] = [0, 0]
    try #require(pipe(&there) == 0 && pipe(&back) == 0)
    let (inside, outside, reader) = (there[1], back[1], back[0])
    let transport = try StreamTransport(input: there[0], output: outside, ownsDescriptors: true)
    harness.server.accept(transport)
    WorkerThread.start {
      var start = 0
      while start < input.count {
        let count = input[start...].withUnsafeBytes { write(inside, $0.baseAddress, $0.count) }
        if count <= 0 { break }
        start += count
      }
      close(inside)
    }
    let output = await withCheckedContinuation { continuation in
      WorkerThread.start {
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(reader, &buffer, buffer.count), count > 0 {
          output += buffer.prefix(count)
        }
        close(reader)
        continuation.resume(returning: output)
      }
    }
    var lines = JSONLines()
    return try lines.feed(output).map { try $0.get() }
  }

  private func bytes(_ lines: [String]) -> [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }

  /// The ids that were answered, in order, without the handshake's.
  private func answered(_ messages: [Message]) -> [RequestID] {
    messages.compactMap { message in
      switch message {
      case .result(let id, _), .error(let id, _): id == "hi" ? nil : id
      default: nil
      }
    }
  }

  private func error(_ id: RequestID, in messages: [Message]) -> RPCError? {
    messages.compactMap { message in
      if case .error(id, let error) = message { error } else { nil }
    }.first
  }

  @Test("A3: what is no message gets no answer, and the connection lives")
  func silence() async throws {
    let silent = [
      "", "   ", "\r", "not json", "{", "}", "[]", "[\(Self.probe)]", "null", "5", "\"text\"", "{}",
      "{\"id\":1}",
      "{\"method\":5,\"id\":1}", "{\"method\":null}",
      "{\"id\":null,\"method\":\"thread/list\",\"params\":{}}",
      "{\"id\":1.5,\"method\":\"thread/list\",\"params\":{}}",
      "{\"id\":true,\"method\":\"thread/list\",\"params\":{}}",
      "{\"id\":[1],\"method\":\"thread/list\",\"params\":{}}",
      "{\"id\":9223372036854775808,\"method\":\"thread/list\",\"params\":{}}",
      "{\"id\":1e400,\"method\":\"thread/list\",\"params\":{}}",
      "{\"id\":7,\"result\":{}}", "{\"id\":7,\"error\":{}}", "{\"id\":7,\"error\":5}",
      "{\"id\":null,\"result\":1}",
      "{\"method\":\"no/such\"}", "{\"method\":\"no/such\",\"params\":[1,[2]]}",
      "{\"method\":\"initialized\"}",
      "{\"id\":8,\"method\":\"thread/list\",\"params\":{}", "{\"id\":8 \"method\":\"thread/list\"}",
      "\u{FEFF}{\"id\":8,\"method\":\"thread/list\",\"params\":{}}x",
      String(repeating: "[", count: 1_000_000), String(repeating: "{\"a\":", count: 200_000),
      "{\"id\":8,\"method\":\"thread/list\",\"params\":" + String(repeating: "[", count: 100_000),
    ]
    let messages = try await talk(bytes([Self.hello] + silent.flatMap { [$0, Self.probe] }))
    #expect(answered(messages) == silent.map { _ in RequestID.string("probe") })
  }

  @Test("ids at the ends of their range come back as they were")
  func edgesOfIds() async throws {
    let ids: [RequestID] = [
      .int(.max), .int(.min), .int(0), .int(-1), .string(""), .string("\u{0}"),
      .string("9223372036854775808"),
      .string(String(repeating: "é", count: 10_000)),
    ]
    let lines = ids.map { id in
      "{\"id\":\(id.jsonValue.text),\"method\":\"thread/loaded/list\",\"params\":{}}"
    }
    #expect(answered(try await talk(bytes([Self.hello] + lines))) == ids)
  }

  @Test("NUL bytes are no JSON outside of strings; broken UTF-8 inside of them is read as U+FFFD")
  func oddBytes() async throws {
    var input = bytes([Self.hello])
    input += [0, 0, 0, 10]
    input += Array("{\"id\":1,\"method\":\"thread/list\",\u{0}\"params\":{}}\n".utf8)
    input +=
      Array("{\"id\":2,\"method\":\"no/such/".utf8) + [0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80]
      + Array("\",\"params\":{}}\n".utf8)
    input += Array("{\"id\":3,\"method\":\"no/\\u0000\\ud800\",\"params\":{}}\n".utf8)
    input += bytes([Self.probe])
    let messages = try await talk(input)
    #expect(answered(messages) == [2, 3, "probe"])
    #expect(
      error(2, in: messages)?.message.hasPrefix("Invalid request: unknown variant `no/such/\u{FFFD}") == true)
    #expect(
      error(3, in: messages)?.message.hasPrefix("Invalid request: unknown variant `no/\u{0}\u{FFFD}`") == true
    )
  }

  @Test("half a line at the end of the input is read if it is whole, and passed over if not")
  func endOfInput() async throws {
    for (end, expected) in [(Self.probe, ["probe"]), (String(Self.probe.dropLast(9)), []), ("\u{0}", [])] {
      let input = bytes([Self.hello]) + Array(end.utf8)
      #expect(answered(try await talk(input)) == expected.map { RequestID.string($0) })
    }
  }

  @Test("lines of 5 and of 32 megabytes are read; only the text of a turn is limited")
  func longLines() async throws {
    let text = String(repeating: "x", count: 5 << 20)
    let turn =
      #"{"id":1,"method":"turn/start","params":{"threadId":"\#(ScriptedAgent.firstThread)","#
      + #""input":[{"type":"text","text":"\#(text)"}]}}"#
    let junk = String(repeating: "y", count: 32 << 20)
    let list = #"{"id":2,"method":"thread/list","params":{"junk":"\#(junk)"}}"#
    let messages = try await talk(bytes([Self.hello, turn, list, Self.probe]))
    #expect(answered(messages) == [1, 2, "probe"])
    #expect(error(1, in: messages) == .inputTooLarge(5 << 20))
    #expect(error(2, in: messages) == nil)
  }

  @Test("params of any shape get one answer each, whatever the method", arguments: Router.served)
  func wrongTypes(method: String) async throws {
    let client = try await ServerHarness().client(stet: [
      "version": 1, "hunkReview": true, "snapshots": true, "events": true, "search": true,
    ])
    let id = JSONValue.string(ScriptedAgent.firstThread)
    let shapes: [JSONValue?] = [
      nil, .null, [], [1], "x", 5, 1.5, true, [:], ["threadId": 5], ["threadId": nil], ["threadId": ""],
      ["threadId": "../../etc"], ["threadId": id, "limit": -1], ["threadId": id, "limit": 4_294_967_296],
      ["threadId": id, "limit": 0, "cursor": "\u{0}", "input": "x", "turnId": [:], "afterSeq": .int(.min)],
      [
        "threadId": id, "afterSeq": .int(.max), "limit": 4_294_967_295, "turnId": "", "name": "", "input": [],
      ],
      ["cwd": "\u{0}", "path": "\u{0}", "command": [], "processId": "", "query": "", "roots": []],
    ]
    for shape in shapes {
      if case .failure(let error) = await client.response(to: client.ask(method, shape)) {
        #expect([-32600, -32602, -32603].contains(error.code), "\(method) \(shape?.text ?? ""): \(error)")
        #expect(!error.message.contains("Swift"), "\(method) \(shape?.text ?? ""): \(error)")
        #expect(error.code != RPCError.connectionClosedCode)
      }
    }
    try await client.settle()
    #expect(!client.isClosed)
  }

  @Test(
    "A3: errors have Codex's codes and texts",
    arguments: [
      ("no/such", "{}", "Invalid request: unknown variant `no/such`, expected one of `initialize`"),
      ("thread/list", "null", "Invalid request: missing field `params`"),
      ("turn/start", "{}", "Invalid request: missing field `threadId`"),
      (
        "turn/start", #"{"threadId":5,"input":[]}"#,
        "Invalid request: invalid type: integer `5`, expected a string"
      ),
      ("thread/list", #"{"limit":-1}"#, "Invalid request: invalid value: integer `-1`, expected u32"),
      (
        "thread/list", #"{"archived":"x"}"#, #"Invalid request: invalid type: string "x", expected a boolean"#
      ),
      (
        "thread/start", #"{"sandbox":"bogus"}"#,
        "Invalid request: unknown variant `bogus`, expected one of `read-only`, `workspace-write`, `danger-full-access`"
      ),
      ("initialize", #"{"clientInfo":{"name":"a","version":"1"}}"#, "Already initialized"),
      ("thread/read", #"{"threadId":"x"}"#, "invalid thread id: "),
      ("thread/resume", #"{"threadId":"x"}"#, "invalid session id: "),
      (
        "thread/settings/update", #"{"threadId":"x"}"#,
        "thread/settings/update requires experimentalApi capability"
      ),
      (
        "stet/events/replay", #"{"threadId":"x","afterSeq":0}"#, "stet/events/replay requires stet capability"
      ),
    ])
  func texts(method: String, params: String, text: String) async throws {
    let client = try await ServerHarness().client(experimental: false)
    let error = try #require(await client.error(method, try JSONValue(parsing: params)))
    #expect(error.code == -32600)
    #expect(error.message.hasPrefix(text), "\(error.message)")
    #expect(error.data == nil)
  }

  @Test(
    "each experimental field needs the flag, by its name",
    arguments: [
      ("thread/start", "permissions", #"":workspace""#), ("thread/start", "environments", "[]"),
      ("thread/start", "dynamicTools", "[]"), ("thread/start", "historyMode", #""legacy""#),
      ("thread/start", "runtimeWorkspaceRoots", "[]"), ("thread/resume", "path", #""/x""#),
      ("thread/resume", "history", "[]"), ("thread/resume", "initialTurnsPage", "{}"),
      ("thread/list", "parentThreadId", #""x""#), ("thread/list", "ancestorThreadId", #""x""#),
      ("turn/start", "collaborationMode", #"{"mode":"plan","settings":{"model":"m"}}"#),
      ("turn/start", "additionalContext", #"{"a":{"value":"v","kind":"untrusted"}}"#),
      ("turn/start", "permissions", #"":workspace""#), ("turn/steer", "additionalContext", "{}"),
    ])
  func experimentalFields(method: String, field: String, value: String) async throws {
    let harness = ServerHarness()
    var params: JSONObject = [
      "threadId": .string(ScriptedAgent.firstThread), "input": [], "expectedTurnId": "u",
    ]
    params[field] = try JSONValue(parsing: value)
    let plain = try await harness.client(experimental: false)
    #expect(await plain.error(method, .object(params)) == .requiresExperimental("\(method).\(field)"))
    let full = try await harness.client()
    let error = await full.error(method, .object(params))
    #expect(error?.message.contains("experimentalApi") != true)
  }

  @Test("remote control is told once, and only to who said hello")
  func greeting() async throws {
    let harness = ServerHarness()
    let silent = harness.connect()
    let client = try await harness.client()
    for _ in 0..<3 { _ = await client.error("initialize", ["clientInfo": ["name": "a", "version": "1"]]) }
    try await client.settle()
    #expect(client.notes("remoteControl/status/changed").count == 1)
    #expect(await silent.error("thread/list", [:]) == .notInitialized)
    #expect(silent.messages.count == 1)
  }
}

extension RequestID: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  public init(integerLiteral value: Int64) { self = .int(value) }
  public init(stringLiteral value: String) { self = .string(value) }
}
