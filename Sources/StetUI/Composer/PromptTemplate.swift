/// The text of a prompt with places for arguments: `$1` to `$9`, `$ARGUMENTS` for all of them, `$NAME` for `NAME=value`, and
/// `$$` for a dollar.
struct PromptTemplate: Equatable, Sendable {
  /// Characters of a filled prompt: places times arguments could be any number.
  static let limit = 1_000_000

  struct Fault: Error, Equatable {
    let message: String
  }

  enum Piece: Equatable {
    case text(String)
    case positional(Int)
    case all
    case named(String)
  }

  private(set) var pieces: [Piece] = []

  init(_ text: String) {
    var plain = ""
    var rest = Substring(text).unicodeScalars
    while let scalar = rest.popFirst() {
      guard scalar == "$", let next = rest.first else {
        plain.unicodeScalars.append(scalar)
        continue
      }
      if next == "$" {
        rest.removeFirst()
        plain += "$"
      } else if ("1"..."9").contains(next) {
        rest.removeFirst()
        append(&plain, .positional(Int(next.value - 0x30)))
      } else if ("A"..."Z").contains(next) {
        let name = String(Substring(rest.prefix(while: Self.isOfName)))
        rest = rest.dropFirst(name.unicodeScalars.count)
        append(&plain, name == "ARGUMENTS" ? .all : .named(name))
      } else {
        plain += "$"
      }
    }
    if !plain.isEmpty { pieces.append(.text(plain)) }
  }

  /// The text with its arguments in place; what stands in an argument is not looked at again.
  ///
  /// - Parameter command: how it was typed, for the words of an error.
  func filled(_ argument: String, command: String) throws(Fault) -> String {
    let argument = Self.trimmed(argument)
    let values = try arguments(argument, command)
    var missing: [String] = []
    var filled = ""
    var length = 0
    for piece in pieces {
      let part: String
      switch piece {
      case .text(let text): part = text
      case .all: part = values.all
      case .positional(let number):
        if !values.words.indices.contains(number - 1) { missing.append("$\(number)") }
        part = values.words.indices.contains(number - 1) ? values.words[number - 1] : ""
      case .named(let name):
        if values.named[name] == nil { missing.append(name) }
        part = values.named[name] ?? ""
      }
      length += part.utf8.count
      guard length <= Self.limit else { throw Fault(message: "\(command) would be too long with this") }
      filled += part
    }
    guard missing.isEmpty else { throw Self.lacking(missing, command) }
    // A prompt without places says nothing of arguments: what was typed behind it goes with it.
    let hasPlaces = pieces.contains { if case .text = $0 { false } else { true } }
    return hasPlaces || argument.isEmpty ? filled : filled + "\n\n" + argument
  }

  // MARK: - Parts

  private struct Values {
    var words: [String] = []
    var named: [String: String] = [:]
    var all = ""
  }

  private func arguments(_ argument: String, _ command: String) throws(Fault) -> Values {
    let names = Set(pieces.compactMap { if case .named(let name) = $0 { name } else { nil } })
    let takesWords = pieces.contains { if case .positional = $0 { true } else { false } }
    // Nothing is split where nobody asks for single words: quotes in it are then only quotes.
    guard takesWords || !names.isEmpty else { return Values(all: argument) }
    guard let words = Self.split(argument) else {
      throw Fault(message: "a quote in the arguments has no end")
    }
    var values = Values()
    for word in words {
      if let equals = word.firstIndex(of: "="), names.contains(String(word[..<equals])) {
        values.named[String(word[..<equals])] = String(word[word.index(after: equals)...])
      } else {
        values.words.append(word)
      }
    }
    if !takesWords, !pieces.contains(.all), let word = values.words.first {
      throw Fault(
        message: "\(command) takes \(names.sorted().joined(separator: ", ")) as NAME=value, and no `\(word)`")
    }
    values.all = names.isEmpty ? argument : values.words.joined(separator: " ")
    return values
  }

  private static func lacking(_ missing: [String], _ command: String) -> Fault {
    var names: [String] = []
    for name in missing where !names.contains(name) { names.append(name) }
    let how =
      names.contains { !$0.hasPrefix("$") }
      ? "NAME=value, in quotes if it has blanks" : "in quotes if it has blanks, \"\" for nothing"
    return Fault(message: "\(command) needs \(names.joined(separator: ", ")) (\(how))")
  }

  /// Words at blanks; quotes of either kind keep them together. Nil for a quote without an end.
  private static func split(_ text: String) -> [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var rest = text[...]
    while let character = rest.popFirst() {
      if let open = quote {
        if character == open {
          quote = nil
        } else if character == "\\", open == "\"", let next = rest.first, next == "\"" || next == "\\" {
          rest.removeFirst()
          word?.append(next)
        } else {
          word?.append(character)
        }
      } else if character == "\"" || character == "'" && word?.isEmpty != false
        || character == "'" && word?.last == "="
      {
        // An apostrophe within a word is one.
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let word { words.append(word) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil else { return nil }
    if let word { words.append(word) }
    return words
  }

  private mutating func append(_ plain: inout String, _ piece: Piece) {
    if !plain.isEmpty { pieces.append(.text(plain)) }
    plain = ""
    pieces.append(piece)
  }

  private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
    ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "_"
  }

  private static func trimmed(_ text: String) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return String(text)
  }
}
