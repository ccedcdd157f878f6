/// Terminal output as a model should read it: no colours, no titles, no progress bars drawn over themselves (T9).
enum PlainOutput {
  static func strip(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x1B || $0 == 0x0D || $0 == 0x08 || $0 == 0x07 }) else {
      return text
    }
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count)
    var lineStart = 0
    var bytes = ArraySlice(Array(text.utf8))
    while let byte = bytes.popFirst() {
      switch byte {
      case 0x1B: skipEscape(&bytes)
      case 0x07: break
      case 0x08:
        while out.count > lineStart, let last = out.popLast(), last & 0xC0 == 0x80 {}
      case 0x0D:
        // A return before a line feed ends the line; elsewhere the line is drawn anew.
        if bytes.first != 0x0A, bytes.first != 0x0D, bytes.first != nil { out.removeSubrange(lineStart...) }
      case 0x0A:
        out.append(byte)
        lineStart = out.count
      default: out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Moves behind one escape sequence (ECMA-48): CSI … final byte, OSC/DCS/APC/PM … terminator, or two bytes.
  private static func skipEscape(_ bytes: inout ArraySlice<UInt8>) {
    switch bytes.popFirst() {
    case UInt8(ascii: "["):
      while let byte = bytes.popFirst(), !(0x40...0x7E).contains(byte) {}
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
      while let byte = bytes.popFirst() {
        if byte == 0x07 { return }
        if byte == 0x1B {
          if bytes.first == UInt8(ascii: "\\") { bytes.removeFirst() }
          return
        }
      }
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "#"): _ = bytes.popFirst()
    default: break
    }
  }
}
