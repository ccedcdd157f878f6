/// A shell script as far as plain words and `&&`, `||`, `;`, `|` and newlines go.
///
/// The grammar is small on purpose: whatever it does not admit (expansions, redirects, subshells, assignments, globs
/// as a command …) makes the script opaque, and an opaque script is never matched by a rule (S2). The kernel sandbox is
/// the boundary; this only saves prompts (S1).
struct ShellScript: Hashable, Sendable {
  /// More sub-commands than this are not worth matching one by one (S2; a cap that failed open was an incident).
  static let commandLimit = 32

  /// The words of each sub-command, in order; empty when the script is opaque.
  let commands: [[String]]
  /// Where each sub-command stands, in bytes of the script's UTF-8.
  let ranges: [Range<Int>]
  /// A word has an unquoted `*`, `?`, `[` or `~`: what runs depends on the files there are.
  let hasPatterns: Bool
  /// Why the script can't be taken apart; nil when it could.
  let opaqueReason: String?

  init(_ text: String) {
    var parser = ShellWordParser(text)
    do {
      let commands = try parser.parse()
      try Self.check(commands)
      self.commands = commands
      ranges = parser.ranges
      hasPatterns = parser.hasPatterns
      opaqueReason = nil
    } catch {
      commands = []
      ranges = []
      hasPatterns = false
      opaqueReason = error.reason
    }
  }

  private static func check(_ commands: [[String]]) throws(OpaqueScript) {
    for words in commands {
      guard let name = words.first, !name.isEmpty else { throw OpaqueScript("an empty command") }
      // A letter of another script may look like one of `git`.
      guard name.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
        throw OpaqueScript("a program whose name is not plain ASCII")
      }
      if name.utf8.contains(UInt8(ascii: "=")) { throw OpaqueScript("an assignment") }
      if name.utf8.contains(where: { "*?[~".utf8.contains($0) }) {
        throw OpaqueScript("a pattern as a command")
      }
      if evaluates(name, words.dropFirst()) { throw OpaqueScript("a subscript that the shell evaluates") }
      if reserved.contains(name) { throw OpaqueScript("the shell word `\(name)`") }
      if name.utf8.contains(UInt8(ascii: "/")), !isSystemProgram(name) {
        throw OpaqueScript("a program by its path, outside of /usr and /bin")
      }
    }
  }

  /// `/usr/…` or `/bin/…`, without a way back out of there.
  private static func isSystemProgram(_ name: String) -> Bool {
    guard name.hasPrefix("/usr/") || name.hasPrefix("/bin/") else { return false }
    return !name.split(separator: "/").contains { $0 == ".." || $0 == "." }
  }

  /// `printf -v 'a[$(id)]'` runs `id`: to these builtins a word may be the name of a variable, and its subscript is
  /// evaluated, commands in it too, however it was quoted.
  private static func evaluates(_ name: String, _ words: ArraySlice<String>) -> Bool {
    switch name {
    case "printf": words.first?.hasPrefix("-v") == true
    case "test": words.contains { $0 == "-v" || $0 == "-R" }
    case "declare", "export", "getopts", "let", "local", "mapfile", "read", "readarray", "readonly",
      "typeset",
      "unset", "wait":
      words.contains { $0.utf8.contains(UInt8(ascii: "[")) }
    default: false
    }
  }

  /// Words that change what follows them: a rule for what follows must not apply.
  private static let reserved: Set<String> = [
    "!", "[[", "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if", "in",
    "select",
    "then", "time", "until", "while", "{", "}",
  ]
}

struct OpaqueScript: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

/// Splits a script into sub-commands and words; throws at the first thing that is more than a word.
private struct ShellWordParser {
  private let characters: [Unicode.Scalar]
  private var index = 0
  private var commands: [[String]] = []
  private var words: [String] = []
  private var word: String?
  private(set) var ranges: [Range<Int>] = []
  private(set) var hasPatterns = false
  /// Where the present sub-command began and where its last word ended, as indices of `characters`.
  private var extent: Range<Int>?
  /// `&&`, `||` or `|` was read and its right side not yet.
  private var owesCommand = false

  init(_ text: String) { characters = Array(text.unicodeScalars) }

  mutating func parse() throws(OpaqueScript) -> [[String]] {
    while index < characters.count {
      let scalar = characters[index]
      index += 1
      let before = index - 1
      switch scalar {
      case " ", "\t": endWord()
      case "\n", ";": try endCommand(mayBeEmpty: scalar == "\n")
      case "&", "|": try separator(scalar)
      case "'": try singleQuoted()
      case "\"": try doubleQuoted()
      case "\\": try escaped()
      case "#" where word == nil: throw OpaqueScript("a comment")
      case "$", "`": throw OpaqueScript("an expansion")
      case "<", ">": throw OpaqueScript("a redirect")
      case "(", ")": throw OpaqueScript("a subshell")
      case "{", "}": throw OpaqueScript("a brace expansion or group")
      case "\0"..<" ": throw OpaqueScript("a control character")
      default: try plain(scalar)
      }
      if word != nil { extent = (extent?.lowerBound ?? before)..<index }
    }
    try endCommand(mayBeEmpty: true)
    if owesCommand { throw OpaqueScript("an open operator") }
    guard !commands.isEmpty else { throw OpaqueScript("no command") }
    return commands
  }

  private mutating func endWord() {
    if let word { words.append(word) }
    word = nil
  }

  private mutating func endCommand(mayBeEmpty: Bool) throws(OpaqueScript) {
    endWord()
    if words.isEmpty {
      if mayBeEmpty { return }
      throw OpaqueScript("an empty command")
    }
    if commands.count == ShellScript.commandLimit {
      throw OpaqueScript("more than \(ShellScript.commandLimit) commands")
    }
    commands.append(words)
    ranges.append(bytes(extent ?? 0..<0))
    extent = nil
    words = []
    owesCommand = false
  }

  private func bytes(_ extent: Range<Int>) -> Range<Int> {
    let start = characters[..<extent.lowerBound].reduce(0) { $0 + UTF8.width($1) }
    return start..<characters[extent].reduce(start) { $0 + UTF8.width($1) }
  }

  private mutating func plain(_ scalar: Unicode.Scalar) throws(OpaqueScript) {
    try Self.mustBeVisible(scalar)
    if ["*", "?", "[", "~"].contains(scalar) { hasPatterns = true }
    word = word ?? ""
    word?.unicodeScalars.append(scalar)
  }

  /// What nobody sees, or takes for a blank, in a script is there to deceive.
  private static func mustBeVisible(_ scalar: Unicode.Scalar) throws(OpaqueScript) {
    guard scalar.value >= 0x7F else { return }
    // No blanks to Unicode, but they look like one: a braille cell without dots, a note without a head.
    if scalar.value == 0x2800 || scalar.value == 0x1D159 { throw OpaqueScript("an invisible character") }
    let properties = scalar.properties
    let isHidden =
      switch properties.generalCategory {
      case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: true
      default: properties.isWhitespace || properties.isDefaultIgnorableCodePoint
      }
    if isHidden { throw OpaqueScript("an invisible character") }
  }

  private mutating func separator(_ scalar: Unicode.Scalar) throws(OpaqueScript) {
    let isDoubled = index < characters.count && characters[index] == scalar
    if scalar == "&", !isDoubled { throw OpaqueScript("a command in the background") }
    if isDoubled { index += 1 }
    if index < characters.count, characters[index] == "&" || characters[index] == "|" {
      throw OpaqueScript("an unknown operator")
    }
    try endCommand(mayBeEmpty: false)
    owesCommand = true
  }

  private mutating func singleQuoted() throws(OpaqueScript) {
    var text = word ?? ""
    while index < characters.count, characters[index] != "'" {
      try Self.mustBeVisible(characters[index])
      text.unicodeScalars.append(characters[index])
      index += 1
    }
    guard index < characters.count else { throw OpaqueScript("an open quote") }
    index += 1
    word = text
  }

  private mutating func doubleQuoted() throws(OpaqueScript) {
    var text = word ?? ""
    while index < characters.count, characters[index] != "\"" {
      let scalar = characters[index]
      if ["$", "`", "\\", "!"].contains(scalar) { throw OpaqueScript("an expansion in quotes") }
      try Self.mustBeVisible(scalar)
      text.unicodeScalars.append(scalar)
      index += 1
    }
    guard index < characters.count else { throw OpaqueScript("an open quote") }
    index += 1
    word = text
  }

  private mutating func escaped() throws(OpaqueScript) {
    guard index < characters.count, characters[index] != "\n" else { throw OpaqueScript("a continued line") }
    try Self.mustBeVisible(characters[index])
    var text = word ?? ""
    text.unicodeScalars.append(characters[index])
    index += 1
    word = text
  }
}
