/// Which hunks need which, as the agent says it in its note: `needs hunk 2`, `hunk 3 needs hunk 2` (review.md A5,
/// dependent hunks).
enum HunkLinks {
  /// For each hunk of a file the others that must be accepted with it.
  ///
  /// - Parameter count: of hunks in the file; numbers beyond it mean nothing.
  static func needed(by note: String?, count: Int) -> [Int: [Int]] {
    guard let note, count > 1 else { return [:] }
    let words = note.split { !$0.isLetter && !$0.isNumber }.map { $0.lowercased() }
    var needed: [Int: [Int]] = [:]
    for (index, word) in words.enumerated() where word == "needs" || word == "need" || word == "requires" {
      guard let target = number(words, at: index + 1, count) else { continue }
      let subject = index >= 2 ? number(words, at: index - 2, count) : nil
      for hunk in subject.map({ [$0] }) ?? Array(0..<count) where hunk != target {
        if needed[hunk]?.contains(target) != true { needed[hunk, default: []].append(target) }
      }
    }
    return needed
  }

  /// `hunk 2` or `hunks 2`, counted from 0.
  private static func number(_ words: [String], at index: Int, _ count: Int) -> Int? {
    guard words.indices.contains(index + 1), words[index] == "hunk" || words[index] == "hunks",
      let number = Int(words[index + 1]), (1...count).contains(number)
    else { return nil }
    return number - 1
  }
}
