/// The colours and attributes with which the terminal writes, kept from one frame to the next.
///
/// ncurses sets them before each run of cells and takes them back behind the last one. Through the pen only what differs
/// is sent, and only before something that shows it, so that a letter typed behind another is that letter alone (U12).
/// It knows the sequences of the built-in entries; those of other terminals go past it.
struct Pen {
  /// As SGR parameters tell them; 0 is the terminal's own colour.
  fileprivate struct Look: Equatable {
    var foreground: UInt32 = 0
    var background: UInt32 = 0
    /// A bit for each number of `Pen.attributes`.
    var attributes: UInt8 = 0
  }

  /// What the terminal has; nil when that is not known.
  private var have: Look? = Look()
  private var saved: Look? = Look()

  /// An attribute and what ends it; bold and dim end together.
  fileprivate static let attributes: [(on: Int, off: Int)] = [
    (1, 22), (2, 22), (3, 23), (4, 24), (7, 27), (9, 29),
  ]

  /// Another program may have written.
  mutating func forget() { have = nil }

  /// What makes the terminal write in its own colours, for those who come after.
  mutating func putDown() -> [UInt8] {
    var bytes: [UInt8] = []
    take(Look(), &bytes)
    return bytes
  }

  /// The bytes of a frame, which begins and ends in the terminal's own colours, without what changes nothing.
  mutating func economise(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var want = Look()
    var at = 0
    while at < bytes.count {
      let end = Self.end(bytes, at)
      let sequence = bytes[at..<end]
      at = end
      if Self.isSGR(sequence) {
        want.apply(Self.parameters(sequence))
        continue
      }
      if !Self.onlyMoves(sequence) { take(want, &result) }
      if sequence.elementsEqual([0x1B, UInt8(ascii: "7")]) { saved = have }
      if sequence.elementsEqual([0x1B, UInt8(ascii: "8")]) { have = saved }
      result += sequence
    }
    return result
  }

  private mutating func take(_ want: Look, _ bytes: inout [UInt8]) {
    guard want != have else { return }
    defer { have = want }
    guard want != Look() else {
      bytes += [0x1B, UInt8(ascii: "["), UInt8(ascii: "m")]
      return
    }
    var codes: [Int] = []
    if have == nil { codes.append(0) }
    var old = have ?? Look()
    for (bit, attribute) in Self.attributes.enumerated()
    where old.attributes & ~want.attributes & 1 << bit != 0 && !codes.contains(attribute.off) {
      codes.append(attribute.off)
      for (other, pair) in Self.attributes.enumerated() where pair.off == attribute.off {
        old.attributes &= ~(1 << other)
      }
    }
    for (bit, attribute) in Self.attributes.enumerated()
    where want.attributes & ~old.attributes & 1 << bit != 0 {
      codes.append(attribute.on)
    }
    if want.foreground != old.foreground { codes += Self.codes(want.foreground, own: 39, extended: 38) }
    if want.background != old.background { codes += Self.codes(want.background, own: 49, extended: 48) }
    bytes += Array("\u{1B}[\(codes.map(String.init).joined(separator: ";"))m".utf8)
  }

  private static func codes(_ color: UInt32, own: Int, extended: Int) -> [Int] {
    let value = Int(color & 0xFF_FFFF)
    switch color >> 24 {
    case 2: return [extended, 5, value]
    case 3: return [extended, 2, value >> 16, value >> 8 & 255, value & 255]
    case 1: return [value]
    default: return [own]
    }
  }

  // MARK: reading

  /// Where the control sequence or the byte that begins at a place ends.
  private static func end(_ bytes: [UInt8], _ start: Int) -> Int {
    guard bytes[start] == 0x1B, start + 1 < bytes.count else { return start + 1 }
    guard bytes[start + 1] == UInt8(ascii: "[") else { return start + 2 }
    let final = bytes[(start + 2)...].firstIndex { (0x40...0x7E).contains($0) }
    return final.map { $0 + 1 } ?? bytes.count
  }

  private static func isSGR(_ sequence: ArraySlice<UInt8>) -> Bool {
    sequence.count > 2 && sequence.first == 0x1B && sequence.last == UInt8(ascii: "m")
      && sequence.dropFirst(2).dropLast().allSatisfy { (0x30...0x3B).contains($0) }
  }

  private static func parameters(_ sequence: ArraySlice<UInt8>) -> [Int] {
    sequence.dropFirst(2).dropLast().split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      .map { $0.prefix(9).reduce(0) { $0 * 10 + Int($1 & 15) } }
  }

  private static let moves = Set("ABCDGHd".utf8)

  /// The cursor moves or is shown, and no cell changes.
  private static func onlyMoves(_ sequence: ArraySlice<UInt8>) -> Bool {
    guard let last = sequence.last else { return true }
    if sequence.count == 1 { return last == 0x0D || last == 0x08 }
    guard sequence.count > 2 else { return false }
    if moves.contains(last) { return true }
    return sequence.elementsEqual("\u{1B}[?25h".utf8) || sequence.elementsEqual("\u{1B}[?25l".utf8)
  }
}

extension Pen.Look {
  fileprivate mutating func apply(_ parameters: [Int]) {
    var at = 0
    while at < parameters.count {
      let code = parameters[at]
      at += 1
      switch code {
      case 0: self = Pen.Look()
      case 30...37, 90...97: foreground = 1 << 24 | UInt32(code)
      case 40...47, 100...107: background = 1 << 24 | UInt32(code)
      case 39: foreground = 0
      case 49: background = 0
      case 38: foreground = Self.extended(parameters, &at)
      case 48: background = Self.extended(parameters, &at)
      default:
        for (bit, attribute) in Pen.attributes.enumerated() {
          if attribute.on == code { attributes |= 1 << bit }
          if attribute.off == code { attributes &= ~(1 << bit) }
        }
      }
    }
  }

  private static func extended(_ parameters: [Int], _ at: inout Int) -> UInt32 {
    func value(_ index: Int) -> UInt32 {
      parameters.indices.contains(index) ? UInt32(clamping: parameters[index]) & 255 : 0
    }
    if parameters.indices.contains(at), parameters[at] == 5 {
      defer { at += 2 }
      return 2 << 24 | value(at + 1)
    }
    defer { at += 4 }
    return 3 << 24 | value(at + 1) << 16 | value(at + 2) << 8 | value(at + 3)
  }
}
