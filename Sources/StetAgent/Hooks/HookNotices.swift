import StetConfig
import Synchronization

/// Tells of hooks that wait for the user's word, once a process for each.
final class HookNotices: Sendable {
  private let told = Mutex<Set<String>>([])

  /// Nil when nothing new waits. Those of a project that is not trusted wait for that first.
  func text(for handlers: [HookHandler], of configuration: Configuration) -> String? {
    let waiting = handlers.filter { handler in
      guard handler.isEnabled, handler.trust != .trusted, !handler.event.isNever else { return false }
      return handler.project.map { configuration.isTrusted(directory: $0) == true } ?? true
    }
    let new = told.withLock { told in waiting.filter { told.insert("\($0.key) \($0.hash)").inserted } }
    guard !new.isEmpty else { return nil }
    var files: [String] = []
    for handler in new where !files.contains(handler.path) { files.append(handler.path) }
    let what = new.count == 1 ? "1 hook does" : "\(new.count) hooks do"
    return
      "\(what) not run until you agree (`stet trust` shows them; `features.hooks = false` ignores them): "
      + files.joined(separator: ", ")
  }
}
