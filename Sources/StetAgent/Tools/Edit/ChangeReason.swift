import StetProtocol
import Synchronization

/// Why an edit is made, for those who review it: what the call says, else the agent's words right before it (review.md
/// A5, "agent note").
enum ChangeReason {
  /// Characters that are kept; a reviewer reads a line or two.
  static let limit = 400
  /// The argument of the edit tools.
  static let argument = "why"
  static let definition = ToolDefinition.text("Optional: why, in a few words for the reviewer.")

  static func of(_ call: ToolCall, _ context: ToolContext) -> String? {
    let given = call.arguments[argument]?.stringValue.flatMap(shortened)
    let live = context.items.feed.history.live.last { $0.id == context.turnId }
    let reason = given ?? live.flatMap { words(before: call.itemId, in: $0.entries.map(\.item)) }
    if let reason { context.threadMemory.value { ChangeReasons() }.note(call.itemId, reason) }
    return reason
  }

  /// The agent's words that lead to a call: only other edits may stand between, for words before a command are about
  /// the command.
  static func words(before id: String, in items: [ThreadItem]) -> String? {
    let before = items.prefix { $0.id != id }
    for item in before.reversed() {
      switch item {
      case .fileChange: continue
      case .agentMessage(let message): return shortened(message.text)
      default: return nil
      }
    }
    return nil
  }

  /// The last paragraph tells what comes next; longer ones lose their end.
  private static func shortened(_ text: String) -> String? {
    var paragraphs: [String] = []
    var lines: [Substring] = []
    func end() {
      if !lines.isEmpty { paragraphs.append(lines.joined(separator: " ")) }
      lines = []
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let bare = line.drop { $0.isWhitespace }
      if bare.isEmpty { end() } else { lines.append(bare) }
    }
    end()
    guard let last = paragraphs.last else { return nil }
    return last.count <= limit ? last : String(last.prefix(limit - 1)) + "…"
  }
}

/// The reasons of a thread's edits, by the id of their item. Lives with the thread, as far as they fit. Safe from any
/// thread.
final class ChangeReasons: Sendable {
  /// Edits whose reason is kept: more than a review of a whole thread shows hunks on purpose.
  private static let kept = 2_000

  private struct State {
    var reasons: [String: String] = [:]
    var order: [String] = []
  }

  private let state = Mutex(State())

  init() {}

  func note(_ itemId: String, _ reason: String) {
    state.withLock { state in
      if state.reasons.updateValue(reason, forKey: itemId) == nil { state.order.append(itemId) }
      if state.order.count > Self.kept { state.reasons[state.order.removeFirst()] = nil }
    }
  }

  subscript(itemId: String) -> String? { state.withLock { $0.reasons[itemId] } }
}
