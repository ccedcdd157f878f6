import StetRPC
import Testing

@Suite("A10: WebSocket frames") struct WebSocketReaderTests {
  typealias Event = WebSocketReader.Event

  private static let key: UInt32 = 0x37FA_213D

  /// All events of `bytes` fed in pieces of `size`, and the fault that ended them.
  private func read(
    _ bytes: [UInt8], role: WebSocketReader.Role = .server, size: Int = .max, limit: Int = 1 << 20
  ) -> (events: [Event], fault: WebSocketFault?) {
    var reader = WebSocketReader(role: role, maxMessageBytes: limit)
    var events: [Event] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      reader.feed(rest.prefix(size))
      rest = rest.dropFirst(size)
      do {
        while let event = try reader.next() { events.append(event) }
      } catch {
        return (events, error)
      }
    }
    return (events, nil)
  }

  private func masked(
    _ opcode: WebSocketFrame.Opcode, _ text: String, isFinal: Bool = true
  ) -> [UInt8] {
    WebSocketFrame(opcode, Array(text.utf8), isFinal: isFinal).bytes(maskedWith: Self.key)
  }

  @Test("the examples of RFC 6455 §5.7")
  func examples() {
    let hello = Array("Hello".utf8)
    #expect(WebSocketFrame(.text, hello).bytes() == [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
    let maskedHello: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
    #expect(WebSocketFrame(.text, hello).bytes(maskedWith: Self.key) == maskedHello)
    #expect(read(maskedHello).events == [.text(hello)])
    let fragments: [UInt8] = [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F]
    #expect(read(fragments, role: .client).events == [.text(hello)])
    let ping: [UInt8] = [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]
    #expect(read(ping, role: .client).events == [.ping(hello)])
    #expect(
      WebSocketFrame(.binary, [UInt8](repeating: 0, count: 256)).bytes().prefix(4) == [0x82, 0x7E, 1, 0])
    #expect(
      WebSocketFrame(.binary, [UInt8](repeating: 0, count: 65_536)).bytes().prefix(10)
        == [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0])
  }

  @Test("the same comes out however the bytes are cut", arguments: [1, 2, 3, 7, 64, 1_000, 1 << 20])
  func chunks(size: Int) {
    let long = String(repeating: "grüße 🌊 ", count: 9_000)
    let bytes =
      masked(.text, "one") + masked(.text, "gr", isFinal: false) + masked(.ping, "are you there?")
      + masked(.continuation, "ü", isFinal: false) + masked(.continuation, "", isFinal: false)
      + masked(.pong, "") + masked(.continuation, "ße") + masked(.text, "") + masked(.text, long)
      + WebSocketFrame.close(.normal, reason: "done").bytes(maskedWith: 0) + masked(.text, "too late")
    let (events, fault) = read(bytes, size: size)
    #expect(fault == nil)
    #expect(
      events == [
        .text(Array("one".utf8)), .ping(Array("are you there?".utf8)), .pong([]), .text(Array("grüße".utf8)),
        .text([]), .text(Array(long.utf8)), .close(.normal, reason: "done"),
      ])
  }

  @Test("a character may be cut between fragments and between reads")
  func splitCharacter() {
    let wave = Array("🌊".utf8)
    let bytes =
      WebSocketFrame(.text, Array(wave[..<1]), isFinal: false).bytes(maskedWith: 1)
      + WebSocketFrame(.continuation, Array(wave[1...])).bytes(maskedWith: 0xFFFF_FFFF)
    #expect(read(bytes, size: 1).events == [.text(wave)])
  }

  struct Broken: CustomTestStringConvertible, Sendable {
    let what: String
    let bytes: [UInt8]
    let code: WebSocketCloseCode
    var testDescription: String { what }
  }

  private static func frame(_ first: UInt8, _ payload: [UInt8] = []) -> [UInt8] {
    [first, 0x80 | UInt8(payload.count), 0, 0, 0, 0] + payload
  }

  static let broken: [Broken] = [
    Broken(what: "a frame without mask", bytes: [0x81, 0x01, 0x61], code: .protocolError),
    Broken(what: "a reserved bit", bytes: frame(0xC1), code: .protocolError),
    Broken(what: "a reserved opcode", bytes: frame(0x83), code: .protocolError),
    Broken(what: "a reserved control opcode", bytes: frame(0x8B), code: .protocolError),
    Broken(what: "a ping in fragments", bytes: frame(0x09), code: .protocolError),
    Broken(what: "a long ping", bytes: [0x89, 0xFE, 0, 126], code: .protocolError),
    Broken(what: "a continuation of nothing", bytes: frame(0x80), code: .protocolError),
    Broken(what: "a message in a message", bytes: frame(0x01) + frame(0x81), code: .protocolError),
    Broken(what: "a binary message", bytes: frame(0x82, [1]), code: .unsupportedData),
    Broken(
      what: "a 16-bit length that fits in 7", bytes: [0x81, 0xFE, 0, 125, 0, 0, 0, 0], code: .protocolError),
    Broken(
      what: "a 64-bit length that fits in 16", bytes: [0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0],
      code: .protocolError),
    Broken(
      what: "a length beyond all integers",
      bytes: [0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], code: .protocolError),
    Broken(
      what: "a message over the limit", bytes: [0x81, 0xFF, 0, 0, 0, 0, 0, 0x10, 0, 1, 0, 0, 0, 0],
      code: .tooBig),
    Broken(what: "text that is not UTF-8", bytes: frame(0x81, [0xC0, 0xAF]), code: .invalidText),
    Broken(what: "text that ends in a character", bytes: frame(0x81, [0xF0, 0x9F]), code: .invalidText),
    Broken(what: "a surrogate", bytes: frame(0x81, [0xED, 0xA0, 0x80]), code: .invalidText),
    Broken(what: "a close frame of one byte", bytes: frame(0x88, [3]), code: .protocolError),
    Broken(what: "close code 999", bytes: frame(0x88, [0x03, 0xE7]), code: .protocolError),
    Broken(what: "close code 1005", bytes: frame(0x88, [0x03, 0xED]), code: .protocolError),
    Broken(what: "close code 1006", bytes: frame(0x88, [0x03, 0xEE]), code: .protocolError),
    Broken(what: "close code 5000", bytes: frame(0x88, [0x13, 0x88]), code: .protocolError),
    Broken(
      what: "a close reason that is not UTF-8", bytes: frame(0x88, [0x03, 0xE8, 0xFF]), code: .invalidText),
  ]

  @Test("what breaks the rules ends the connection with its code", arguments: broken)
  func rules(_ broken: Broken) {
    let good = masked(.text, "before")
    for size in [1, Int.max] {
      let (events, fault) = read(good + broken.bytes + good, size: size)
      #expect(events == [.text(Array("before".utf8))])
      #expect(fault?.code == broken.code)
    }
  }

  @Test("a server that masks is refused by a client")
  func maskedServer() {
    #expect(read(masked(.text, "x"), role: .client).fault?.code == .protocolError)
  }

  @Test("fragments count towards the limit together, and a mere claim reserves nothing")
  func limit() {
    let half = [UInt8](repeating: 0x61, count: 600)
    let bytes =
      WebSocketFrame(.text, half, isFinal: false).bytes(maskedWith: 5)
      + WebSocketFrame(.continuation, half).bytes(maskedWith: 5)
    #expect(read(bytes, limit: 1_200).events == [.text(half + half)])
    #expect(read(bytes, limit: 1_199).fault?.code == .tooBig)
  }

  @Test("after a close nothing more comes out")
  func afterClose() {
    let bytes = WebSocketFrame.close(nil).bytes(maskedWith: 9) + masked(.text, "late") + [0xFF, 0xFF, 0xFF]
    #expect(read(bytes, size: 1).events == [.close(nil, reason: "")])
    #expect(read(bytes).fault == nil)
  }

  @Test("a long close reason is cut at a character")
  func closeReason() {
    let frame = WebSocketFrame.close(.tooBig, reason: String(repeating: "ü", count: 100))
    #expect(frame.payload.count == 124)
    #expect(
      read(frame.bytes(maskedWith: 3)).events == [
        .close(.tooBig, reason: String(repeating: "ü", count: 61))
      ])
  }

  @Test("random bytes never crash the reader and come out the same in pieces", arguments: 0..<40)
  func noise(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
    var bytes: [UInt8] = []
    for _ in 0..<30 {
      if next() % 3 == 0 { bytes += (0..<Int(next() % 9)).map { _ in UInt8(truncatingIfNeeded: next()) } }
      let payload = (0..<Int(next() % 300)).map { _ in UInt8(truncatingIfNeeded: next()) & 0x7F }
      let opcode = WebSocketFrame.Opcode(rawValue: UInt8(next() % 11)) ?? .text
      bytes += WebSocketFrame(opcode, payload, isFinal: next() % 4 != 0)
        .bytes(maskedWith: next() % 8 == 0 ? nil : UInt32(truncatingIfNeeded: next()))
    }
    let whole = read(bytes)
    let pieces = read(bytes, size: Int(next() % 20) + 1)
    #expect(whole.events == pieces.events)
    #expect(whole.fault?.code == pieces.fault?.code)
  }
}
