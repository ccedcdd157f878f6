import StetText
import StetUI
import StetWorkspace

/// Two files for the screen: their lines are made once and shared by the diff and by the text around it, so that a long
/// file opens at once and costs its text little more than once.
extension ViewedDiff.File {
  /// - Throws: `WorkspaceError` where the contents can't be compared.
  init(path: String, base: [UInt8], proposed: [UInt8]) throws(WorkspaceError) {
    let hunks = try LineHunk.between(base, proposed)
    let sides = ReviewSides(base: base, proposed: proposed)
    let ends = (old: Self.missingEnd(sides.base), new: Self.missingEnd(sides.proposed))
    var diff = FileDiff()
    diff.hunks = hunks.map { Self.hunk($0, sides, ends) }
    self.init(path: path, diff: diff, sides: sides)
  }

  /// The last line, where nothing ends it.
  private static func missingEnd(_ lines: LineTable) -> Int? {
    lines.isEmpty || lines.endsWithLineFeed ? nil : lines.count - 1
  }

  private static func hunk(_ hunk: LineHunk, _ sides: ReviewSides, _ ends: (old: Int?, new: Int?)) -> Hunk {
    var lines: [DiffLine] = []
    lines.reserveCapacity(hunk.base.count + hunk.new.count)
    var (old, new) = (hunk.base.lowerBound, hunk.new.lowerBound)
    func end(_ isMissing: Bool) { if isMissing { lines.append(.noLineEnd) } }
    func context(to limit: Int) {
      while old < limit {
        lines.append(
          DiffLine(kind: .context, line: old, of: sides.base, oldNumber: old + 1, newNumber: new + 1))
        end(old == ends.old)
        (old, new) = (old + 1, new + 1)
      }
    }
    for change in hunk.changes {
      context(to: change.base.lowerBound)
      for line in change.base {
        lines.append(DiffLine(kind: .minus, line: line, of: sides.base, oldNumber: line + 1, newNumber: nil))
        end(line == ends.old)
      }
      for line in change.new {
        lines.append(
          DiffLine(kind: .plus, line: line, of: sides.proposed, oldNumber: nil, newNumber: line + 1))
        end(line == ends.new)
      }
      (old, new) = (change.base.upperBound, change.new.upperBound)
    }
    context(to: hunk.base.upperBound)
    return Hunk(
      oldStart: hunk.base.isEmpty ? hunk.base.lowerBound : hunk.base.lowerBound + 1,
      oldCount: hunk.base.count,
      newStart: hunk.new.isEmpty ? hunk.new.lowerBound : hunk.new.lowerBound + 1, newCount: hunk.new.count,
      lines: lines)
  }
}
