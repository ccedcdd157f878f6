import StetNet
import Testing

@Suite struct SSEParserTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let events: [SSEEvent]
    var testDescription: String { name }
  }

  static let samples = [
    Sample(
      name: "plain", text: "data: 1\n\ndata: 2\n\n", events: [SSEEvent(data: "1"), SSEEvent(data: "2")]),
    Sample(
      name: "CR LF", text: "event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n",
      events: [SSEEvent(event: "a", data: "1"), SSEEvent(data: "2")]),
    Sample(
      name: "CR alone, mixed", text: "data: 1\r\rdata: 2\n\rdata: 3\r\n\n",
      events: [SSEEvent(data: "1"), SSEEvent(data: "2"), SSEEvent(data: "3")]),
    Sample(name: "byte order mark", text: "\u{FEFF}data: 1\n\n", events: [SSEEvent(data: "1")]),
    Sample(
      name: "a mark in the middle is text", text: "data: \u{FEFF}\n\n", events: [SSEEvent(data: "\u{FEFF}")]),
    Sample(
      name: "comments", text: ": hi\n\n:\ndata: 1\n: in between\n\n:\n\n", events: [SSEEvent(data: "1")]),
    Sample(
      name: "several lines", text: "data: a\ndata:\ndata:  b\ndata\n\n", events: [SSEEvent(data: "a\n\n b\n")]
    ),
    Sample(name: "empty data", text: "data\n\ndata:\n\n", events: [SSEEvent(data: ""), SSEEvent(data: "")]),
    Sample(name: "no space", text: "event:x\ndata:1\n\n", events: [SSEEvent(event: "x", data: "1")]),
    Sample(
      name: "an event without data is none and does not leak its name", text: "event: x\n\ndata: 1\n\n",
      events: [SSEEvent(data: "1")]),
    Sample(
      name: "ids stay, retries do not",
      text: "id: 7\nretry: 250\ndata: 1\n\nid: a\0b\nretry: 2x\ndata: 2\n\nid\ndata: 3\n\n",
      events: [
        SSEEvent(data: "1", id: "7", retry: 250), SSEEvent(data: "2", id: "7"), SSEEvent(data: "3", id: ""),
      ]),
    Sample(name: "unknown fields", text: "foo: 1\ndata: 1\nbar\n\n", events: [SSEEvent(data: "1")]),
    Sample(
      name: "wide text", text: "data: {\"d\":\"naïve 漢字 👩‍👩‍👧\"}\n\n",
      events: [SSEEvent(data: "{\"d\":\"naïve 漢字 👩‍👩‍👧\"}")]),
    Sample(name: "a cut event is none", text: "data: 1\n\ndata: 2\n", events: [SSEEvent(data: "1")]),
    Sample(name: "nothing", text: "", events: []),
  ]

  @Test(arguments: samples) func inOnePiece(_ sample: Sample) throws {
    var parser = SSEParser()
    #expect(try parser.feed(Array(sample.text.utf8)) == sample.events)
  }

  @Test(arguments: samples) func splitAtEveryByte(_ sample: Sample) throws {
    let bytes = Array(sample.text.utf8)
    for cut in 0...bytes.count {
      var parser = SSEParser()
      let events = try parser.feed(Array(bytes[..<cut])) + parser.feed(Array(bytes[cut...]))
      #expect(events == sample.events, "cut at \(cut)")
    }
  }

  @Test(arguments: samples) func byteByByte(_ sample: Sample) throws {
    var parser = SSEParser()
    var events: [SSEEvent] = []
    for byte in sample.text.utf8 {
      events += try parser.feed([byte])
      events += try parser.feed([])
    }
    #expect(events == sample.events)
  }

  @Test func invalidUTF8IsReplaced() throws {
    var parser = SSEParser()
    #expect(
      try parser.feed(Array("data: a".utf8) + [0xFF] + Array("b\n\n".utf8)).map(\.data) == ["a\u{FFFD}b"])
  }

  @Test func anEventHasABound() throws {
    let part = [UInt8](repeating: 120, count: 1 << 20)
    var parser = SSEParser()
    _ = try parser.feed(Array("data: ".utf8))
    for _ in 0..<15 { _ = try parser.feed(part) }
    #expect(try parser.feed(Array("\n\n".utf8)).first?.data.utf8.count == 15 << 20)
    _ = try parser.feed(Array("data: ".utf8))
    for _ in 0..<15 { _ = try parser.feed(part) }
    #expect(throws: NetError(.tooLarge, "an event of the stream is larger than 16 MiB")) {
      try parser.feed(part)
    }
  }

  @Test func manyShortLinesHaveTheSameBound() throws {
    let line = Array("data: ".utf8) + [UInt8](repeating: 120, count: 4 << 20) + [10]
    var parser = SSEParser()
    for _ in 0..<3 { _ = try parser.feed(line) }
    #expect(throws: NetError.self) { try parser.feed(line) }
  }
}
