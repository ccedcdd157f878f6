import Synchronization

/// What the model has last seen of each file in this thread, as content hashes (T3). Safe from any thread.
public final class FileKnowledge: Sendable {
  /// A thread that has seen more files than this forgets the oldest; an edit of one asks for a new reading.
  public static let limit = 20_000

  private struct State {
    var hashes: [String: String] = [:]
    var order: [String] = []
    var changed: Set<String> = []
  }

  private let state = Mutex(State())

  public init(_ known: [String: String] = [:]) {
    state.withLock {
      $0.hashes = known
      $0.order = known.keys.sorted()
    }
  }

  /// Takes what was known in place of what is.
  func reset(_ known: [String: String]) {
    state.withLock {
      $0 = State()
      $0.hashes = known
      $0.order = known.keys.sorted()
    }
  }

  /// The hash (SHA-256, hex) of the content that the model last saw at this real path; `absent` if it saw that
  /// nothing is there; nil if it never saw it.
  public func lastSeen(_ path: String) -> String? {
    state.withLock { $0.hashes[path] }
  }

  /// The paths that the model has seen, as far as they fit into `limit`: those it saw first least likely.
  func recent(_ limit: Int) -> [String] {
    state.withLock { state in
      Array(state.order.suffix(limit)).filter { state.hashes[$0] != Self.absent }
    }
  }

  /// The model has seen this content: after reading it, writing it, or being told of it.
  public func saw(_ path: String, hash: String) {
    state.withLock { state in
      if state.hashes.updateValue(hash, forKey: path) == nil {
        state.order.append(path)
        if state.order.count > Self.limit {
          state.hashes[state.order.removeFirst()] = nil
        }
      }
      state.changed.insert(path)
    }
  }

  /// What was learned since the last call, for the log.
  func takeChanges() -> [String: String] {
    state.withLock { state in
      defer { state.changed = [] }
      return state.hashes.filter { state.changed.contains($0.key) }
    }
  }

  /// The mark for a path where nothing was.
  public static let absent = "absent"
}
