import StetText

extension ReviewFile {
  /// More parts than this are no help: lines are selected instead.
  static let maxParts = 500

  /// Splits a hunk where unchanged lines stand between its changes; a solid run into its line pairs. Decisions stay
  /// with their operations.
  /// - Returns: false where there is nothing to split.
  mutating func split(hunk index: Int) -> Bool {
    guard hunks.indices.contains(index), hunks[index].operations.count > 1 else { return false }
    guard operations[hunks[index].operations].allSatisfy({ $0.role == .content }) else { return false }
    var runs = runs(of: hunks[index])
    if runs.count == 1 {
      guard hunks[index].operations.count <= Self.maxParts else { return false }
      interleave(hunks[index])
      runs = pairs(of: hunks[index])
    }
    guard runs.count > 1, runs.count <= Self.maxParts else { return false }
    replace(hunk: index, with: runs)
    return true
  }

  private struct Run {
    var lines: Range<Int>
    var operations: Range<Int>
  }

  /// Changed lines without unchanged ones between them.
  private func runs(of hunk: ReviewHunk) -> [Run] {
    var runs: [Run] = []
    for line in hunk.lines {
      guard let operation = operation(at: line) else { continue }
      if let last = runs.last, last.lines.upperBound == line {
        let low = min(last.operations.lowerBound, operation)
        let high = max(last.operations.upperBound, operation + 1)
        runs[runs.count - 1] = Run(lines: last.lines.lowerBound..<line + 1, operations: low..<high)
      } else {
        runs.append(Run(lines: line..<line + 1, operations: operation..<operation + 1))
      }
    }
    // Parts must be parts: operations that no line shows, or out of order, leave the hunk whole.
    var next = hunk.operations.lowerBound
    for run in runs {
      guard run.operations.lowerBound == next else { return [] }
      next = run.operations.upperBound
    }
    return next == hunk.operations.upperBound ? runs : []
  }

  /// Puts the new line of each pair below its old one.
  private mutating func interleave(_ hunk: ReviewHunk) {
    let own = operations[hunk.operations]
    let places = own.flatMap { Array($0.removed) + Array($0.added) }
    guard let first = places.min(), let last = places.max(), places.count == last - first + 1,
      Set(places).count == places.count
    else { return }
    let texts = places.map { lines[$0] }
    let isMoved = places.map { moved.contains($0) }
    lines.replaceSubrange(first...last, with: texts)
    moved.subtract(first...last)
    for (offset, wasMoved) in isMoved.enumerated() where wasMoved { moved.insert(first + offset) }
    var at = first
    for index in hunk.operations {
      let (removed, added) = (operations[index].removed.count, operations[index].added.count)
      operations[index].removed = at..<at + removed
      operations[index].added = at + removed..<at + removed + added
      at += removed + added
    }
    indexOperations()
  }

  private func pairs(of hunk: ReviewHunk) -> [Run] {
    hunk.operations.map { index in
      let (removed, added) = (operations[index].removed, operations[index].added)
      let low = removed.isEmpty ? added.lowerBound : removed.lowerBound
      let high = added.isEmpty ? removed.upperBound : added.upperBound
      return Run(lines: low..<high, operations: index..<index + 1)
    }
  }

  /// The context between two parts goes half to each.
  private mutating func replace(hunk index: Int, with runs: [Run]) {
    let whole = hunks[index]
    var parts: [ReviewHunk] = []
    var start = whole.lines.lowerBound
    for (number, run) in runs.enumerated() {
      var end = whole.lines.upperBound
      if number + 1 < runs.count {
        let next = runs[number + 1].lines.lowerBound
        end = run.lines.upperBound + (max(0, next - run.lines.upperBound) + 1) / 2
      }
      var part = whole
      part.id = whole.id + "/\(number + 1)"
      part.isPart = true
      part.lines = start..<max(start, end)
      part.operations = run.operations
      if number > 0 { part.note = nil }
      parts.append(part)
      start = part.lines.upperBound
    }
    hunks.replaceSubrange(index...index, with: parts)
  }
}
