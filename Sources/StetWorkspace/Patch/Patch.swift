/// A parsed patch of the format that starts with `*** Begin Patch`.
public struct Patch: Hashable, Sendable {
  public let operations: [PatchOperation]
}

/// One file section of a patch.
public struct PatchOperation: Hashable, Sendable {
  public enum Action: Hashable, Sendable {
    /// The lines without their ends; each gets an LF.
    case add(lines: [[UInt8]])
    case delete
    case update(hunks: [PatchHunk], moveTo: String?)
  }

  /// As the model wrote it.
  public let path: String
  public let action: Action
  /// 1-based line of the section's header in the patch.
  public let line: Int
}

/// A group of lines of an update.
public struct PatchHunk: Hashable, Sendable {
  public enum Mark: Hashable, Sendable { case context, delete, add }

  public struct Line: Hashable, Sendable {
    public var mark: Mark
    /// Without its end.
    public var text: [UInt8]
  }

  /// The texts after `@@`, outermost first; each narrows the search.
  public var headers: [[UInt8]] = []
  /// The first old line a unified diff's header names: a hint where several places match.
  public var lineHint: Int?
  public var lines: [Line] = []
  /// `*** End of File` follows: the old lines must be the last of the file.
  public var endOfFile = false
  /// What diff's remark "\ No newline at end of file" says about the new text; nil without remarks.
  public var finalNewline: Bool?
  /// 1-based line of the patch.
  public var line: Int

  var old: [[UInt8]] { lines.compactMap { $0.mark == .add ? nil : $0.text } }
}
