/// The one error of this room.
public struct WorkspaceError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: String, Hashable, Sendable {
    /// A name that is not there, or a path that can't be one.
    case notFound, badPath
    /// The path, or a directory on the way to it, is something else than needed.
    case wrongKind
    /// The resolved path lies outside of the directories that may be written.
    case outside
    /// Too large for what was asked.
    case tooLarge
    /// The file on disk is not what the caller reviewed; nothing was written.
    case stale
    /// The operating system refused.
    case io
    /// libgit2 or SQLite refused.
    case library
    /// A patch that can't be parsed.
    case patchSyntax
    /// A patch or an edit that does not fit the file.
    case noMatch, ambiguous
    /// A patch that is refused although it could be done (an Add over another file, a move onto a file …).
    case refused
    /// A decision for an operation that does not exist.
    case unknownOperation
    /// A plan that was made for another state of the disk.
    case planStale
    /// A snapshot or content that the store no longer has.
    case expired
    /// Another process or turn holds what is needed.
    case locked
  }

  public var code: Code
  /// One line: what is wrong. Some also list the lines that were looked for, below it.
  public var message: String
  /// One line: what to do about it.
  public var hint: String?
  public var path: String?
  /// 1-based line of the patch, where one is at fault.
  public var line: Int?
  /// The words of the system or the library.
  public var underlying: String?
  /// The system's errno, where a system call failed.
  public var systemCode: Int32?

  public init(
    _ code: Code, _ message: String, hint: String? = nil, path: String? = nil, line: Int? = nil,
    underlying: String? = nil, systemCode: Int32? = nil
  ) {
    self.code = code
    self.message = message
    self.hint = hint
    self.path = path
    self.line = line
    self.underlying = underlying
    self.systemCode = systemCode
  }

  public var description: String {
    let cause = underlying.map { "\(message): \($0)" } ?? message
    return hint.map { "\(cause)\n\($0)" } ?? cause
  }
}
