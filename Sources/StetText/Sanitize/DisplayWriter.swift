/// Writes bytes of text as what may be shown, keeping the column for tabs.
struct DisplayWriter {
  /// Tab stops wider than this help nobody; the figure may come from a configuration file.
  static let maximumTabWidth = 16

  let tabWidth: Int
  let isExact: Bool
  private(set) var text = ""
  /// Terminal columns since the last line feed.
  private(set) var column = 0

  init(tabWidth: Int, isExact: Bool, column: Int = 0) {
    self.tabWidth = min(max(1, tabWidth), Self.maximumTabWidth)
    self.isExact = isExact
    self.column = column
  }

  mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {
    var at = 0
    while at < bytes.count {
      let byte = bytes[at]
      if byte >= 0x20, byte < 0x7F, at + 1 == bytes.count || bytes[at + 1] < 0x80 {
        let start = at
        while at < bytes.count, bytes[at] >= 0x20, bytes[at] < 0x7F { at += 1 }
        // The last one may carry a mark, which is read with it.
        if at < bytes.count, bytes[at] >= 0x80 { at -= 1 }
        text += String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<at]), as: UTF8.self)
        column += at - start
      } else if byte < 0x20 || byte == 0x7F {
        at = writeControl(bytes, at)
      } else {
        at = isExact ? writeScalar(bytes, at) : writeGlyph(bytes, at)
      }
    }
  }

  private mutating func writeControl(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int {
    switch bytes[at] {
    case 0x0A:
      text += "\n"
      column = 0
    case 0x0D where !isExact && at + 1 < bytes.count && bytes[at + 1] == 0x0A: break
    case 0x09 where !isExact:
      let blanks = tabWidth - column % tabWidth
      text += String(repeating: " ", count: blanks)
      column += blanks
    default:
      text += "^" + String(Character(Unicode.Scalar(bytes[at] ^ 0x40)))
      column += 2
    }
    return at + 1
  }

  /// One glyph, reduced to what a cell holds.
  private mutating func writeGlyph(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int {
    var next = at
    let first = Glyph.decode(bytes, &next)
    if first >= 0x80 && first < 0xA0 || ScalarWidth.isUnsafe(first) {
      name(first)
      return next
    }
    let glyph = Glyph.read(bytes, at: at)
    if glyph.width > 0 {
      var scalars = String.UnicodeScalarView()
      for value in [glyph.base, glyph.second, glyph.marks[0], glyph.marks[1], glyph.marks[2], glyph.marks[3]]
      where value != 0 {
        if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
      }
      text.unicodeScalars.append(contentsOf: scalars)
      column += glyph.width
    }
    return at + glyph.length
  }

  /// One scalar, named unless it is a letter, a mark within the four that a cell holds, or a symbol with a width.
  private mutating func writeScalar(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int {
    var next = at
    let value = Glyph.decode(bytes, &next)
    guard let scalar = Unicode.Scalar(value), value < 0x80 || !mustBeNamed(scalar) else {
      name(value)
      return next
    }
    if case .mark = ScalarWidth.of(value) {
      guard marks < Glyph.maximumMarks, !text.isEmpty else {
        name(value)
        return next
      }
      marks += 1
    } else {
      marks = 0
      column += Width.of(scalar)
    }
    text.unicodeScalars.append(scalar)
    return next
  }

  /// Marks since the last base; only counted in exact mode.
  private var marks = 0

  private func mustBeNamed(_ scalar: Unicode.Scalar) -> Bool {
    switch ScalarWidth.of(scalar.value) {
    case .dropped, .replaced: return true
    case .mark, .columns: break
    }
    let properties = scalar.properties
    return scalar.value < 0xA0 || properties.isWhitespace || properties.isDefaultIgnorableCodePoint
      || ScalarWidth.isSkinTone(scalar.value)
      // A braille cell without dots, a note without a head: no blanks to Unicode, but they look like one.
      || scalar.value == 0x2800 || scalar.value == 0x1D159
  }

  private mutating func name(_ scalar: UInt32) {
    let digits = String(scalar, radix: 16, uppercase: true)
    let name = "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
    text += name
    column += name.utf8.count
    marks = 0
  }
}
