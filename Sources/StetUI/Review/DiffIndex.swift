import StetProtocol
import StetText

/// Finds the lines of a diff by their numbers, so that operations can be shown with the text they are about.
struct DiffIndex: Sendable {
  let lines: [DiffLine]
  private let headings: [String]
  /// The hunk of the diff that each line came from.
  private let hunkOf: [Int]
  private var plus: [Int: Int] = [:]
  private var minus: [Int: Int] = [:]

  /// Context lines shown around a change.
  static let context = 3

  init(_ diff: FileDiff) {
    lines = diff.hunks.flatMap(\.lines)
    headings = diff.hunks.map(\.heading)
    hunkOf = diff.hunks.enumerated().flatMap { index, hunk in hunk.lines.map { _ in index } }
    for (index, line) in lines.enumerated() {
      switch line.kind {
      case .plus: if let number = line.newNumber { plus[number] = index }
      case .minus: if let number = line.oldNumber { minus[number] = index }
      case .context, .noNewline: break
      }
    }
  }

  /// The lines that an operation removes and adds; empty where the diff does not show them.
  func lines(of operation: StetOperation) -> Range<Int> {
    var first = Int.max
    var last = -1
    func look(_ start: Int, _ count: Int, _ numbers: [Int: Int]) {
      guard count > 0, start >= 0, start < Int.max - count else { return }
      // A count beyond the diff's own lines can't name more of them.
      let numbered = count <= lines.count ? Array(start..<start + count) : Array(numbers.keys)
      for number in numbered where number >= start && number - start < count {
        guard let index = numbers[number] else { continue }
        first = min(first, index)
        last = max(last, index)
      }
    }
    look(operation.baseStart, operation.baseLines, minus)
    look(operation.newStart, operation.newLines, plus)
    guard last >= 0 else { return 0..<0 }
    // The mark of a missing line end belongs to the line above it.
    if last + 1 < lines.count, lines[last + 1].kind == .noNewline { last += 1 }
    return first..<last + 1
  }

  /// A range and the context lines next to it, within its hunk of the diff.
  func withContext(_ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower > 0, range.lowerBound - lower < Self.context, lines[lower - 1].kind == .context,
      hunkOf[lower - 1] == hunkOf[lower]
    {
      lower -= 1
    }
    while upper < lines.count, upper - range.upperBound < Self.context, lines[upper].kind == .context,
      hunkOf[upper] == hunkOf[upper - 1]
    {
      upper += 1
    }
    return lower..<upper
  }

  func heading(at line: Int) -> String {
    guard hunkOf.indices.contains(line), headings.indices.contains(hunkOf[line]) else { return "" }
    return headings[hunkOf[line]]
  }
}
