/// The smallest thing that can be accepted or rejected: one changed line (a pair of old and new), a mode, a
/// name, or a whole file where lines make no sense.
public struct Operation: Hashable, Sendable, Identifiable {
  /// Raw values are the wire's names.
  public enum Kind: String, Hashable, Sendable, Codable {
    case delete = "del"
    case add
    case replace
    /// Only the line end differs (or, as one operation, every line end of the file).
    case eol
    case mode
    case rename
  }

  /// What part of the change it is.
  enum Part: Hashable, Sendable { case lines, whole, mode, rename }

  public let kind: Kind
  let part: Part
  /// 0-based lines, half open.
  let base: Range<Int>
  let new: Range<Int>

  /// Stable while base and proposal stay what they are; unique within the file.
  public var id: String {
    switch part {
    case .lines: "\(baseStart),\(baseLines):\(newStart),\(newLines)"
    case .whole: "file"
    case .mode: "mode"
    case .rename: "rename"
    }
  }

  /// 1-based; where `baseLines` is 0, the line before which is inserted.
  public var baseStart: Int { base.lowerBound + 1 }
  public var baseLines: Int { base.count }
  /// 1-based; where `newLines` is 0, the line before which something went.
  public var newStart: Int { new.lowerBound + 1 }
  public var newLines: Int { new.count }

  /// The operations of one run of changed lines: pairs first, then what is left of the longer side.
  static func lines(of change: LineChange, _ baseIndex: LineIndex, _ newIndex: LineIndex) -> [Operation] {
    let pairs = min(change.base.count, change.new.count)
    var operations: [Operation] = []
    operations.reserveCapacity(max(change.base.count, change.new.count))
    for offset in 0..<max(change.base.count, change.new.count) {
      let from = change.base.lowerBound + min(offset, change.base.count)
      let to = change.new.lowerBound + min(offset, change.new.count)
      let base = from..<(from + (offset < change.base.count ? 1 : 0))
      let new = to..<(to + (offset < change.new.count ? 1 : 0))
      let kind: Kind
      if offset < pairs {
        let same = LineEndings.stripped(baseIndex.line(from)) == LineEndings.stripped(newIndex.line(to))
        kind = same ? .eol : .replace
      } else {
        kind = base.isEmpty ? .add : .delete
      }
      operations.append(Operation(kind: kind, part: .lines, base: base, new: new))
    }
    return operations
  }
}

/// What the user said about an operation.
public enum Decision: Hashable, Sendable {
  case undecided, accept, reject
  /// These bytes instead of the proposed ones.
  case edit([UInt8])
}

/// What becomes of a proposal's file. Raw values are the wire's names.
public enum WriteOutcome: String, Hashable, Sendable, Codable {
  case applied, partial, rejected, stale, conflicted, failed
}
