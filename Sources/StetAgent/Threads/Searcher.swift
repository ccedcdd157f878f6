import StetStore
import StetWorkspace
import Synchronization

/// The thread on which texts are searched.
final class Searcher: Sendable {
  private let thread = WorkspaceThread()
  private let opened = Mutex<ThreadSearch?>(nil)

  /// Runs blocking work with the search of the index at `path`, which must be there.
  func run<Value: Sendable>(
    _ path: String, _ body: @escaping @Sendable (ThreadSearch) throws -> Value
  ) async throws -> Value {
    try await thread.run { [self] in
      let search = try opened.withLock { (opened) throws(StoreError) -> ThreadSearch in
        if let opened { return opened }
        let search = try ThreadSearch(path: path)
        opened = search
        return search
      }
      return try body(search)
    }
  }
}
