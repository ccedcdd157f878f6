import Logging
import StetProtocol
import Synchronization

/// What a server said beside its answers: its standard error, its log messages, and what became of it. For the user, never
/// for the model. The last lines only: a server that floods it fills no memory. Safe from any thread.
final class MCPLog: Sendable {
  /// Lines that are kept: more than a trace of a crash has.
  static let lineLimit = 200
  /// Characters of a line; what a server prints beyond is no line that a person reads.
  static let widthLimit = 500

  private struct State {
    var lines: [String] = []
    /// What was printed behind the last line feed.
    var partial: [UInt8] = []
  }

  private let state = Mutex(State())
  private let name: String
  private let log: Logger

  init(server name: String, log: Logger) {
    self.name = name
    self.log = log
  }

  /// The oldest first; a last line without its end counts.
  var lines: [String] {
    state.withLock { state in
      let rest = Self.clean(String(decoding: state.partial, as: UTF8.self))
      return rest.isEmpty ? state.lines : state.lines + [rest]
    }
  }

  /// Takes the next bytes of standard error.
  func print(_ bytes: some Sequence<UInt8>) {
    state.withLock { state in
      for byte in bytes {
        if byte != UInt8(ascii: "\n") { state.partial.append(byte) }
        // Four bytes a character at most.
        guard byte == UInt8(ascii: "\n") || state.partial.count >= Self.widthLimit * 4 else { continue }
        add(String(decoding: state.partial, as: UTF8.self), &state)
        state.partial.removeAll(keepingCapacity: true)
      }
    }
  }

  func add(_ text: String) { state.withLock { add(text, &$0) } }

  /// `notifications/message`: a level, who says it, and anything.
  func message(_ params: JSONValue) {
    let data = params["data"] ?? .null
    let head = [params["level"]?.stringValue, params["logger"]?.stringValue].compactMap { $0 }
    let text =
      data.stringValue ?? String(decoding: data.serialized().prefix(Self.widthLimit * 4), as: UTF8.self)
    add((head.isEmpty ? "" : head.joined(separator: " ") + ": ") + text)
  }

  private func add(_ text: String, _ state: inout State) {
    // A message may have many lines; more than are kept are not even looked at.
    for line in text.split(whereSeparator: \.isNewline).suffix(Self.lineLimit) {
      let line = Self.clean(String(line))
      guard !line.isEmpty else { continue }
      state.lines.append(line)
      log.debug("MCP server \(name): \(line)")
    }
    if state.lines.count > Self.lineLimit { state.lines.removeFirst(state.lines.count - Self.lineLimit) }
  }

  /// One line without what moves a cursor.
  private static func clean(_ text: String) -> String {
    let plain = PlainOutput.strip(String(text.prefix(widthLimit)))
    return String(
      String.UnicodeScalarView(
        plain.unicodeScalars.filter { $0 == "\t" || $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }))
  }
}
