/// Why a command can't be run behind the walls its policy asks for. The caller asks the user; it never just runs.
public struct SandboxError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// Neither bubblewrap nor Landlock works here.
    case unavailable
    /// A root that can't be opened for writing without opening the sandbox: relative, /proc, /dev.
    case badRoot
    /// The private /tmp is not a directory of ours that only we can enter.
    case badTemporaryDirectory
    /// More protected paths than can be bound.
    case tooManyPaths
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
