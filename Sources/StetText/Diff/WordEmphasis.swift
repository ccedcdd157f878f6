/// Finds which words of a changed line differ, to emphasise them.
public enum WordEmphasis {
  /// Lines of more characters than this are compared as a whole only: nobody reads them word by word.
  static let maximumCharacters = 4000
  /// Cells of the comparison table; beyond it, all between the common beginning and end counts as changed.
  static let maximumCells = 250_000
  /// If less than this part of the longer line is common, the lines are strangers and emphasis would be confetti.
  static let leastCommon = 0.3

  /// Character ranges (offsets of `Character`) that are only in the old and only in the new line, ascending. Both are
  /// empty where the lines have too little in common for emphasis to help, and where they are equal.
  public static func ranges(old: String, new: String) -> (old: [Range<Int>], new: [Range<Int>]) {
    if old == new { return ([], []) }
    let (oldWords, newWords) = (words(old), words(new))
    guard let oldEnd = oldWords.last?.end, let newEnd = newWords.last?.end,
      max(oldEnd, newEnd) <= maximumCharacters
    else { return ([], []) }
    let (oldKept, newKept) = common(oldWords, newWords)
    let shared = zip(oldWords, oldKept).reduce(0) { $0 + ($1.1 && !$1.0.isBlank ? $1.0.count : 0) }
    let longer = max(letters(oldWords), letters(newWords))
    guard longer > 0, Double(shared) >= leastCommon * Double(longer) else { return ([], []) }
    return (ranges(oldWords, oldKept), ranges(newWords, newKept))
  }

  private struct Word: Equatable {
    var text: Substring
    var start: Int
    var count: Int
    var isBlank: Bool
    var end: Int { start + count }
  }

  /// Runs of letters and digits, runs of blanks, and every other character by itself.
  private static func words(_ line: String) -> [Word] {
    var result: [Word] = []
    var offset = 0
    var index = line.startIndex
    while index < line.endIndex {
      let first = line[index]
      var end = line.index(after: index)
      var count = 1
      let isWord = isWordPart(first)
      if isWord || first.isWhitespace {
        while end < line.endIndex, isWord ? isWordPart(line[end]) : line[end].isWhitespace {
          end = line.index(after: end)
          count += 1
        }
      }
      result.append(Word(text: line[index..<end], start: offset, count: count, isBlank: first.isWhitespace))
      offset += count
      index = end
    }
    return result
  }

  private static func isWordPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  private static func letters(_ words: [Word]) -> Int { words.reduce(0) { $0 + ($1.isBlank ? 0 : $1.count) } }

  /// Which words of each side belong to the longest common subsequence.
  private static func common(_ old: [Word], _ new: [Word]) -> (old: [Bool], new: [Bool]) {
    var oldKept = Array(repeating: false, count: old.count)
    var newKept = Array(repeating: false, count: new.count)
    var head = 0
    while head < min(old.count, new.count), old[head].text == new[head].text {
      (oldKept[head], newKept[head]) = (true, true)
      head += 1
    }
    var tail = 0
    while tail < min(old.count, new.count) - head,
      old[old.count - 1 - tail].text == new[new.count - 1 - tail].text
    {
      (oldKept[old.count - 1 - tail], newKept[new.count - 1 - tail]) = (true, true)
      tail += 1
    }
    let rows = old.count - head - tail
    let columns = new.count - head - tail
    guard rows > 0, columns > 0, rows * columns <= maximumCells else { return (oldKept, newKept) }
    // lengths[row][column]: of the best subsequence from there on.
    var lengths = Array(repeating: 0, count: (rows + 1) * (columns + 1))
    for row in (0..<rows).reversed() {
      for column in (0..<columns).reversed() {
        let here = row * (columns + 1) + column
        let below = here + columns + 1
        lengths[here] =
          old[head + row].text == new[head + column].text
          ? lengths[below + 1] + 1 : max(lengths[below], lengths[here + 1])
      }
    }
    var (row, column) = (0, 0)
    while row < rows, column < columns {
      let here = row * (columns + 1) + column
      if old[head + row].text == new[head + column].text {
        (oldKept[head + row], newKept[head + column]) = (true, true)
        row += 1
        column += 1
      } else if lengths[here + columns + 1] >= lengths[here + 1] {
        row += 1
      } else {
        column += 1
      }
    }
    return (oldKept, newKept)
  }

  /// The words that are not kept, as ranges; a blank between two of them joins them.
  private static func ranges(_ words: [Word], _ kept: [Bool]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for (index, word) in words.enumerated() where !kept[index] {
      let joins =
        result.last.map { last in
          last.upperBound == word.start
            || index > 0 && words[index - 1].isBlank && last.upperBound == words[index - 1].start
        } ?? false
      if joins, let last = result.popLast() {
        result.append(last.lowerBound..<word.end)
      } else {
        result.append(word.start..<word.end)
      }
    }
    return result
  }
}
