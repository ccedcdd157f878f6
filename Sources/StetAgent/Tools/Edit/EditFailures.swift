import StetProtocol
import StetWorkspace
import Synchronization

/// Counts failed edits of a file in a turn: the third gets other advice than to try again (T7).
final class EditFailures: Sendable {
  static let patience = 3

  private let counts = Mutex<[String: Int]>([:])

  init() {}

  private func count(_ key: String) -> Int {
    counts.withLock { counts in
      // Old turns are forgotten with the first failure of a new one; a thread keeps few paths at a time.
      if counts.count > 1_000 { counts = [:] }
      counts[key, default: 0] += 1
      return counts[key] ?? 0
    }
  }

  /// Text to add to an error about the file at this path (relative to the thread's directory, or absolute); empty
  /// until the third failure of the turn.
  static func advice(after path: String?, _ context: ToolContext) async -> String {
    guard let path else { return "" }
    let settings = context.settings
    let policy = ReadPolicy(context)
    do {
      let place = try await WorkspaceThread.shared.run { try policy.locate(path, settings) }
      let failures = context.threadMemory.value { EditFailures() }
      guard failures.count("\(context.turnId)\0\(place.path)") >= patience, place.state.kind == .regular
      else {
        return ""
      }
      context.sees(place.path, place.state)
      let way =
        switch context.model.editTool {
        case .edit, .editSmall: "with the tool write"
        case .patchFreeform, .patchFunction: "with a patch that deletes it and adds it again"
        }
      return
        "\nThis is failure \(patience) or more on this file. Replace the whole file \(way). It reads now:\n"
        + ReviewReport.numbered(place.state, limit: 400)
    } catch {
      return ""  // it is what the failure itself says
    }
  }
}
