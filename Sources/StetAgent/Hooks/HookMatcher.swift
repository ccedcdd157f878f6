import Glibc
import StetStore

/// Which calls a hook is for.
enum HookMatcher {
  /// Patterns are names and alternatives of names.
  private static let longest = 1_000

  /// Nothing, an empty text and `*` match all; words and alternatives of words match whole names; everything else is an
  /// expression that is searched for in the name. One that can't be read matches all: rather a run too many.
  static func matches(_ matcher: String?, _ names: [String]) -> Bool {
    guard let matcher, !matcher.isEmpty, matcher != "*" else { return true }
    if isWords(matcher) {
      let words = matcher.split(separator: "|").map { $0.filter { !$0.isWhitespace } }
      return names.contains { words.contains($0) }
    }
    guard let expression = expression(matcher) else { return true }
    return names.contains(where: expression.fits)
  }

  /// Why an expression can't be read.
  static func fault(_ matcher: String) -> String? {
    if matcher.isEmpty || matcher == "*" || isWords(matcher) { return nil }
    return expression(matcher) == nil ? "is no regular expression that stet can read" : nil
  }

  /// Claude Code's `if`: a tool, or a tool and a pattern of what it is called with, such as `Bash(git push *)`,
  /// `Bash(npm:*)` or `Edit(*.ts)`. A form that is not known does not narrow.
  static func holds(_ condition: String?, _ names: [String], subjects: [String]) -> Bool {
    guard let condition, !condition.isEmpty else { return true }
    guard let open = condition.firstIndex(of: "("), condition.last == ")" else {
      return isWords(condition) ? matches(condition, names) : true
    }
    guard matches(String(condition[..<open]), names) else { return false }
    var pattern = String(condition[condition.index(after: open)...].dropLast())
    if pattern.hasSuffix(":*") { pattern = String(pattern.dropLast(2)) + "*" }
    return subjects.contains { subject in
      fnmatch(pattern, subject, 0) == 0 || fnmatch("*/" + pattern, subject, 0) == 0
    }
  }

  private static func isWords(_ text: String) -> Bool {
    text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "|"),
        UInt8(ascii: " "):
        true
      default: false
      }
    }
  }

  /// Not the library's expressions: those may double with each `+` and each count, and the one who wrote this one may be
  /// a project that nobody trusts.
  private static func expression(_ text: String) -> NamePattern? {
    guard text.utf8.count <= longest else { return nil }
    do {
      return try NamePattern(text)
    } catch {
      return nil  // `fault` says so in hooks/list
    }
  }
}
