/// What a line of a diff is.
public enum DiffLineKind: Hashable, Sendable {
  case context, plus, minus
  /// `\ No newline at end of file`: says that the line before it has no line feed.
  case noNewline
}

/// One line of a hunk.
public struct DiffLine: Hashable, Sendable {
  public let kind: DiffLineKind
  /// Without the sign in front and the line feed behind; a carriage return is part of it.
  public let text: String
  /// Counted from 1; nil for a line that was added.
  public let oldNumber: Int?
  /// Counted from 1; nil for a line that was removed.
  public let newNumber: Int?

  public init(kind: DiffLineKind, text: String, oldNumber: Int?, newNumber: Int?) {
    self.kind = kind
    self.text = text
    self.oldNumber = oldNumber
    self.newNumber = newNumber
  }
}

/// Changes that stand together, with the context around them.
public struct Hunk: Hashable, Sendable {
  /// Line numbers count from 1; where the count is 0, the start is the line before (as diff prints it).
  public let oldStart: Int
  public let oldCount: Int
  public let newStart: Int
  public let newCount: Int
  /// What stood behind the second `@@`, such as the name of a function.
  public let heading: String
  public let lines: [DiffLine]

  public init(
    oldStart: Int, oldCount: Int, newStart: Int, newCount: Int, heading: String = "", lines: [DiffLine]
  ) {
    self.oldStart = oldStart
    self.oldCount = oldCount
    self.newStart = newStart
    self.newCount = newCount
    self.heading = heading
    self.lines = lines
  }
}

/// The changes of one file.
public struct FileDiff: Hashable, Sendable {
  /// The path after the change; nil for a deleted file or when the diff names none.
  public var path: String?
  /// The path before the change; nil for a new file or when the diff names none.
  public var oldPath: String?
  public var hunks: [Hunk]
  /// The bytes differ and no text was given.
  public var isBinary: Bool

  public init(path: String? = nil, oldPath: String? = nil, hunks: [Hunk] = [], isBinary: Bool = false) {
    self.path = path
    self.oldPath = oldPath
    self.hunks = hunks
    self.isBinary = isBinary
  }

  /// Lines added.
  public var added: Int { count(.plus) }
  /// Lines removed.
  public var removed: Int { count(.minus) }

  private func count(_ kind: DiffLineKind) -> Int {
    hunks.reduce(0) { $0 + $1.lines.count { $0.kind == kind } }
  }

  /// Reads a unified diff with file headers, of git or of diff. Never fails: what is no diff is skipped.
  public static func parse(unified: String) -> [FileDiff] {
    var parser = DiffParser()
    parser.read(unified)
    return parser.finish()
  }

  /// Reads hunks without a file header, as the protocol's `diff` member has them for an update.
  public static func parse(hunks: String) -> FileDiff {
    var parser = DiffParser()
    parser.read(hunks)
    let files = parser.finish()
    return FileDiff(
      path: files.first?.path, oldPath: files.first?.oldPath, hunks: files.flatMap(\.hunks),
      isBinary: files.contains(where: \.isBinary))
  }

  /// A new file with this content.
  public static func added(_ content: String, path: String? = nil) -> FileDiff {
    FileDiff(path: path, hunks: DiffParser.whole(content, .plus))
  }

  /// A deleted file that had this content.
  public static func deleted(_ content: String, path: String? = nil) -> FileDiff {
    FileDiff(oldPath: path, hunks: DiffParser.whole(content, .minus))
  }
}
