/// Open minus closed brackets of some lines, for telling that a choice of changes leaves a file which no longer parses
/// (review.md A5, dependent hunks). An estimate: strings and comments of one line are left out, longer ones are not.
public struct BracketBalance: Hashable, Sendable {
  public var round = 0
  public var square = 0
  public var curly = 0

  public init() {}

  public var isZero: Bool { round == 0 && square == 0 && curly == 0 }

  /// Languages in which every bracket has its partner.
  private static let languages: Set<String> = [
    "C", "C++", "CSS", "Go", "Java", "JavaScript", "JSON", "JSX", "Kotlin", "PHP", "Python", "Rust", "Swift",
    "TypeScript",
  ]

  /// Whether brackets tell anything about files of a language.
  public static func isKnown(_ language: Language) -> Bool { languages.contains(language.name) }

  public mutating func add(_ line: String, _ language: Language) {
    var text = line
    text.withUTF8 { add($0, language) }
  }

  public mutating func add(_ line: DiffLine, _ language: Language) {
    self = line.withBytes { bytes in
      var sum = self
      sum.add(bytes, language)
      return sum
    }
  }

  private mutating func add(_ line: UnsafeBufferPointer<UInt8>, _ language: Language) {
    let hashComments = language.name == "Python" || language.name == "PHP"
    let lifetimes = language.name == "Rust"
    var quote: UInt8?
    var last: UInt8 = 0
    for byte in line {
      defer { last = last == 0x5C && byte == 0x5C ? 0 : byte }
      if let open = quote {
        if byte == open, last != 0x5C { quote = nil }
        continue
      }
      switch byte {
      case 0x22, 0x60: quote = byte
      case 0x27 where !lifetimes: quote = byte
      case 0x2F where last == 0x2F: return
      case 0x23 where hashComments: return
      case 0x28: round += 1
      case 0x29: round -= 1
      case 0x5B: square += 1
      case 0x5D: square -= 1
      case 0x7B: curly += 1
      case 0x7D: curly -= 1
      default: break
      }
    }
  }

  public static func + (left: BracketBalance, right: BracketBalance) -> BracketBalance {
    var sum = left
    sum.round += right.round
    sum.square += right.square
    sum.curly += right.curly
    return sum
  }

  public static func - (left: BracketBalance, right: BracketBalance) -> BracketBalance {
    var rest = left
    rest.round -= right.round
    rest.square -= right.square
    rest.curly -= right.curly
    return rest
  }
}
