import StetProtocol
import StetWorkspace
import Synchronization

/// A file that changed since the model last saw it is not edited: the model gets what changed (T3).
enum StaleFiles {
  /// Lines of a file that are shown where its old content is no longer known.
  static let lineLimit = 200

  /// The answer for an edit of such a file; nil when there is none. It counts as seen from here on.
  static func report(_ proposals: ProposalSet, _ context: ToolContext) async -> ToolOutput? {
    for file in proposals.files {
      guard let seen = context.files.lastSeen(file.path),
        seen != file.base.hash?.hex ?? FileKnowledge.absent
      else { continue }
      let old = context.seenContents.content(file.path, hash: seen)
      context.sees(file.path, file.base)
      let present = await text(old, file.base)
      return .text(
        "\(file.change.spelled) changed on disk since you last saw it; nothing was written.\n"
          + "Make the edit again on what is there now. \(present)", success: false)
    }
    return nil
  }

  private static func text(_ old: FileState?, _ new: FileState) async -> String {
    if let old, !old.isBinary, !new.isBinary, new.kind == .regular {
      do {
        let diff = try await WorkspaceThread.shared.run {
          try UnifiedDiff.text(old: old.bytes, new: new.bytes)
        }
        return "It changed like this:\n\(OutputCutter.cut(diff, to: OutputCutter.defaultLimit, file: nil))"
      } catch {
        return "The difference can't be shown: \(error)"
      }
    }
    return "It reads now:\n\(ReviewReport.numbered(new, limit: lineLimit))"
  }
}

/// The contents behind the hashes of `FileKnowledge`, as far as they fit. Lives with the thread. Safe from any thread.
final class SeenContents: Sendable {
  /// Bytes that are kept: the files that a thread works on, not all it ever looked at.
  static let limit = 16 << 20

  private struct State {
    var files: [String: FileState] = [:]
    var order: [String] = []
    var size = 0
  }

  private let state = Mutex(State())

  init() {}

  func note(_ path: String, _ file: FileState) {
    state.withLock { state in
      if let old = state.files.removeValue(forKey: path) {
        state.size -= old.bytes.count
        state.order.removeAll { $0 == path }
      }
      guard file.kind == .regular, file.bytes.count <= Self.limit / 4 else { return }
      state.files[path] = file
      state.order.append(path)
      state.size += file.bytes.count
      while state.size > Self.limit, !state.order.isEmpty {
        state.size -= state.files.removeValue(forKey: state.order.removeFirst())?.bytes.count ?? 0
      }
    }
  }

  /// The content with this hash, if it is still here.
  func content(_ path: String, hash: String) -> FileState? {
    state.withLock { $0.files[path] }.flatMap { $0.hash?.hex == hash ? $0 : nil }
  }
}

extension ToolContext {
  var seenContents: SeenContents { threadMemory.value { SeenContents() } }

  /// The model sees a file as it is now: after reading it, writing it, or being told of it.
  func sees(_ path: String, _ file: FileState) {
    files.saw(path, hash: file.hash?.hex ?? FileKnowledge.absent)
    seenContents.note(path, file)
  }
}
