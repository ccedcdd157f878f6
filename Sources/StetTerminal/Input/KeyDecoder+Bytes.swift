import StetUI

extension KeyDecoder {
  /// Reads what begins at `at`, outside a paste.
  func read(_ buffer: [UInt8], _ at: Int) -> Step {
    let byte = buffer[at]
    if byte == Self.escape { return readEscape(buffer, at) }
    if byte < 0x80 { return .event(.key(key(byte)), 1) }
    return readScalar(buffer, at, modifiers: [], skipped: 0)
  }

  /// One byte below 0x80 as a key.
  func key(_ byte: UInt8) -> Key {
    switch byte {
    case 0: Key(.character(" "), .ctrl)
    case 0x09: Key(.tab)
    case 0x0D: Key(.enter)
    case 0x1B: Key(.escape)
    case 0x7F: Key(.backspace)
    case 0x01...0x1A: Key(.character(Character(Unicode.Scalar(byte + 0x60))), .ctrl)
    case 0x1C...0x1F: Key(.character(Character(Unicode.Scalar(byte + 0x40))), .ctrl)
    default: Key(Character(Unicode.Scalar(byte)))
    }
  }

  func alt(_ byte: UInt8) -> Key {
    var key = key(byte)
    key.modifiers.insert(.alt)
    return key
  }

  private func readEscape(_ buffer: [UInt8], _ at: Int) -> Step {
    guard at + 1 < buffer.count else { return .incomplete }
    let second = buffer[at + 1]
    switch second {
    case Self.escape: return .event(.key(Key(.escape)), 1)
    case UInt8(ascii: "["): return readCSI(buffer, at)
    case UInt8(ascii: "O"): return readSS3(buffer, at)
    case UInt8(ascii: "]"): return readString(buffer, at) { (0x30...0x39).contains($0) }
    case UInt8(ascii: "P"):
      return readString(buffer, at) { (0x30...0x39).contains($0) || $0 < 0x2C || $0 == 0x3E }
    case UInt8(ascii: "_"): return readString(buffer, at) { $0 == UInt8(ascii: "G") }
    case 0x80...: return readScalar(buffer, at + 1, modifiers: .alt, skipped: 1)
    default: return .event(.key(alt(second)), 2)
    }
  }

  /// An operating system command, device control string or application command, up to ST or BEL. `begins` tells a
  /// reply from alt and that key by its next byte.
  private func readString(_ buffer: [UInt8], _ at: Int, begins: (UInt8) -> Bool) -> Step {
    guard at + 2 < buffer.count else { return .incomplete }
    guard begins(buffer[at + 2]) else { return .event(.key(alt(buffer[at + 1])), 2) }
    var end = at + 2
    while end < buffer.count {
      let isST = buffer[end] == Self.escape && end + 1 < buffer.count && buffer[end + 1] == UInt8(ascii: "\\")
      if buffer[end] == 0x07 || isST {
        let length = end - at + (isST ? 2 : 1)
        if buffer[at + 1] == UInt8(ascii: "]"),
          let reply = TerminalReply(operatingSystemCommand: buffer[(at + 2)..<end])
        {
          return .reply(reply, length)
        }
        if buffer[at + 1] == UInt8(ascii: "_"),
          let reply = TerminalReply(applicationCommand: buffer[(at + 2)..<end])
        {
          return .reply(reply, length)
        }
        return .nothing(length)
      }
      // An Esc that begins no ST ends a torn string (xterm's rule); what follows is read by itself.
      if buffer[end] == Self.escape && end + 1 < buffer.count { return .nothing(end - at) }
      end += 1
      if end - at > Self.maxReplyBytes { return .nothing(end - at) }
    }
    return .incomplete
  }

  /// A scalar of several bytes. Broken ones become U+FFFD (one for each maximal part, Unicode §3.9), the C1 controls
  /// nothing.
  private func readScalar(_ buffer: [UInt8], _ at: Int, modifiers: KeyModifiers, skipped: Int) -> Step {
    let lead = buffer[at]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: length = 4
    default: return .event(.key(Key(.character("\u{FFFD}"), modifiers)), skipped + 1)
    }
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for offset in 1..<length {
      guard at + offset < buffer.count else { return .incomplete }
      let byte = buffer[at + offset]
      guard (offset == 1 ? second : 0x80...0xBF).contains(byte) else {
        return .event(.key(Key(.character("\u{FFFD}"), modifiers)), skipped + offset)
      }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard value >= 0xA0, let scalar = Unicode.Scalar(value) else { return .nothing(skipped + length) }
    return .event(.key(Key(.character(Character(scalar)), modifiers)), skipped + length)
  }
}
