import StetHash

/// Operations that are shown together. Its ranges are those of the unified diff's header.
public struct ProposalHunk: Hashable, Sendable, Identifiable {
  public enum Kind: String, Hashable, Sendable, Codable { case content, mode, rename, whole, lineEndings }

  /// A hash of path, base range, old and new bytes: survives other context widths and restarts.
  public let id: String
  public let kind: Kind
  /// 1-based with context; where there are no lines, the line before (0 at the start), as in a diff's header.
  public let baseStart: Int
  public let baseLines: Int
  public let newStart: Int
  public let newLines: Int
  /// Ids, in file order.
  public let operations: [Operation.ID]
  /// Indexes into the proposal's operations.
  let range: Range<Int>
}

extension Proposal {
  /// The hunks with `context` unchanged lines around: name and mode first, then the content in file order.
  public func hunks(context: Int = 3) -> [ProposalHunk] {
    if context == 3 { return standardHunks }
    return Self.hunks(
      change: change, operations: operations, changes: changes, ranges: changeOperations,
      lines: (baseLines, newLines), context: context)
  }

  static func hunks(
    change: FileChange, operations: [Operation], changes: [LineChange], ranges: [Range<Int>],
    lines: (base: LineIndex, new: LineIndex), context: Int
  ) -> [ProposalHunk] {
    var hunks: [ProposalHunk] = []
    for (index, operation) in operations.enumerated() where operation.part != .lines {
      hunks.append(single(operation, index, change))
    }
    let groups = ContextHunk.group(
      changes, context: context, baseCount: lines.base.count, newCount: lines.new.count)
    for group in groups {
      let members =
        ranges[group.changes.lowerBound].lowerBound..<ranges[group.changes.upperBound - 1].upperBound
      let first = changes[group.changes.lowerBound]
      let last = changes[group.changes.upperBound - 1]
      let base = first.base.lowerBound..<last.base.upperBound
      let new = first.new.lowerBound..<last.new.upperBound
      hunks.append(
        ProposalHunk(
          id: identifier(change.path, base, [UInt8](lines.base.lines(base)), [UInt8](lines.new.lines(new))),
          kind: .content, baseStart: headerStart(group.base), baseLines: group.base.count,
          newStart: headerStart(group.new), newLines: group.new.count,
          operations: operations[members].map(\.id),
          range: members))
    }
    return hunks
  }

  /// The hunk of an operation that stands for itself.
  private static func single(_ operation: Operation, _ index: Int, _ change: FileChange) -> ProposalHunk {
    let kind: ProposalHunk.Kind
    let old: [UInt8]
    let new: [UInt8]
    switch operation.part {
    case .rename: (kind, old, new) = (.rename, [], Array((change.movePath ?? "").utf8))
    case .mode:
      (kind, old, new) = (.mode, Array("\(change.base.mode)".utf8), Array("\(change.proposed.mode)".utf8))
    case .lines, .whole:
      (kind, old, new) = (
        operation.kind == .eol ? .lineEndings : .whole, change.base.bytes, change.proposed.bytes
      )
    }
    return ProposalHunk(
      id: identifier(change.path + "\0" + operation.id, operation.base, old, new), kind: kind,
      baseStart: headerStart(operation.base), baseLines: operation.baseLines,
      newStart: headerStart(operation.new), newLines: operation.newLines, operations: [operation.id],
      range: index..<(index + 1))
  }

  private static func headerStart(_ range: Range<Int>) -> Int {
    range.isEmpty ? range.lowerBound : range.lowerBound + 1
  }

  private static func identifier(_ path: String, _ base: Range<Int>, _ old: [UInt8], _ new: [UInt8]) -> String
  {
    var stream = SHA256.stream()
    stream.update(Array("\(path)\0\(base.lowerBound),\(base.count)\0\(old.count)\0".utf8))
    stream.update(old)
    stream.update(new)
    // 64 bits tell the hunks of any review apart.
    return String(stream.finish().hex.prefix(16))
  }
}
