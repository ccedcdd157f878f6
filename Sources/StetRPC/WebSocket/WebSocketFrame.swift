/// One frame on the wire (RFC 6455 §5.2). Extensions are never negotiated, so the reserved bits are always 0.
public struct WebSocketFrame: Hashable, Sendable {
  public enum Opcode: UInt8, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    var isControl: Bool { rawValue >= 0x8 }
  }

  /// What a control frame may carry (§5.5).
  public static let maxControlBytes = 125

  public var opcode: Opcode
  public var isFinal: Bool
  public var payload: [UInt8]

  public init(_ opcode: Opcode, _ payload: [UInt8] = [], isFinal: Bool = true) {
    self.opcode = opcode
    self.payload = payload
    self.isFinal = isFinal
  }

  /// A close frame; the reason is cut to what fits, at a character.
  public static func close(_ code: WebSocketCloseCode?, reason: String = "") -> WebSocketFrame {
    guard let code else { return WebSocketFrame(.close) }
    var payload = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)]
    for character in reason {
      let bytes = Array(character.utf8)
      guard payload.count + bytes.count <= maxControlBytes else { break }
      payload += bytes
    }
    return WebSocketFrame(.close, payload)
  }

  /// The frame's bytes. A client masks with a fresh unpredictable key, a server does not (§5.1).
  public func bytes(maskedWith key: UInt32? = nil) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(payload.count + 14)
    bytes.append((isFinal ? 0x80 : 0) | opcode.rawValue)
    let maskBit: UInt8 = key == nil ? 0 : 0x80
    switch payload.count {
    case ..<126: bytes.append(maskBit | UInt8(payload.count))
    case ..<65_536:
      bytes.append(maskBit | 126)
      bytes.append(UInt8(payload.count >> 8))
      bytes.append(UInt8(payload.count & 0xFF))
    default:
      bytes.append(maskBit | 127)
      for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(payload.count >> shift & 0xFF)) }
    }
    guard let key else { return bytes + payload }
    let mask = WebSocketMask(key)
    bytes += mask.bytes
    let start = bytes.count
    bytes += payload
    mask.apply(to: &bytes, from: start, phase: 0)
    return bytes
  }
}

/// The four bytes that a client's payload is combined with (§5.3).
struct WebSocketMask: Sendable {
  let bytes: [UInt8]

  init(_ key: UInt32) { bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: key >> $0) } }

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Masks or unmasks from `start` on; `phase` is how many bytes of the payload came before.
  func apply(to target: inout [UInt8], from start: Int, phase: Int) {
    target.withUnsafeMutableBufferPointer { target in
      var index = start
      var turn = phase & 3
      while index < target.count {
        target[index] ^= bytes[turn]
        index += 1
        turn = (turn + 1) & 3
      }
    }
  }
}

/// Why a WebSocket ends (RFC 6455 §7.4.1).
public struct WebSocketCloseCode: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let normal = Self(rawValue: 1000)
  public static let goingAway = Self(rawValue: 1001)
  public static let protocolError = Self(rawValue: 1002)
  public static let unsupportedData = Self(rawValue: 1003)
  public static let invalidText = Self(rawValue: 1007)
  public static let tooBig = Self(rawValue: 1009)

  /// Whether the code may stand in a close frame: 1004 to 1006 and 1015 are for local use, the rest below 3000
  /// is not assigned.
  var mayBeSent: Bool {
    switch rawValue {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }
}

/// A peer broke the rules; the connection is to be closed with `code`.
public struct WebSocketFault: Error, Hashable, Sendable, CustomStringConvertible {
  public let code: WebSocketCloseCode
  public let message: String

  init(_ code: WebSocketCloseCode, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
