import StetProtocol
import StetWorkspace
import Synchronization

/// The file searches of one connection, one after the other on a thread of their own.
final class ClientSearches: Sendable {
  /// Matches that a client gets, as in Codex: more than anybody scrolls through.
  static let answerLimit = 50
  /// Open searches of one connection; each keeps the paths of its directories.
  static let sessionLimit = 8

  private struct State {
    /// The latest search of each cancellation token.
    var latest: [String: Cancellation] = [:]
    var sessions: [String: SearchSession] = [:]
    var isOver = false
  }

  private let state = Mutex(State())
  private let thread = WorkspaceThread()

  /// Finds once. A later search with the same token ends this one, which then finds nothing.
  func find(
    _ query: String, _ roots: [String], token: String?,
    _ done: @escaping @Sendable ([FileSearch.Match]) -> Void
  ) {
    let cancellation = Cancellation()
    if let token {
      state.withLock { state in
        state.latest[token]?.cancel()
        state.latest[token] = cancellation
      }
    }
    thread.post { [self] in
      let going = { !cancellation.isCancelled && !self.isOver }
      let found =
        FuzzyMatcher(query).isEmpty
        ? []
        : FileSearch(roots: roots, includingGit: true, continuing: going)?
          .find(query, limit: Self.answerLimit, continuing: going)
      if let token {
        state.withLock { if $0.latest[token] === cancellation { $0.latest[token] = nil } }
      }
      done(found ?? [])
    }
  }

  private var isOver: Bool { state.withLock { $0.isOver } }

  // MARK: - Sessions

  /// Opens a search; one of the same name is replaced.
  func open(_ id: String, _ roots: [String]) throws(RPCError) {
    guard !id.isEmpty else { throw .invalidRequest("sessionId must not be empty") }
    let isFull = state.withLock { state in
      state.sessions[id]?.stop()
      guard state.sessions[id] != nil || state.sessions.count < Self.sessionLimit else { return true }
      state.sessions[id] = SearchSession(roots: roots)
      return false
    }
    if isFull { throw .invalidRequest("a connection has at most \(Self.sessionLimit) open searches") }
  }

  /// Searches an open session's files, after `ready`. The query that comes next ends this one, which then tells
  /// nothing.
  func update(
    _ id: String, _ query: String, ready: () -> Void,
    found done: @escaping @Sendable ([FileSearch.Match]) -> Void
  ) throws(RPCError) {
    guard let session = state.withLock({ $0.sessions[id] }) else {
      throw .invalidRequest("fuzzy file search session not found: \(id)")
    }
    let turn = session.next()
    ready()
    thread.post { if let found = session.find(query, turn: turn, limit: Self.answerLimit) { done(found) } }
  }

  /// Closes a search; an unknown one is no error.
  func close(_ id: String) { state.withLock { $0.sessions.removeValue(forKey: id) }?.stop() }

  func end() {
    state.withLock { state in
      state.isOver = true
      for session in state.sessions.values { session.stop() }
      state.sessions = [:]
    }
  }
}

/// Whether a search is still wanted.
private final class Cancellation: Sendable {
  private let flag = Atomic(false)
  var isCancelled: Bool { flag.load(ordering: .relaxed) }
  func cancel() { flag.store(true, ordering: .relaxed) }
}

/// An open search: its files are gathered at the first query and kept.
private final class SearchSession: Sendable {
  private let roots: [String]
  private let turn = Atomic(0)
  private let isStopped = Atomic(false)
  private let files = Mutex<FileSearch?>(nil)

  init(roots: [String]) { self.roots = roots }

  func stop() { isStopped.store(true, ordering: .relaxed) }

  /// A new query: those before it are not wanted any more.
  func next() -> Int { turn.add(1, ordering: .relaxed).newValue }

  /// Nil: a later query came, or the session was closed.
  func find(_ query: String, turn: Int, limit: Int) -> [FileSearch.Match]? {
    let isWanted = { !self.isStopped.load(ordering: .relaxed) && self.turn.load(ordering: .relaxed) == turn }
    guard isWanted() else { return nil }
    // The next query needs the files too: only the end of the session stops this.
    let gathered = files.withLock { files in
      files = files ?? FileSearch(roots: roots, includingGit: true) { !isStopped.load(ordering: .relaxed) }
      return files
    }
    return gathered?.find(query, limit: limit, continuing: isWanted)
  }
}
