import StetConfig
import Synchronization

/// Tells of hooks that wait for the user's word, once a process for each.
final class HookNotices: Sendable {
  private let told = Mutex<Set<String>>([])

  /// Nil when nothing new waits. Those of a project that is not trusted wait for that first.
  func text(for handlers: [HookHandler], of configuration: Configuration) -> String? {
    let waiting = handlers.filter { $0.isEnabled && $0.trust != .trusted && $0.concerns(configuration) }
    let new = told.withLock { told in waiting.filter { told.insert("\($0.key) \($0.hash)").inserted } }
    guard !new.isEmpty else { return nil }
    var files: [String] = []
    for handler in new where !files.contains(handler.path) { files.append(handler.path) }
    let what = new.count == 1 ? "1 hook does" : "\(new.count) hooks do"
    return
      "\(what) not run until you agree (/permissions and `stet trust` show them; `features.hooks = false` ignores them): "
      + files.joined(separator: ", ")
  }
}
