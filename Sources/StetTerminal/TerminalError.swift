import Glibc

/// Why the terminal cannot be used.
public struct TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// Input or output is no terminal.
    case notATerminal
    /// Another terminal is open in this process.
    case busy
    /// ncurses refused.
    case curses
    /// A system call failed.
    case system
    /// The user's editor could not be run.
    case editor
  }

  public var code: Code
  public var message: String
  /// The system's own text.
  public var underlying: String?

  init(_ code: Code, _ message: String, errno: Int32? = nil) {
    self.code = code
    self.message = message
    underlying = errno.map { String(cString: strerror($0)) }
  }

  public var description: String { underlying.map { "\(message): \($0)" } ?? message }

  /// For calls that give a value or a negative errno.
  @discardableResult static func check(
    _ result: Int32, _ doing: String, _ code: Code = .system
  ) throws(TerminalError) -> Int32 {
    guard result < 0 else { return result }
    throw TerminalError(code, doing, errno: -result)
  }
}
