/// Words as one line that a shell reads back as the same words.
enum ShellQuoting {
  /// Characters that no shell gives a meaning to.
  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,:=@%+".unicodeScalars)

  /// By scalars: to a shell a quote ends a word also where a mark follows it, which makes it another character.
  static func quote(_ word: String) -> String {
    if !word.isEmpty, word.unicodeScalars.allSatisfy(plain.contains) { return word }
    var text = "'"
    for scalar in word.unicodeScalars {
      if scalar == "'" { text += "'\\''" } else { text.unicodeScalars.append(scalar) }
    }
    text.unicodeScalars.append("'")
    return text
  }

  static func join(_ words: [String]) -> String { words.map(quote).joined(separator: " ") }
}
