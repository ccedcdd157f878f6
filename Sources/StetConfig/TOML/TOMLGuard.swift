/// Refuses text that would make the TOML library recurse without bound.
///
/// The library limits brackets, but not dotted keys: `a.a.a…` of a megabyte, from a hostile repository, would
/// overflow the stack when its tree is taken down.
enum TOMLGuard {
  /// The most parts of one key. Real keys have at most five.
  static let maximumDots = 16
  /// The most brackets within each other. Real values have at most four.
  static let maximumDepth = 32

  /// The offset of the first byte that goes too deep; nil if all is well.
  static func violation(_ bytes: [UInt8]) -> Int? {
    var lexer = TOMLLexer(bytes)
    var depth = 0
    var dots = 0
    while let byte = lexer.current {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        lexer.skipString()
        continue
      case UInt8(ascii: "#"):
        lexer.skipToLineEnd()
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        dots = 0
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth = max(0, depth - 1)
        dots = 0
      case UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "\n"): dots = 0
      case UInt8(ascii: "."): dots += 1
      default: break
      }
      if dots > maximumDots || depth > maximumDepth { return lexer.index }
      lexer.index += 1
    }
    return nil
  }
}
