import Glibc

/// Why a process could not be started.
public struct ProcessError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// The program is not in PATH, or the file does not exist.
    case programNotFound
    /// The working directory does not exist or may not be entered.
    case noDirectory
    /// Empty argv, or a NUL byte in an argument, variable or path.
    case invalidArgument
    /// The system refused; `underlying` is its errno.
    case system
  }

  public let code: Code
  public let message: String
  /// errno, 0 if there is none.
  public let underlying: Int32

  public init(_ code: Code, _ message: String, underlying: Int32 = 0) {
    self.code = code
    self.message = message
    self.underlying = underlying
  }

  public var description: String { message }
}

/// Turns CPlatform's "-errno" into an error that names what was tried.
@discardableResult
func check(_ result: Int32, _ what: @autoclosure () -> String) throws(ProcessError) -> Int32 {
  guard result < 0 else { return result }
  throw ProcessError(.system, "\(what()): \(errorText(-result))", underlying: -result)
}

/// The system's text for an errno.
func errorText(_ number: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  // glibc's strerror is thread-safe since 2.32, its result is valid until the thread's next call.
  guard let text = strerror(number) else { return "error \(number)" }
  let length = min(strlen(text), buffer.count - 1)
  memcpy(&buffer, text, length)
  return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
