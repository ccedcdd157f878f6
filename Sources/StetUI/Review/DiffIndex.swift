import StetProtocol
import StetText

/// Finds the lines of a diff by their numbers, so that operations can be shown with the text they are about.
struct DiffIndex: Sendable {
  let lines: [DiffLine]
  private let headings: [String]
  /// The hunk of the diff that each line came from.
  private let hunkOf: [Int32]
  /// Numbers of the lines that come and go, ascending, and where they stand.
  private var plus = Numbers()
  private var minus = Numbers()

  /// Context lines shown around a change.
  static let context = 3

  private struct Numbers: Sendable {
    var numbers: [Int] = []
    var places: [Int] = []

    /// The lines from the first to the last of a range of numbers.
    func lines(_ range: Range<Int>) -> Range<Int> {
      let low = first(atLeast: range.lowerBound)
      let high = first(atLeast: range.upperBound)
      return low < high ? places[low]..<places[high - 1] + 1 : 0..<0
    }

    private func first(atLeast number: Int) -> Int {
      var (low, high) = (0, numbers.count)
      while low < high {
        let middle = (low + high) / 2
        if numbers[middle] < number { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  init(_ diff: FileDiff) {
    lines = diff.hunks.count == 1 ? diff.hunks[0].lines : diff.hunks.flatMap(\.lines)
    headings = diff.hunks.map(\.heading)
    var hunkOf: [Int32] = []
    hunkOf.reserveCapacity(lines.count)
    for (index, hunk) in diff.hunks.enumerated() {
      hunkOf += repeatElement(Int32(clamping: index), count: hunk.lines.count)
    }
    self.hunkOf = hunkOf
    for (index, line) in lines.enumerated() {
      switch line.kind {
      case .plus: Self.add(line.newNumber, index, to: &plus)
      case .minus: Self.add(line.oldNumber, index, to: &minus)
      case .context, .noNewline: break
      }
    }
  }

  /// A diff whose numbers go back is not one of a file: its lines can't be found by number.
  private static func add(_ number: Int?, _ index: Int, to numbers: inout Numbers) {
    guard let number, number > numbers.numbers.last ?? .min else { return }
    numbers.numbers.append(number)
    numbers.places.append(index)
  }

  /// The lines that an operation removes and those that it adds; empty where the diff does not show them.
  func place(of operation: StetOperation) -> (removed: Range<Int>, added: Range<Int>) {
    func end(_ range: Range<Int>) -> Range<Int> {
      guard !range.isEmpty, lines.indices.contains(range.upperBound),
        lines[range.upperBound].kind == .noNewline
      else { return range }
      return range.lowerBound..<range.upperBound + 1
    }
    let removed = minus.lines(Self.range(operation.baseStart, operation.baseLines))
    let added = plus.lines(Self.range(operation.newStart, operation.newLines))
    return (end(removed), end(added))
  }

  /// A range from numbers that anybody may have sent.
  static func range(_ start: Int, _ count: Int) -> Range<Int> {
    let start = max(0, min(start, Int.max / 2))
    return start..<start + max(0, min(count, Int.max / 2))
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
    guard hunkOf.indices.contains(line), headings.indices.contains(Int(hunkOf[line])) else { return "" }
    return headings[Int(hunkOf[line])]
  }
}
