import Glibc

/// Text of others on its way to a terminal or a file: what a model or a tool wrote must not move the cursor.
enum PlainText {
  /// Keeps line breaks and tabs; other control characters, those that turn the direction of writing, and what nobody
  /// sees become `·`.
  static func clean(_ text: String) -> String {
    var view = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { view.append(isHarmless(scalar) ? scalar : "·") }
    return String(view)
  }

  /// One line of at most `limit` characters.
  static func line(_ text: String, limit: Int) -> String {
    let words = clean(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.count <= limit ? words : words.prefix(max(0, limit - 1)) + "…"
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 9, 10: true
    case 0..<32, 127..<0xA0, 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
      0xE0000...0xE007F:
      false
    default: true
    }
  }

  /// Local date and time of Unix seconds.
  static func time(_ seconds: Int) -> String {
    var clock = time_t(seconds)
    var parts = tm()
    localtime_r(&clock, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    let count = strftime(&buffer, buffer.count, "%Y-%m-%d %H:%M", &parts)
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Columns of the terminal that standard output is; nil when it is none.
  static var columns: Int? {
    var size = winsize()
    guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0
    else {
      return nil
    }
    return Int(size.ws_col)
  }
}
