/// Reading a shell-quoted command back into its words, to show people the script and to offer prefixes.
public enum ShellWords {
  /// The words of a command as a POSIX shell would split it, or nil if it holds anything but plain and quoted words.
  static func split(_ command: String) -> [String]? {
    var words: [String] = []
    var word = ""
    var isInWord = false
    // By scalars: to a shell a quote ends a word also where a mark follows it, which makes it another character.
    var rest = Substring(command).unicodeScalars
    while let character = rest.popFirst() {
      switch character {
      case " ", "\t":
        if isInWord { words.append(word) }
        (word, isInWord) = ("", false)
      case "'":
        guard let end = rest.firstIndex(of: "'") else { return nil }
        word.unicodeScalars += rest[..<end]
        rest = rest[rest.index(after: end)...]
        isInWord = true
      case "\"":
        guard let text = quoted(&rest) else { return nil }
        word += text
        isInWord = true
      case "\\":
        guard let next = rest.popFirst(), next != "\n" else { return nil }
        word.unicodeScalars.append(next)
        isInWord = true
      case "|", "&", ";", "<", ">", "(", ")", "$", "`", "*", "?", "[", "#", "~", "=", "\n", "{", "}",
        "!":
        return nil
      default:
        word.unicodeScalars.append(character)
        isInWord = true
      }
    }
    if isInWord { words.append(word) }
    return words
  }

  /// The text up to the closing double quote; nil if something in it is expanded.
  private static func quoted(_ rest: inout Substring.UnicodeScalarView) -> String? {
    var text = ""
    while let character = rest.popFirst() {
      switch character {
      case "\"": return text
      case "$", "`": return nil
      case "\\":
        guard let next = rest.popFirst() else { return nil }
        if !["\"", "\\", "$", "`"].contains(next) { text += "\\" }
        text.unicodeScalars.append(next)
      default: text.unicodeScalars.append(character)
      }
    }
    return nil
  }

  /// The shells whose `-lc` and `-c` wrapper is left out when a command is shown.
  private static let shells: Set<String> = ["sh", "bash", "zsh", "dash", "ash", "ksh"]

  /// The script of `/bin/bash -lc '…'`, or the command itself when it is nothing of that form.
  public static func script(of command: String) -> String {
    guard let words = split(command), words.count == 3, words[1] == "-lc" || words[1] == "-c" else {
      return command
    }
    let name = words[0].split(separator: "/").last.map(String.init) ?? ""
    return shells.contains(name) ? words[2] : command
  }
}

extension ShellWords {
  /// Words as one command line, quoted where they need it.
  static func join(_ words: [String]) -> String { words.map(quote).joined(separator: " ") }

  static func quote(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || $0.properties.numericType != nil
          || "-_./:@%+,^".unicodeScalars.contains($0)
      }
    if isPlain { return word }
    var text = "'"
    for scalar in word.unicodeScalars {
      if scalar == "'" { text += "'\\''" } else { text.unicodeScalars.append(scalar) }
    }
    text.unicodeScalars.append("'")
    return text
  }
}
