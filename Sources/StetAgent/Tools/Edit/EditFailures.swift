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

  /// Text to add to an error about the file at this path; empty until the third failure of the turn.
  static func advice(after path: String, _ context: ToolContext) async -> String {
    let failures = context.threadMemory.value { EditFailures() }
    guard failures.count("\(context.turnId)\0\(path)") >= patience else { return "" }
    let settings = context.settings
    do {
      let place = try await WorkspaceThread.shared.run { try EditTarget(settings).locate(path) }
      context.files.saw(place.path, hash: place.state.hash?.hex ?? FileKnowledge.absent)
      let lines = ReviewReport.numbered(place.state, limit: 400)
      return
        "\nThis is edit \(patience) or more that failed on this file. Write the whole file instead (tool write, or a patch "
        + "that deletes and adds it). It reads now:\n\(lines)"
    } catch {
      return "\nThe file can't be read: \(error)"
    }
  }
}
