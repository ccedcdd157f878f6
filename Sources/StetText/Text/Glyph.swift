/// One thing that a terminal shows as a unit, read from UTF-8: what stands in the cell, how wide it is, and how many
/// bytes it took. The single place where the rules of width live; `Width`, `Wrapper` and `Surface` all read
/// through it, so they can't disagree.
///
/// The rules (measured against tmux and ncurses, which both follow wcwidth scalar by scalar): up to four marks join
/// their base; variation selectors 15 and 16, skin tones after an emoji, and what follows a joiner after an emoji are
/// dropped; a pair of regional indicators is two cells; an unassigned scalar is U+FFFD; a control is its picture.
struct Glyph {
  /// The scalar that is drawn; 0 when nothing is.
  var base: UInt32
  var marks: SIMD4<UInt32> = .zero
  /// The second regional indicator of a flag, which has a cell of its own and takes the marks; else 0.
  var second: UInt32 = 0
  /// Columns: 0 (nothing is drawn), 1 or 2.
  var width: Int
  /// Bytes read.
  var length: Int
}

extension Glyph {
  /// At most this many marks are kept on a base (CCHARW_MAX of ncurses less one); more are dropped.
  static let maximumMarks = 4

  /// Reads the glyph that starts at `start`, which must lie inside `bytes` at the start of a scalar.
  @inline(__always)
  static func read(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Glyph {
    let first = bytes[start]
    if first >= 0x20, first < 0x7F, start + 1 == bytes.count || bytes[start + 1] < 0x80 {
      return Glyph(base: UInt32(first), width: 1, length: 1)
    }
    return readSlowly(bytes, at: start)
  }

  @inline(never)
  private static func readSlowly(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Glyph {
    var next = start
    let scalar = decode(bytes, &next)
    if let picture = controlPicture(scalar) {
      let width = picture == 0xFFFD ? ScalarWidth.replacementColumns : 1
      return Glyph(base: picture, width: width, length: next - start)
    }
    if isRegionalIndicator(scalar) {
      var after = next
      if next < bytes.count, case let second = decode(bytes, &after), isRegionalIndicator(second) {
        var flag = Glyph(base: scalar, second: second, width: 2, length: 0)
        readTail(bytes, &after, of: second, into: &flag)
        flag.length = after - start
        return flag
      }
    }
    var glyph: Glyph
    switch ScalarWidth.of(scalar) {
    case .dropped:
      // Nothing to stand on: a selector or joiner at the start of the text takes no room.
      return Glyph(base: 0, width: 0, length: next - start)
    case .mark:
      glyph = Glyph(base: 0x25CC, width: 1, length: 0)
      glyph.marks[0] = scalar
    case .replaced:
      glyph = Glyph(base: 0xFFFD, width: ScalarWidth.replacementColumns, length: 0)
    case .columns(let width):
      glyph = Glyph(base: scalar, width: width, length: 0)
    }
    readTail(bytes, &next, of: scalar, into: &glyph)
    glyph.length = next - start
    return glyph
  }

  /// Takes what belongs to the base: marks, selectors, skin tones, and joined emoji.
  private static func readTail(
    _ bytes: UnsafeBufferPointer<UInt8>, _ next: inout Int, of base: UInt32, into glyph: inout Glyph
  ) {
    var count = glyph.marks[0] == 0 ? 0 : 1
    var hasSelector = false
    while next < bytes.count, bytes[next] >= 0x80 {
      var after = next
      let scalar = decode(bytes, &after)
      if ScalarWidth.common(scalar) != nil { return }
      if scalar == 0x200D {
        next = after
        guard ScalarWidth.isEmojiBase(base), next < bytes.count else { continue }
        var joined = next
        let tail = decode(bytes, &joined)
        if tail >= 0x80, ScalarWidth.isEmojiBase(tail) { next = joined }
        continue
      }
      if ScalarWidth.isSkinTone(scalar), hasSelector || ScalarWidth.isEmojiBase(base) {
        next = after
        continue
      }
      if ScalarWidth.isTag(scalar), base == 0x1F3F4 {
        next = after
        continue
      }
      if ScalarWidth.isIdeographicSelector(scalar, after: base), !hasSelector {
        hasSelector = true
        next = after
        continue
      }
      switch ScalarWidth.of(scalar) {
      case .dropped: hasSelector = true
      case .mark:
        if count < maximumMarks {
          glyph.marks[count] = scalar
          count += 1
        }
      case .replaced, .columns: return
      }
      next = after
    }
  }

  private static func controlPicture(_ scalar: UInt32) -> UInt32? {
    if scalar < 0x20 { return 0x2400 + scalar }
    if scalar == 0x7F { return 0x2421 }
    if scalar >= 0x80 && scalar < 0xA0 { return 0xFFFD }
    return nil
  }

  private static func isRegionalIndicator(_ scalar: UInt32) -> Bool { scalar >= 0x1F1E6 && scalar <= 0x1F1FF }

  /// Decodes one scalar and moves past it. The bytes come from a String and are valid; a cut tail reads as U+FFFD.
  @inline(__always)
  static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> UInt32 {
    let first = UInt32(bytes[at])
    at += 1
    if first < 0x80 { return first }
    let extra = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1
    guard at + extra <= bytes.count else {
      at = bytes.count
      return 0xFFFD
    }
    var scalar = first & (0x3F >> UInt32(extra))
    for _ in 0..<extra {
      scalar = scalar << 6 | UInt32(bytes[at] & 0x3F)
      at += 1
    }
    return scalar
  }
}

extension String {
  /// The text's UTF-8 as a buffer, without copying where the string is native, which it nearly always is.
  @inline(__always)
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    return Array(utf8).withUnsafeBufferPointer(body)
  }
}

extension Substring {
  @inline(__always)
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    return Array(utf8).withUnsafeBufferPointer(body)
  }
}
