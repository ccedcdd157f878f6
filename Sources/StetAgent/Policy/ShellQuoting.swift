/// Words as one line that a shell reads back as the same words.
enum ShellQuoting {
  /// Characters that no shell gives a meaning to.
  private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,:=@%+")

  static func quote(_ word: String) -> String {
    if !word.isEmpty, word.allSatisfy(plain.contains) { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  static func join(_ words: [String]) -> String { words.map(quote).joined(separator: " ") }
}
