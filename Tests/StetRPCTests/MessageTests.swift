import StetJSON
import StetProtocol
import Testing

@testable import StetRPC

@Suite struct MessageTests {
  private static let all: [Message] = [
    .request(id: .int(1), method: "thread/list", params: [:]),
    .request(id: .string("a\u{0}ß"), method: "account/logout", params: nil),
    .request(id: .int(.max), method: "m", params: nil, stet: ["seq": 4]),
    .notification(method: "initialized", params: nil),
    .notification(method: "warning", params: ["message": "x\n\u{2028}"], emittedAtMs: 1_795_376_886_982),
    .notification(method: "n", params: ["a": nil], emittedAtMs: 1, stet: ["seq": 1]),
    .result(id: .int(-7), [:]), .result(id: .string(""), nil),
    .error(id: .int(0), RPCError(code: -32602, message: "m", data: ["max_chars": 1])),
  ]

  @Test("a message survives the wire", arguments: all)
  func roundTrip(message: Message) throws {
    let line = message.line()
    #expect(line.last == UInt8(ascii: "\n"))
    #expect(!line.dropLast().contains(UInt8(ascii: "\n")))
    #expect(try Message(JSONValue(parsing: line)) == message)
  }

  @Test func noMemberIsAdded() {
    #expect(
      String(decoding: Message.request(id: .int(3), method: "a", params: [:]).line(), as: UTF8.self)
        == "{\"id\":3,\"method\":\"a\",\"params\":{}}\n")
    #expect(
      String(decoding: Message.error(id: .string("s"), .notInitialized).line(), as: UTF8.self)
        == "{\"id\":\"s\",\"error\":{\"code\":-32600,\"message\":\"Not initialized\"}}\n")
  }

  @Test("a jsonrpc member that comes in is ignored")
  func jsonrpcIgnored() throws {
    let message = try Message(JSONValue(parsing: #"{"jsonrpc":"2.0","id":1,"method":"m","params":null}"#))
    #expect(message == .request(id: .int(1), method: "m", params: .null))
  }

  @Test(
    "what the protocol passes over in silence is a fault",
    arguments: [
      "[]", "[{\"id\":1,\"method\":\"m\"}]", "5", "{\"id\":1}", "{}", #"{"id":null,"method":"m"}"#,
      #"{"id":1.5,"method":"m"}"#, #"{"id":99999999999999999999,"method":"m"}"#, #"{"id":1,"method":5}"#,
      #"{"id":{},"result":1}"#,
    ])
  func faults(text: String) throws {
    let value = try JSONValue(parsing: text)
    #expect(throws: LineFault.self) { try Message(value) }
  }

  @Test("an error of any shape is an error")
  func oddErrors() throws {
    let message = try Message(JSONValue(parsing: #"{"id":1,"error":"broken"}"#))
    guard case .error(.int(1), let error) = message else {
      Issue.record("\(message)")
      return
    }
    #expect(error.message.contains("broken"))
  }
}

@Suite struct JSONLinesTests {
  private let first = Message.request(id: .int(1), method: "é😀", params: ["text": "日本語\u{0}"])
  private let second = Message.notification(method: "b", params: nil)

  private func messages(_ results: [Result<Message, LineFault>]) throws -> [Message] {
    try results.map { try $0.get() }
  }

  @Test func byteByByte() throws {
    var lines = JSONLines()
    var seen: [Message] = []
    for byte in first.line() + second.line() { seen += try messages(lines.feed([byte])) }
    #expect(seen == [first, second])
    #expect(lines.finish() == nil)
  }

  @Test func severalInOneChunkAndEverySplit() throws {
    let bytes = first.line() + second.line() + first.line()
    for cut in 0...bytes.count {
      var lines = JSONLines()
      let seen = try messages(lines.feed(bytes[..<cut])) + messages(lines.feed(bytes[cut...]))
      #expect(seen == [first, second, first])
    }
  }

  @Test func emptyLinesAreNothing() throws {
    var lines = JSONLines()
    #expect(lines.feed(Array("\n  \r\n\t\n".utf8)).isEmpty)
    #expect(try messages(lines.feed(Array("{\"method\":\"m\"}\r\n".utf8))).count == 1)
  }

  @Test("a bad line harms no other")
  func badLines() throws {
    var lines = JSONLines()
    let text: [UInt8] = Array("{\"id\":\nnot json\n\u{0}\n{\"method\":\"ok\"}\n".utf8) + [0xFF, 0xFE, 0x0A]
    let results = lines.feed(text)
    #expect(results.count == 5)
    #expect(results.filter { if case .success = $0 { true } else { false } }.count == 1)
    #expect(try results[3].get() == .notification(method: "ok", params: nil))
  }

  @Test("a line beyond the limit is passed over, the next is read")
  func overlongLine() throws {
    var lines = JSONLines(maxLineBytes: 100)
    var results = lines.feed(Array(repeating: UInt8(ascii: "x"), count: 90))
    results += lines.feed(Array(repeating: UInt8(ascii: "x"), count: 90))
    results += lines.feed(Array("tail\n{\"method\":\"ok\"}\n".utf8))
    #expect(results.count == 2)
    #expect(throws: LineFault.self) { try results[0].get() }
    #expect(try results[1].get() == .notification(method: "ok", params: nil))
  }

  @Test("half a line at the end is a fault, a whole one without line feed a message")
  func end() throws {
    var half = JSONLines()
    _ = half.feed(Array("{\"method\":".utf8))
    #expect(throws: LineFault.self) { try half.finish()?.get() }
    var whole = JSONLines()
    _ = whole.feed(Array("{\"method\":\"m\"}".utf8))
    #expect(try whole.finish()?.get() == .notification(method: "m", params: nil))
  }

  @Test func fiveMegabytes() throws {
    let big = Message.result(id: .int(1), .string(String(repeating: "ab\"\\\n", count: 1 << 20)))
    var lines = JSONLines()
    var seen: [Message] = []
    let bytes = big.line()
    for start in stride(from: 0, to: bytes.count, by: 65_536) {
      seen += try messages(lines.feed(bytes[start..<min(start + 65_536, bytes.count)]))
    }
    #expect(seen == [big])
  }
}
