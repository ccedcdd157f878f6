/// What a line of a diff is.
public enum DiffLineKind: Hashable, Sendable {
  case context, plus, minus
  /// `\ No newline at end of file`: says that the line before it has no line feed.
  case noNewline
}

/// One line of a hunk.
public struct DiffLine: Sendable {
  public let kind: DiffLineKind
  private let table: LineTable
  private let start: Int
  private let end: Int
  private let old: Int32
  private let new: Int32

  /// No number; no line has it.
  private static let none = Int32.min

  public init(kind: DiffLineKind, text: String, oldNumber: Int?, newNumber: Int?) {
    let table = LineTable(text)
    self.init(kind, table, 0..<table.bytes.count, oldNumber, newNumber)
  }

  /// A line of a text that is held anyway.
  public init(kind: DiffLineKind, line: Int, of table: LineTable, oldNumber: Int?, newNumber: Int?) {
    self.init(kind, table, table.range(line), oldNumber, newNumber)
  }

  /// - Parameter place: its bytes in the table, within one line.
  init(_ kind: DiffLineKind, _ table: LineTable, _ place: Range<Int>, _ oldNumber: Int?, _ newNumber: Int?) {
    self.kind = kind
    self.table = table
    (start, end) = (place.lowerBound, place.upperBound)
    old = oldNumber.map { Int32(clamping: $0) } ?? Self.none
    new = newNumber.map { Int32(clamping: $0) } ?? Self.none
  }

  /// The mark below a last line that nothing ends.
  public static let noLineEnd = DiffLine(
    kind: .noNewline, text: "No newline at end of file", oldNumber: nil, newNumber: nil)

  /// Without the sign in front and the line feed behind; a carriage return is part of it. Made at each call.
  public var text: String { String(decoding: table.bytes[start..<end], as: UTF8.self) }

  /// Counted from 1; nil for a line that was added.
  public var oldNumber: Int? { old == Self.none ? nil : Int(old) }

  /// Counted from 1; nil for a line that was removed.
  public var newNumber: Int? { new == Self.none ? nil : Int(new) }

  /// Bytes of the text.
  public var length: Int { end - start }

  /// The text as it stands in memory, for whoever looks through many lines.
  public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    table.bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<end])) }
  }
}

extension DiffLine: Hashable {
  public static func == (left: DiffLine, right: DiffLine) -> Bool {
    left.kind == right.kind && left.old == right.old && left.new == right.new
      && left.table.bytes[left.start..<left.end] == right.table.bytes[right.start..<right.end]
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(old)
    hasher.combine(new)
    hasher.combine(table.bytes[start..<end])
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
  public static func parse(unified: String) -> [FileDiff] { parse(unified: Array(unified.utf8)) }

  /// The same from bytes, which the lines of the diff go on using.
  public static func parse(unified: [UInt8]) -> [FileDiff] {
    var parser = DiffParser(LineTable(unified))
    return parser.read()
  }

  /// Reads hunks without a file header, as the protocol's `diff` member has them for an update.
  public static func parse(hunks: String) -> FileDiff {
    let files = parse(unified: hunks)
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
