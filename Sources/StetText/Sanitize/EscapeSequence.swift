/// An escape sequence in the output of a program (ECMA-48), found at an ESC.
struct EscapeSequence {
  enum Kind: Equatable {
    /// `ESC [ … final`: the bytes between are parameters and intermediates.
    case control(final: UInt8)
    /// OSC, DCS, APC, PM, SOS with their text.
    case string
    /// ESC and one more byte, perhaps with intermediates between.
    case short
    /// An ESC that begins nothing complete.
    case lone
  }

  var kind: Kind
  /// Between the introducer and the final byte.
  var parameters: Range<Int>
  /// The first byte behind it.
  var end: Int

  /// Strings longer than this are taken for text: no title or link is, and a lost terminator must not swallow output.
  static let maximumString = 8192

  /// Reads the sequence whose ESC is at `start`.
  static func read(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> EscapeSequence {
    let lone = EscapeSequence(kind: .lone, parameters: start..<start, end: start + 1)
    let at = start + 1
    guard at < bytes.count else { return lone }
    switch bytes[at] {
    case UInt8(ascii: "["):
      var end = at + 1
      while end < bytes.count, bytes[end] >= 0x20, bytes[end] < 0x40 { end += 1 }
      guard end < bytes.count, bytes[end] >= 0x40, bytes[end] < 0x7F else { return lone }
      return EscapeSequence(kind: .control(final: bytes[end]), parameters: (at + 1)..<end, end: end + 1)
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
      var end = at + 1
      let limit = min(bytes.count, end + maximumString)
      while end < limit, bytes[end] != 0x0A {
        if bytes[end] == 0x07 {
          return EscapeSequence(kind: .string, parameters: (at + 1)..<end, end: end + 1)
        }
        if bytes[end] == 0x1B, end + 1 < limit, bytes[end + 1] == UInt8(ascii: "\\") {
          return EscapeSequence(kind: .string, parameters: (at + 1)..<end, end: end + 2)
        }
        end += 1
      }
      return lone
    default:
      var end = at
      while end < bytes.count, bytes[end] >= 0x20, bytes[end] < 0x30 { end += 1 }
      guard end < bytes.count, bytes[end] >= 0x30, bytes[end] < 0x7F else { return lone }
      return EscapeSequence(kind: .short, parameters: at..<at, end: end + 1)
    }
  }
}
