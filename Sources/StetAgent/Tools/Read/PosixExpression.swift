import Glibc

/// A compiled POSIX extended regular expression, with the `\d` and `\D` that models are used to.
final class PosixExpression {
  /// glibc writes out what `{n}` repeats, and twice what `+` does: a few of them in each other take gigabytes. This
  /// allows an address or a hash.
  private static let copyLimit = 10_000

  private var compiled = regex_t()

  init(_ pattern: String, ignoresCase: Bool) throws(PosixExpressionError) {
    guard Self.copies(in: pattern) <= Self.copyLimit else {
      throw PosixExpressionError(
        description: "its repetitions ({…} and +) may be more than \(Self.copyLimit) in all")
    }
    let flags = REG_EXTENDED | REG_NOSUB | REG_NEWLINE | (ignoresCase ? REG_ICASE : 0)
    let result = regcomp(&compiled, Self.withDigits(pattern), flags)
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

  /// How many copies of a character all `{n}`, `{n,m}` and `+` could ask for, were each inside of the one before.
  private static func copies(in pattern: String) -> Int {
    var product = 1 << min(40, pattern.utf8.count { $0 == UInt8(ascii: "+") })
    for part in pattern.utf8.split(separator: UInt8(ascii: "{")).dropFirst(pattern.hasPrefix("{") ? 0 : 1) {
      let numbers = part.prefix { $0 != UInt8(ascii: "}") }.split(separator: UInt8(ascii: ","))
      let most = numbers.compactMap { Int(String(decoding: $0, as: UTF8.self)) }.max() ?? 1
      product = product.multipliedReportingOverflow(by: max(1, most)).partialValue
      if product > copyLimit || most > copyLimit { return .max }
    }
    return product
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
