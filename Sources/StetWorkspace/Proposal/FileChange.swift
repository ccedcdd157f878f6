/// What an edit wants of one file: the product of a patch, an edit or a write, before anyone decided about
/// it.
public struct FileChange: Hashable, Sendable {
  /// Absolute and resolved; the old path of a move.
  public var path: String
  /// Absolute and resolved; nil unless the file moves.
  public var movePath: String?
  /// What is at `path` now.
  public var base: FileState
  /// What shall be at `movePath ?? path`.
  public var proposed: FileState
  /// The path as the model wrote it.
  public var spelled: String

  public init(
    path: String, movePath: String? = nil, base: FileState, proposed: FileState, spelled: String? = nil
  ) {
    self.path = path
    self.movePath = movePath
    self.base = base
    self.proposed = proposed
    self.spelled = spelled ?? path
  }
}
