/// Takes a WebSocket's bytes and gives its messages and control frames (RFC 6455 §5). Chunks may end anywhere.
///
/// Pure: what is to be answered (a pong, a close) is the caller's matter. After a fault or a close frame nothing more
/// comes out.
public struct WebSocketReader: Sendable {
  /// Whose bytes are read: a server accepts only masked frames, a client only unmasked ones.
  public enum Role: Sendable { case server, client }

  public enum Event: Hashable, Sendable {
    /// A whole text message, its fragments joined, as valid UTF-8.
    case text([UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(WebSocketCloseCode?, reason: String)
  }

  private struct Header {
    let opcode: WebSocketFrame.Opcode
    let isFinal: Bool
    let length: Int
    let mask: WebSocketMask?
    var taken = 0
  }

  private let role: Role
  private let limit: Int
  private var input: [UInt8] = []
  private var position = 0
  private var header: Header?
  private var control: [UInt8] = []
  /// The text message whose fragments come in; nil between messages.
  private var message: [UInt8]?
  private var isOver = false

  /// - Parameter maxMessageBytes: a longer message is a fault; nothing is reserved for what a header merely claims.
  public init(role: Role, maxMessageBytes: Int = JSONLines.maxLineBytes) {
    self.role = role
    limit = maxMessageBytes
  }

  public mutating func feed(_ bytes: some Collection<UInt8>) {
    guard !isOver else { return }
    input.removeFirst(position)
    position = 0
    input.append(contentsOf: bytes)
  }

  /// What is complete next, in the order of the wire; nil until more bytes have come.
  public mutating func next() throws(WebSocketFault) -> Event? {
    guard !isOver else { return nil }
    do {
      while true {
        if header == nil {
          guard let read = try readHeader() else { return nil }
          header = read
        }
        guard takePayload() else { return nil }
        if let event = try finishFrame() { return event }
      }
    } catch {
      end()
      throw error
    }
  }

  private mutating func end() {
    isOver = true
    input = []
    position = 0
    message = nil
  }

  // MARK: Header

  private mutating func readHeader() throws(WebSocketFault) -> Header? {
    let rest = input[position...]
    guard rest.count >= 2 else { return nil }
    let (first, second) = (input[position], input[position + 1])
    guard first & 0x70 == 0 else { throw WebSocketFault(.protocolError, "a reserved bit is set") }
    guard let opcode = WebSocketFrame.Opcode(rawValue: first & 0x0F) else {
      throw WebSocketFault(.protocolError, "unknown opcode \(first & 0x0F)")
    }
    let isMasked = second & 0x80 != 0
    guard isMasked == (role == .server) else {
      throw WebSocketFault(
        .protocolError, isMasked ? "a server's frame is masked" : "a client's frame is not masked")
    }
    let isFinal = first & 0x80 != 0
    try check(opcode, isFinal: isFinal, shortLength: second & 0x7F)
    let extra = second & 0x7F == 127 ? 8 : second & 0x7F == 126 ? 2 : 0
    let size = 2 + extra + (isMasked ? 4 : 0)
    guard rest.count >= size else { return nil }
    let length = try self.length(second & 0x7F, input[position + 2..<position + 2 + extra])
    if !opcode.isControl, length > limit - (message?.count ?? 0) {
      throw WebSocketFault(.tooBig, "a message of more than \(limit) bytes")
    }
    let mask = isMasked ? WebSocketMask(bytes: Array(input[position + 2 + extra..<position + size])) : nil
    position += size
    return Header(opcode: opcode, isFinal: isFinal, length: length, mask: mask)
  }

  private func check(
    _ opcode: WebSocketFrame.Opcode, isFinal: Bool, shortLength: UInt8
  ) throws(WebSocketFault) {
    switch opcode {
    case .close, .ping, .pong:
      guard isFinal else { throw WebSocketFault(.protocolError, "a control frame in fragments") }
      guard Int(shortLength) <= WebSocketFrame.maxControlBytes else {
        throw WebSocketFault(.protocolError, "a control frame of more than 125 bytes")
      }
    case .continuation:
      guard message != nil else { throw WebSocketFault(.protocolError, "a continuation of nothing") }
    case .text:
      guard message == nil else { throw WebSocketFault(.protocolError, "a new message inside of another") }
    case .binary: throw WebSocketFault(.unsupportedData, "a binary message; this protocol is text")
    }
  }

  private func length(_ short: UInt8, _ extended: ArraySlice<UInt8>) throws(WebSocketFault) -> Int {
    guard !extended.isEmpty else { return Int(short) }
    let value = extended.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard value >= (extended.count == 2 ? 126 : 65_536), value <= UInt64(Int.max) else {
      throw WebSocketFault(.protocolError, "a length that is not in its shortest form")
    }
    return Int(value)
  }

  // MARK: Payload

  /// Moves what has come of the payload; true when the frame is whole.
  private mutating func takePayload() -> Bool {
    guard var frame = header else { return false }
    let count = min(frame.length - frame.taken, input.count - position)
    let piece = input[position..<position + count]
    position += count
    if frame.opcode.isControl {
      let start = control.count
      control += piece
      frame.mask?.apply(to: &control, from: start, phase: frame.taken)
    } else {
      var text = message ?? []
      message = nil  // one owner, so that appending copies nothing
      let start = text.count
      text += piece
      frame.mask?.apply(to: &text, from: start, phase: frame.taken)
      message = text
    }
    frame.taken += count
    header = frame
    return frame.taken == frame.length
  }

  private mutating func finishFrame() throws(WebSocketFault) -> Event? {
    guard let frame = header else { return nil }
    header = nil
    guard frame.opcode.isControl else {
      guard frame.isFinal, let text = message else { return nil }
      message = nil
      guard Self.isUTF8(text) else { throw WebSocketFault(.invalidText, "a message that is not UTF-8") }
      return .text(text)
    }
    let payload = control
    control = []
    switch frame.opcode {
    case .ping: return .ping(payload)
    case .pong: return .pong(payload)
    default:
      let event = try Self.close(payload)
      end()
      return event
    }
  }

  private static func close(_ payload: [UInt8]) throws(WebSocketFault) -> Event {
    guard !payload.isEmpty else { return .close(nil, reason: "") }
    guard payload.count >= 2 else { throw WebSocketFault(.protocolError, "a close frame of one byte") }
    let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
    guard code.mayBeSent else { throw WebSocketFault(.protocolError, "close code \(code.rawValue)") }
    let reason = Array(payload[2...])
    guard isUTF8(reason) else { throw WebSocketFault(.invalidText, "a close reason that is not UTF-8") }
    return .close(code, reason: String(decoding: reason, as: UTF8.self))
  }

  private static func isUTF8(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }
}
