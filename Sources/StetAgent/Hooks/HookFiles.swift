/// The files of a project that the command of one of its hooks names.
///
/// A shell decides what a command runs, and no reading of it is complete. So each word is taken in every way in which it
/// may name a file: one too many costs a question, one too few lets the project change what the user agreed to.
struct HookFiles {
  /// Bytes of one file: more than any script, and each is read before each run.
  static let bytesLimit = 32 << 20
  /// Files of one command.
  static let limit = 32

  /// Where the command runs, and what its variable for the project says.
  let project: String
  /// The topmost directory of the project.
  let root: String

  /// Absolute, sorted, each once; whether they are there is not looked at.
  func named(by handler: HookHandler) -> [String] {
    var found: Set<String> = []
    for text in [handler.command] + (handler.arguments ?? []) {
      for word in Self.words(text) { found.formUnion(paths(word)) }
    }
    return found.sorted()
  }

  /// The words of a command: with quotation marks that hold blanks together, and without any, for a line in quotes is a
  /// command again.
  private static func words(_ text: String) -> Set<String> {
    var words: Set<String> = []
    for keepsTogether in [true, false] {
      var word = ""
      var quote: Character?
      var isEscaped = false
      for character in text {
        if isEscaped {
          word.append(character)
          isEscaped = false
        } else if character == "\\", quote != "'" {
          isEscaped = true
        } else if !keepsTogether, character == "\"" || character == "'" {
          continue
        } else if character == quote {
          quote = nil
        } else if quote == nil, character == "\"" || character == "'" {
          quote = character
        } else if Self.separators.contains(character) || character.isWhitespace,
          quote == nil || !keepsTogether
        {
          words.insert(word)
          word = ""
        } else {
          word.append(character)
        }
      }
      words.insert(word)
    }
    return words.filter { !$0.isEmpty }
  }

  private static let separators: Set<Character> = [";", "(", ")", "|", "&", "<", ">", "=", "`"]

  /// The files that a word may stand for: below the project's directories, whatever a variable or a command before the
  /// first slash may say.
  private func paths(_ word: String) -> [String] {
    var names = [word]
    if let slash = word.firstIndex(of: "/") {
      if word.utf8.contains(UInt8(ascii: "$")) { names.append(String(word[word.index(after: slash)...])) }
      // What is left of `$(git rev-parse --show-toplevel)/x`.
      if slash == word.startIndex { names.append(String(word.dropFirst())) }
    }
    var found: [String] = []
    for name in names where !name.isEmpty {
      for directory in [project, root] {
        let path = PathText.normalized(PathText.join(directory, name))
        if path.hasPrefix(root == "/" ? root : root + "/") { found.append(path) }
      }
    }
    return found
  }
}
