/// A change as the wire's fileChange item tells it: hunks for an update, the whole content for add and
/// delete.
public struct WireChange: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, Codable { case add, delete, update }

  /// Absolute; the old path of a move.
  public let path: String
  public let kind: Kind
  public let movePath: String?
  public let diff: String

  /// nil when nothing changes.
  init?(path: String, movePath: String?, from base: FileState, to result: FileState) throws(WorkspaceError) {
    guard base != result || movePath != nil else { return nil }
    self.path = path
    self.movePath = movePath
    switch (base.kind, result.kind) {
    case (.absent, _):
      kind = .add
      diff = Self.text(of: result)
    case (_, .absent):
      kind = .delete
      diff = Self.text(of: base)
    default:
      kind = .update
      let hunks = try Self.hunks(base, result)
      diff = movePath.map { hunks + "\n\nMoved to: \($0)" } ?? hunks
    }
  }

  private static func text(of state: FileState) -> String {
    if state.isBinary { return "Binary content, \(state.bytes.count) bytes\n" }
    let text = String(decoding: state.bytes, as: UTF8.self)
    return state.kind == .symlink ? "Symbolic link to \(text)\n" : text
  }

  private static func hunks(_ base: FileState, _ result: FileState) throws(WorkspaceError) -> String {
    if base.kind == .regular, result.kind == .regular, !base.isBinary, !result.isBinary,
      max(base.bytes.count, result.bytes.count) <= LineDiff.byteLimit
    {
      return try UnifiedDiff.text(old: base.bytes, new: result.bytes)
    }
    if base.kind == .symlink || result.kind == .symlink { return text(of: base) + text(of: result) }
    return "Binary content, \(base.bytes.count) → \(result.bytes.count) bytes\n"
  }
}

extension Proposal {
  /// The proposal for the wire; nil when it changes nothing.
  public func proposedChange() throws(WorkspaceError) -> WireChange? {
    try WireChange(path: path, movePath: movePath, from: base, to: proposed)
  }

  /// What the decisions leave of it, for the wire; nil when nothing is applied.
  public func appliedChange() throws(WorkspaceError) -> WireChange? {
    let result = result()
    return try WireChange(
      path: path, movePath: result.removes == nil ? nil : result.path, from: base, to: result.state)
  }
}
