import Glibc

/// What went wrong in the store, with a sentence for the user.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// No such thread, blob or file.
    case notFound
    /// The file to be created is already there.
    case exists
    /// No room left on the device, or a quota or size limit was hit.
    case diskFull
    /// The file system is read-only, or the user may not write there.
    case notPermitted
    /// The file or its folder vanished while it was in use.
    case missing
    /// What was read is not what was written.
    case corrupt
    /// Another process is the writer of this thread. `pid` is 0 if it did not leave its number.
    case locked(pid: Int32)
    /// Larger than the store takes.
    case tooLarge
    /// The index was written by a newer version.
    case newerSchema
    /// The log or lock was closed.
    case closed
    /// An id or type that can't be used as a name.
    case invalidName
    /// A search that can't be understood.
    case invalidQuery
    /// Another process held the index for longer than one waits.
    case busy
    /// Any other failure of the system or of SQLite.
    case failed
  }

  public let code: Code
  /// What happened and what to do, in one or two sentences.
  public let message: String
  /// The text of the system or library, if it was one that failed.
  public let underlying: String?

  public init(_ code: Code, _ message: String, underlying: String? = nil) {
    self.code = code
    self.message = message
    self.underlying = underlying
  }

  public var description: String {
    guard let underlying else { return message }
    return "\(message) (\(underlying))"
  }

  /// Puts the system's error number into words. `action` reads like "write the thread log /x/y.jsonl".
  static func system(_ number: Int32, _ action: String) -> StoreError {
    let text = String(cString: strerror(number))
    switch number {
    case ENOSPC, EDQUOT, EFBIG:
      return StoreError(
        .diskFull, "Can't \(action): no space left. Free some space and try again.", underlying: text)
    case EACCES, EPERM, EROFS:
      return StoreError(
        .notPermitted, "Can't \(action): not permitted. Check the owner and mode of its folder.",
        underlying: text)
    case ENOENT, ENOTDIR:
      return StoreError(.notFound, "Can't \(action): it does not exist.", underlying: text)
    case EEXIST:
      return StoreError(.exists, "Can't \(action): it is already there.", underlying: text)
    default:
      return StoreError(.failed, "Can't \(action).", underlying: text)
    }
  }
}

/// Runs a system call again while a signal interrupts it; a result below zero becomes an error.
@discardableResult
func check<T: SignedInteger>(
  _ action: @autoclosure () -> String, _ call: () -> T
) throws(StoreError) -> T {
  while true {
    let result = call()
    if result >= 0 { return result }
    let number = errno
    if number != EINTR { throw StoreError.system(number, action()) }
  }
}
