import Glibc

/// Makes the prompt of the argument and of standard input (X4).
struct PromptReader {
  /// A writer that has said nothing for so long is taken for an inherited pipe that nobody writes to.
  static let patienceMilliseconds = 2_000
  /// A turn takes 1,048,576 characters of at most four bytes; more is refused before it fills the memory.
  static let byteLimit = 4 << 20

  enum ReadError: Error, Hashable, CustomStringConvertible {
    case noPrompt
    case tooLong
    case timeUp
    case system(Int32)

    var description: String {
      switch self {
      case .noPrompt: "There is no prompt: pass one, or write it to standard input."
      case .tooLong:
        "Standard input holds more than \(PromptReader.byteLimit >> 20) MiB, too much for a turn."
      case .timeUp: "The time limit was reached while reading standard input."
      case .system(let number): "Standard input can't be read: \(String(cString: strerror(number)))"
      }
    }
  }

  let input: any PromptSource
  /// Says something on standard error.
  let tell: (String) -> Void

  /// The whole prompt.
  ///
  /// - Parameters:
  ///   - argument: the prompt on the command line; `-` asks for standard input.
  ///   - isOptional: without any prompt the result is nil, and nothing is read unless `-` asks for it.
  func prompt(_ argument: String?, isOptional: Bool = false) throws(ReadError) -> String? {
    switch argument {
    case "-"?: return try whole()
    case nil: return isOptional ? nil : try whole()
    case let text? where text.allSatisfy(\.isWhitespace): throw .noPrompt
    case let text?: return try addition().map { Self.join(text, $0) } ?? text
    }
  }

  /// Codex's form of it.
  private static func join(_ prompt: String, _ addition: String) -> String {
    "\(prompt)\n\n<stdin>\n\(addition)\(addition.hasSuffix("\n") ? "" : "\n")</stdin>"
  }

  // MARK: - Reading

  /// Standard input as the prompt: waited for as long as it takes, since there is nothing else to go on with.
  private func whole() throws(ReadError) -> String {
    guard input.kind != .none else { throw .noPrompt }
    if input.kind == .terminal { tell("Reading the prompt from the terminal; ctrl-d ends it.") }
    if input.kind == .pipe, try !input.wait(milliseconds: Self.patienceMilliseconds) {
      tell("Waiting for the prompt on standard input …")
    }
    let text = try rest()
    guard !text.allSatisfy(\.isWhitespace) else { throw .noPrompt }
    return text
  }

  /// What is to be added to the prompt; nil when nothing is there.
  private func addition() throws(ReadError) -> String? {
    switch input.kind {
    case .none, .terminal: return nil
    case .file: break
    case .pipe:
      guard try input.wait(milliseconds: Self.patienceMilliseconds) else {
        tell("Nothing came on standard input for 2 s: going on without it. (</dev/null says so at once.)")
        return nil
      }
    }
    let text = try rest()
    return text.isEmpty ? nil : text
  }

  private func rest() throws(ReadError) -> String {
    var bytes: [UInt8] = []
    while let chunk = try input.read() {
      bytes += chunk
      if bytes.count > Self.byteLimit { throw .tooLong }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Where the rest of a prompt may come from.
protocol PromptSource {
  var kind: PromptSourceKind { get }
  /// Waits until there is something to read, or its end; false when nothing came in time.
  func wait(milliseconds: Int) throws(PromptReader.ReadError) -> Bool
  /// The next bytes, waited for; nil at the end.
  func read() throws(PromptReader.ReadError) -> [UInt8]?
}

enum PromptSourceKind: Hashable, Sendable {
  /// /dev/null, another device, or closed: never read.
  case none
  case terminal
  case file
  case pipe
}
