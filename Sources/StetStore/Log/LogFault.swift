/// A place in a log where something that was written is gone.
public struct LogFault: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// A line is there and is not what was written.
    case damaged
    /// A line is what was written, and nobody here understands it.
    case unreadable
    /// So many records are gone without a rest.
    case missing(Int)
  }

  /// How many faults of a log get a notice of their own; the rest are counted in one more.
  public static let maximumNotices = 8

  public let kind: Kind
  /// The line, or the one before which records are missing, counted from 1; packed lines count too.
  public var line: Int
  /// Where that line begins in the log, in bytes.
  public let offset: Int64

  public init(kind: Kind, line: Int, offset: Int64) {
    self.kind = kind
    self.line = line
    self.offset = offset
  }

  /// What happened, what was kept and what to do, in sentences for the user.
  public static func notices(_ faults: [LogFault], path: String) -> [String] {
    var notices = faults.prefix(maximumNotices).map { $0.notice(path) }
    let rest = faults.count - notices.count
    if rest > 0 { notices.append("\(rest) more lines of \(path) are damaged, missing or unknown.") }
    return notices
  }

  private func notice(_ path: String) -> String {
    let kept = "The other records are kept; only a copy of the file from before the damage has the lost ones."
    switch kind {
    case .damaged: return "Line \(line) of \(path) is damaged and was skipped. \(kept)"
    case .missing(1): return "Line \(line) of \(path) is missing. \(kept)"
    case .missing(let count): return "\(count) lines of \(path) are missing, from line \(line) on. \(kept)"
    case .unreadable:
      return
        "Line \(line) of \(path) can't be understood and was skipped: a newer version may have written it. "
        + "It stays in the file, and the other records are kept."
    }
  }
}
