/// How many terminal columns text takes, as tmux and ncurses count (libc's wcwidth for each scalar).
///
/// The sum over characters is the width of the text, so a caret position is the width of what is before it.
/// Text that `Sanitizer.display` would change is measured as `Surface` draws it: a control is one column.
public enum Width {
  /// Whether characters of ambiguous width (`AmbiguousWidth`) take two columns, as the terminal shows them. Text that was
  /// laid out before a change is to be laid out anew. Any thread; a fact about the terminal, so one for the process.
  public static var ambiguousIsWide: Bool {
    get { AmbiguousWidth.isWide.load(ordering: .relaxed) }
    set { AmbiguousWidth.isWide.store(newValue, ordering: .relaxed) }
  }

  /// Whether a scalar's width depends on the terminal.
  public static func isAmbiguous(_ scalar: Unicode.Scalar) -> Bool { AmbiguousWidth.contains(scalar.value) }

  /// Columns of a text. Any thread.
  public static func of(_ text: String) -> Int { text.withBytes(columns) }

  /// Columns of a part of a text.
  public static func of(_ text: Substring) -> Int { text.withBytes(columns) }

  /// Columns of a scalar that stands alone: 0 for a mark, 1 for what is replaced by a picture or U+FFFD.
  public static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0xA0 { return 1 }
    switch ScalarWidth.of(scalar.value) {
    case .columns(let columns): return columns
    case .mark, .dropped: return 0
    case .replaced: return ScalarWidth.replacementColumns
    }
  }

  private static func columns(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var at = 0
    var columns = 0
    while at < bytes.count {
      let run = asciiRun(bytes, from: at)
      columns += run - at
      at = run
      if at < bytes.count {
        let glyph = Glyph.read(bytes, at: at)
        columns += glyph.width
        at += glyph.length
      }
    }
    return columns
  }

  /// Where the run of bytes that are one column each ends: the last ASCII byte before another kind is left out, for
  /// a mark may follow it. (A control is one column too: its picture.)
  @inline(__always)
  static func asciiRun(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var at = start
    while at + 8 <= bytes.count {
      let word = UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped + at).loadUnaligned(as: UInt64.self)
      if word & 0x8080_8080_8080_8080 != 0 { break }
      at += 8
    }
    while at < bytes.count, bytes[at] < 0x80 { at += 1 }
    return at == bytes.count ? at : max(start, at - 1)
  }

  /// The longest beginning of `text` that takes no more than `columns`, never cutting a glyph (U18).
  public static func prefix(_ text: String, columns: Int) -> String {
    if columns <= 0 { return "" }
    let bytes = text.withBytes { bytes in
      var at = 0
      var left = columns
      while at < bytes.count {
        let glyph = Glyph.read(bytes, at: at)
        if glyph.width > left { break }
        left -= glyph.width
        at += glyph.length
      }
      return at
    }
    return String(text[..<text.utf8.index(text.startIndex, offsetBy: bytes)])
  }

  /// Columns of the ellipsis that stands where something was cut.
  public static var ellipsisColumns: Int { ambiguousIsWide ? 2 : 1 }

  /// `text` cut to `columns`, with an ellipsis where something was cut.
  public static func truncate(_ text: String, columns: Int) -> String {
    if of(text) <= columns { return text }
    let room = columns - ellipsisColumns
    return room < 0 ? "" : prefix(text, columns: room) + "…"
  }
}
