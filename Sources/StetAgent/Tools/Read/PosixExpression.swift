import Glibc

/// A compiled POSIX extended regular expression, with the `\d` and `\D` that models are used to.
final class PosixExpression {
  /// glibc writes out what `{n}` repeats, and twice what `+` does: a few of them in each other take gigabytes. This
  /// allows an address or a hash.
  private static let copyLimit = 10_000

  private var compiled = regex_t()

  init(_ pattern: String, ignoresCase: Bool) throws(PosixExpressionError) {
    let pattern = Self.withDigits(pattern)
    guard Self.copies(in: pattern) <= Self.copyLimit else {
      throw PosixExpressionError(
        description: "its repetitions ({…} and +) may be more than \(Self.copyLimit) in all")
    }
    let flags = REG_EXTENDED | REG_NOSUB | REG_NEWLINE | (ignoresCase ? REG_ICASE : 0)
    let result = regcomp(&compiled, pattern, flags)
    guard result == 0 else {
      var text = [CChar](repeating: 0, count: 200)
      regerror(result, &compiled, &text, text.count)
      throw PosixExpressionError(
        description: String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
  }

  deinit { regfree(&compiled) }

  /// As the bytes are: no pattern but a byte itself stands for one that is no UTF-8. A NUL ends the line.
  func matches(_ line: ArraySlice<UInt8>) -> Bool {
    let text = Array(line) + [0]
    return text.withUnsafeBufferPointer { text in
      text.withMemoryRebound(to: CChar.self) { text in
        text.baseAddress.map { regexec(&compiled, $0, 0, nil, 0) == 0 } ?? false
      }
    }
  }

  /// How many copies of a character all `{n}` and `{n,m}`, and each `+` of a group or of what is repeated already, could
  /// ask for, were each inside of the one before. A `+` of a single character doubles only that.
  private static func copies(in pattern: String) -> Int {
    var product = 1
    var isMany = false
    var rest = Array(pattern.utf8)[...]
    while let byte = rest.popFirst() {
      var factor = 1
      switch byte {
      case UInt8(ascii: "\\"):
        rest = rest.dropFirst()
        isMany = false
      case UInt8(ascii: "["):
        rest = behindBracket(rest)
        isMany = false
      case UInt8(ascii: "{"):
        let numbers = rest.prefix { $0 != UInt8(ascii: "}") }.split(separator: UInt8(ascii: ","))
        factor = numbers.compactMap { Int(String(decoding: $0, as: UTF8.self)) }.max() ?? 1
      case UInt8(ascii: "+"):
        if isMany { factor = 2 }
        isMany = true
      case UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "}"): isMany = true
      default: isMany = false
      }
      guard factor <= copyLimit else { return .max }
      product *= max(1, factor)
      if product > copyLimit { return .max }
    }
    return product
  }

  /// What comes after a bracket expression, given what comes after its `[`. A backslash means itself in it, and so does
  /// a `]` that stands first.
  private static func behindBracket(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = text
    if rest.first == UInt8(ascii: "^") { rest = rest.dropFirst() }
    if rest.first == UInt8(ascii: "]") { rest = rest.dropFirst() }
    while let byte = rest.popFirst(), byte != UInt8(ascii: "]") {
      // `[:alpha:]` and its like end with their own mark.
      guard byte == UInt8(ascii: "["), let mark = rest.first, ":.=".utf8.contains(mark) else { continue }
      rest = rest.dropFirst()
      while let inner = rest.popFirst(), inner != mark || rest.first != UInt8(ascii: "]") {}
      rest = rest.dropFirst()
    }
    return rest
  }

  private static func withDigits(_ pattern: String) -> String {
    var result = ""
    var isEscaped = false
    for character in pattern {
      switch (isEscaped, character) {
      case (true, "d"): result += "[0-9]"
      case (true, "D"): result += "[^0-9]"
      case (true, "t"): result += "\t"
      case (true, _): result += "\\\(character)"
      case (false, "\\"): break
      case (false, _): result.append(character)
      }
      isEscaped = !isEscaped && character == "\\"
    }
    return isEscaped ? result + "\\" : result
  }
}

struct PosixExpressionError: Error, CustomStringConvertible {
  let description: String
}

/// Makes the expressions of the calling thread see letters where there are several bytes, whatever the program's locale.
struct UTF8Locale {
  /// LC_CTYPE only: `1 << 0`, which the headers say in a macro.
  private static let letters: Int32 = 1

  private let own: locale_t?
  private let before: locale_t?

  init() {
    own = newlocale(Self.letters, "C.UTF-8", nil)
    before = own.flatMap { uselocale($0) }
  }

  /// Puts the thread's locale back; on the same thread.
  func end() {
    if let before { uselocale(before) }
    if let own { freelocale(own) }
  }
}
