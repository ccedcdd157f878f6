/// Changes that stand together, as ranges of lines counted from 0: what a unified diff says, without its text.
public struct LineHunk: Hashable, Sendable {
  public struct Change: Hashable, Sendable {
    public let base: Range<Int>
    public let new: Range<Int>
  }

  /// With the context around the changes.
  public let base: Range<Int>
  public let new: Range<Int>
  public let changes: [Change]

  /// The hunks between two contents, `context` lines around each. Lines end at LF, as in `unifiedDiff`.
  public static func between(
    _ old: [UInt8], _ new: [UInt8], context: Int = 3
  ) throws(WorkspaceError) -> [LineHunk] {
    let (changes, baseCount, newCount) = try LineDiff.compare(old, new)
    let groups = ContextHunk.group(changes, context: context, baseCount: baseCount, newCount: newCount)
    return groups.map { group in
      LineHunk(
        base: group.base, new: group.new,
        changes: changes[group.changes].map { Change(base: $0.base, new: $0.new) })
    }
  }
}
