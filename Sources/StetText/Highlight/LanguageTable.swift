/// Everything the lexer knows about a language. One table a language, each in a file of its own under Languages/.
final class LanguageTable: Sendable {
  /// A kind of string.
  struct StringRule: Sendable {
    var open: [UInt8]
    var close: [UInt8]
    /// What makes the next character part of the string.
    var escape: UInt8?
    var spansLines = false
    /// What begins code inside it, and the byte that ends that code.
    var interpolation: (open: [UInt8], close: UInt8)?
    /// A doubled closing quote is part of the string (SQL).
    var doubles = false
    /// `$name` inside it is a variable.
    var hasVariables = false
    var kind = TokenKind.string
  }

  struct BlockComment: Sendable {
    var open: [UInt8]
    var close: [UInt8]
    var nests = false
  }

  /// What can't be said by the other members; each is a few lines of the lexer.
  struct Features: OptionSet, Sendable {
    let rawValue: UInt32

    /// `Word` is a type; `WORD` is a constant.
    static let capitals = Features(rawValue: 1 << 0)
    /// `word(` is a function.
    static let calls = Features(rawValue: 1 << 1)
    /// `#"…"#`, and `\#(` inside (Swift).
    static let hashStrings = Features(rawValue: 1 << 2)
    /// `r#"…"#`, `'a` beside `'c'`, `name!`, `#[…]` (Rust).
    static let rust = Features(rawValue: 1 << 3)
    /// `R"x(…)x"` (C++).
    static let rawStrings = Features(rawValue: 1 << 4)
    /// `#word` at the start of a line (C).
    static let preprocessor = Features(rawValue: 1 << 5)
    /// `/…/` where a value may stand (JavaScript, Ruby).
    static let regex = Features(rawValue: 1 << 6)
    /// Tags where a value may stand.
    static let jsx = Features(rawValue: 1 << 7)
    /// `<<WORD`, `<<~WORD` or `<<<WORD`.
    static let heredocs = Features(rawValue: 1 << 8)
    /// `[==[ … ]==]` (Lua).
    static let longBrackets = Features(rawValue: 1 << 9)
    /// `$name`, `${…}`.
    static let dollar = Features(rawValue: 1 << 10)
    /// `:name` (Ruby).
    static let symbols = Features(rawValue: 1 << 11)
    /// A word or a string before `:` or `=` is a key.
    static let colonKeys = Features(rawValue: 1 << 12)
    static let equalsKeys = Features(rawValue: 1 << 13)
    /// `#` begins a comment only after a blank.
    static let spacedComments = Features(rawValue: 1 << 14)
    /// `name=` sets a variable (shell).
    static let assignments = Features(rawValue: 1 << 16)
    static let ignoresCase = Features(rawValue: 1 << 15)
  }

  /// How a line begins, or what stands between tags, where a language is not all code.
  enum Mode: Sendable { case code, yaml, toml, markup, markdown, diff, make, docker, css }

  let name: String
  /// Words behind a fence.
  let aliases: [String]
  let extensions: [String]
  let fileNames: [String]
  let words: WordTable
  /// Keywords that the name of a function, of a type, stands behind.
  let functionKeywords: WordTable
  let typeKeywords: WordTable
  let lineComments: [[UInt8]]
  let blockComments: [BlockComment]
  let strings: [StringRule]
  /// Signs that begin a word of a certain kind, such as `@`.
  let sigils: [UInt8: TokenKind]
  let features: Features
  let mode: Mode
  /// For each byte, what may begin with it.
  let classes: [ByteClass]

  init(
    _ name: String, aliases: [String] = [], extensions: [String] = [], fileNames: [String] = [],
    keywords: String = "", types: String = "", constants: String = "", functions: String = "",
    comments: [String] = [], blocks: [BlockComment] = [], strings: [StringRule] = [],
    sigils: [Character: TokenKind] = [:], wordBytes: String = "",
    definers: (functions: String, types: String) = ("", ""),
    features: Features = [], mode: Mode = .code
  ) {
    self.name = name
    self.aliases = aliases
    self.extensions = extensions
    self.fileNames = fileNames
    words = WordTable(
      [(.keyword, keywords), (.type, types), (.constant, constants), (.function, functions)],
      ignoresCase: features.contains(.ignoresCase))
    functionKeywords = WordTable([(.function, definers.functions)])
    typeKeywords = WordTable([(.type, definers.types)])
    lineComments = comments.map { Array($0.utf8) }
    blockComments = blocks
    self.strings = strings
    self.features = features
    self.mode = mode
    var sigilBytes: [UInt8: TokenKind] = [:]
    for (sign, kind) in sigils { if let byte = sign.asciiValue { sigilBytes[byte] = kind } }
    self.sigils = sigilBytes
    var classes = ByteClass.table(wordBytes: wordBytes)
    let starts =
      lineComments.compactMap(\.first) + blocks.compactMap(\.open.first) + strings.compactMap(\.open.first)
    for byte in starts { classes[Int(byte)].insert(.special) }
    for byte in sigilBytes.keys { classes[Int(byte)].insert(.special) }
    var more = ""
    if features.contains(.hashStrings) { more += "#" }
    if features.contains(.rust) { more += "r'#b" }
    if features.contains(.rawStrings) { more += "RuUL" }
    if features.contains(.preprocessor) { more += "#" }
    if features.contains(.regex) { more += "/" }
    if features.contains(.jsx) || features.contains(.heredocs) { more += "<" }
    if features.contains(.longBrackets) { more += "[-" }
    if features.contains(.dollar) { more += "$" }
    if features.contains(.symbols) { more += ":" }
    for byte in more.utf8 { classes[Int(byte)].insert(.special) }
    self.classes = classes
  }
}

/// What a byte may be in code.
struct ByteClass: OptionSet, Sendable {
  let rawValue: UInt8

  static let blank = ByteClass(rawValue: 1)
  static let wordStart = ByteClass(rawValue: 2)
  static let wordPart = ByteClass(rawValue: 4)
  static let digit = ByteClass(rawValue: 8)
  static let punctuation = ByteClass(rawValue: 16)
  /// A comment, a string or something else of the table may begin here.
  static let special = ByteClass(rawValue: 32)

  static func table(wordBytes: String) -> [ByteClass] {
    (0..<256).map { value in
      let byte = UInt8(value)
      switch byte {
      case 0x20, 0x09: return .blank
      case 0x30...0x39: return [.digit, .wordPart]
      case 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...0xFF: return [.wordStart, .wordPart]
      case _ where wordBytes.utf8.contains(byte): return .wordPart
      case _ where "()[]{},;".utf8.contains(byte): return .punctuation
      default: return []
      }
    }
  }
}

extension LanguageTable.StringRule {
  /// A string with the same quote at both ends.
  static func quoted(
    _ quote: String, escape: Character? = "\\", spansLines: Bool = false,
    interpolation: (open: String, close: Character)? = nil, doubles: Bool = false, hasVariables: Bool = false,
    prefix: String = ""
  ) -> LanguageTable.StringRule {
    LanguageTable.StringRule(
      open: Array((prefix + quote).utf8), close: Array(quote.utf8), escape: escape?.asciiValue,
      spansLines: spansLines,
      interpolation: interpolation.map { (Array($0.open.utf8), $0.close.asciiValue ?? 0x29) },
      doubles: doubles,
      hasVariables: hasVariables)
  }
}

extension LanguageTable.BlockComment {
  /// `/* … */`
  static let c = Self(open: Array("/*".utf8), close: Array("*/".utf8))
  static let nested = Self(open: Array("/*".utf8), close: Array("*/".utf8), nests: true)

  static func from(_ open: String, to close: String) -> Self {
    Self(open: Array(open.utf8), close: Array(close.utf8))
  }
}
