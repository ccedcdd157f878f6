import StetStore

extension ThreadStore {
  /// Removes the log of a thread that nobody writes; the next look of the index forgets it. Throws `locked` when a
  /// process has it open.
  func discard(_ id: String) throws(StoreError) {
    let lock = try ThreadWriterLock.acquire(threadId: id, directory: home.locksDirectory)
    defer { lock.release() }
    guard let path = try files.find(threadId: id) else { return }
    try ThreadLog.remove(path: path)
  }
}
