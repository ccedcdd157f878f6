import StetText

/// Numbers and paths as people read them.
enum Words {
  /// `0.4s`, `12s`, `3m 05s`, `2h 10m`.
  static func duration(milliseconds: Int) -> String {
    let milliseconds = max(0, milliseconds)
    if milliseconds < 10_000 { return "\(milliseconds / 1000).\(milliseconds % 1000 / 100)s" }
    return elapsed(seconds: milliseconds / 1000)
  }

  /// Whole seconds: for what is still running.
  static func elapsed(seconds: Int) -> String {
    let seconds = max(0, seconds)
    if seconds < 60 { return "\(seconds)s" }
    if seconds < 3600 {
      let rest = seconds % 60
      return "\(seconds / 60)m \(rest < 10 ? "0" : "")\(rest)s"
    }
    let rest = seconds % 3600 / 60
    return "\(seconds / 3600)h \(rest < 10 ? "0" : "")\(rest)m"
  }

  /// `now`, `5m`, `3h`, `12d`, `4mo`, `2y`: how long ago.
  static func age(seconds: Int) -> String {
    switch seconds {
    case ..<60: "now"
    case ..<3600: "\(seconds / 60)m"
    case ..<86_400: "\(seconds / 3600)h"
    case ..<2_592_000: "\(seconds / 86_400)d"
    case ..<31_536_000: "\(seconds / 2_592_000)mo"
    default: "\(seconds / 31_536_000)y"
    }
  }

  /// `950`, `12k`, `1.3M`.
  static func count(_ value: Int) -> String {
    switch value {
    case ..<1000: "\(value)"
    case ..<10_000: "\(value / 1000).\(value % 1000 / 100)k"
    case ..<1_000_000: "\(value / 1000)k"
    default: "\(value / 1_000_000).\(value % 1_000_000 / 100_000)M"
    }
  }

  /// `1 file`, `3 files`.
  static func plural(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

  /// A path as short as it stays clear: relative to the directory, or with `~`.
  static func path(_ path: String, directory: String, home: String = "") -> String {
    Sanitizer.display(short(path, directory: directory, home: home))
  }

  /// A path in a question whose answer depends on every byte of it.
  static func exactPath(_ path: String, home: String) -> String {
    Sanitizer.folded(short(path, directory: "", home: home))
  }

  private static func short(_ path: String, directory: String, home: String) -> String {
    let shown: String
    if path == directory {
      shown = "."
    } else if !directory.isEmpty, path.hasPrefix(directory.hasSuffix("/") ? directory : directory + "/") {
      shown = String(path.dropFirst(directory.count).drop { $0 == "/" })
    } else if !home.isEmpty, path == home || path.hasPrefix(home + "/") {
      shown = "~" + path.dropFirst(home.count)
    } else {
      shown = path
    }
    return shown
  }

  /// A file's size.
  static func size(bytes: Int) -> String {
    if bytes < 1024 { return "\(max(0, bytes)) B" }
    return bytes < 1 << 20 ? "\(bytes >> 10) KB" : "\(bytes >> 20) MB"
  }

  /// A path cut from the left, for its end tells more.
  static func tail(_ path: String, columns: Int) -> String {
    guard Width.of(path) > columns, columns > 1 else { return Width.truncate(path, columns: columns) }
    // From the end, so that a path of any length costs what is shown of it.
    var start = path.endIndex
    var used = 0
    while start > path.startIndex {
      let before = path.index(before: start)
      used += Width.of(path[before..<start])
      if used > columns - Width.ellipsisColumns { break }
      start = before
    }
    return "…" + path[start...]
  }

  /// A text without its middle: how it begins says what it is about, its end often which one.
  static func middle(_ text: String, columns: Int) -> String {
    guard Width.of(text) > columns else { return text }
    guard columns > 2 else { return Width.prefix(text, columns: max(0, columns)) }
    let head = Width.prefix(text, columns: (columns - 1) / 2)
    return head + tail(String(text.dropFirst(head.count)), columns: columns - Width.of(head))
  }

  /// The first line of a text, sanitised, for lists and headers.
  static func firstLine(_ text: String) -> String {
    let line = text.drop { $0.isNewline || $0 == " " }.prefix { !$0.isNewline }
    return Sanitizer.display(String(line.prefix(500)))
  }
}
