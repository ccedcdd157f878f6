/// A configuration that can't be used: where it is wrong, why, and what to do.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// Not TOML.
    case syntax
    /// A value of the wrong type, or one that is not allowed for its key.
    case value
    /// The file can't be read or written.
    case file
    /// The file changed since the caller read it.
    case versionConflict
    /// This edit can't be made without rewriting what the user wrote.
    case unsupportedEdit
  }

  public let code: Code
  /// A path, or `-c key=value` for a value from the command line.
  public let file: String
  /// From 1; 0 if there is no place in a file.
  public let line: Int
  /// From 1, in characters; 0 if there is no place in a file.
  public let column: Int
  /// The cause, in one sentence.
  public let message: String
  /// What to do about it, in one sentence; "" if the cause says it.
  public let advice: String

  public init(
    _ code: Code, file: String, line: Int = 0, column: Int = 0, _ message: String, advice: String = ""
  ) {
    self.code = code
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.advice = advice
  }

  /// `FILE:LINE:COLUMN: cause advice`, as compilers and editors write it.
  public var description: String {
    let place = line > 0 ? "\(file):\(line):\(column)" : file
    return advice.isEmpty ? "\(place): \(message)" : "\(place): \(message) \(advice)"
  }
}

/// Something in a configuration that was left out of account. stet goes on without it.
public struct ConfigWarning: Hashable, Sendable, CustomStringConvertible {
  public let message: String
  /// The dotted key.
  public let key: String
  /// The known key that was probably meant.
  public let suggestion: String?
  public let file: String
  /// From 1; 0 if there is no place in a file.
  public let line: Int

  public init(_ message: String, key: String, suggestion: String? = nil, file: String, line: Int = 0) {
    self.message = message
    self.key = key
    self.suggestion = suggestion
    self.file = file
    self.line = line
  }

  public var description: String { line > 0 ? "\(file):\(line): \(message)" : "\(file): \(message)" }
}
