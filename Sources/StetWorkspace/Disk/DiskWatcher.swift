import CPlatform
import Glibc
import Synchronization

/// Tells when paths change: one inotify instance and one thread for all watches of a process.
///
/// A file is watched through its directory, so that it may be deleted, made again or replaced. A directory's own
/// entries are watched, not what lies below them. Changes are gathered for a moment and told once. Safe from any thread.
public final class DiskWatcher: Sendable {
  public typealias Token = UInt64

  /// How long changes are gathered before they are told: one save of an editor is several events.
  public static let gatherMs: Int32 = 100
  /// Paths told at once; more are told as the watched path alone, which means "look again".
  public static let pathLimit = 1_000

  private let core: WatchCore

  /// Throws when the system gives no more inotify instances.
  public init() throws(WorkspaceError) {
    core = try WatchCore()
    core.start()
  }

  /// Watches a path, which must be there or have a directory where it could appear.
  ///
  /// - Parameters:
  ///   - ready: runs when the watch stands and before anything is told of it.
  ///   - changed: gets the changed paths, sorted, spelled as the watched one is. Runs on the watcher's thread and
  ///     must return soon.
  public func watch(
    _ path: String, ready: (Token) -> Void, changed: @escaping @Sendable ([String]) -> Void
  ) throws(WorkspaceError) {
    try core.watch(path, ready: ready, changed: changed)
  }

  /// Ends a watch: when this returns nothing more is told of it.
  public func unwatch(_ token: Token) { core.unwatch(token) }

  deinit { core.stop() }
}

/// What the thread shares with the callers. It lives until the thread has ended.
private final class WatchCore: Sendable {
  private static let events: Int32 = [
    IN_CREATE, IN_DELETE, IN_MODIFY, IN_CLOSE_WRITE, IN_ATTRIB, IN_MOVED_FROM, IN_MOVED_TO, IN_DELETE_SELF,
    IN_MOVE_SELF,
  ].reduce(0, |)
  /// The kernel's largest event is a header and a name of 256 bytes.
  private static let bufferBytes = 64 << 10

  private let inotify: Descriptor
  private let wake: Descriptor
  private let book = Mutex(WatchBook())

  init() throws(WorkspaceError) {
    inotify = Descriptor(
      try check("Cannot watch files") { inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)) })
    wake = Descriptor(try check("Cannot watch files") { stet_eventfd() })
  }

  func start() {
    // It ends when `serve` returns: nobody else holds it.
    WorkspaceThread().post { [self] in serve() }
  }

  func stop() {
    book.withLock { $0.isOver = true }
    stet_eventfd_signal(wake.number)
  }

  func watch(
    _ path: String, ready: (DiskWatcher.Token) -> Void, changed: @escaping @Sendable ([String]) -> Void
  ) throws(WorkspaceError) {
    let watch = try Watch(path, changed)
    try book.withLock { book throws(WorkspaceError) in
      let token = book.add(watch)
      do throws(WorkspaceError) {
        for place in watch.places { try follow(place.directory, &book) }
        if watch.isDirectory { try follow(path, &book) }
      } catch {
        drop(book.remove(token))
        throw error
      }
      ready(token)
    }
  }

  func unwatch(_ token: DiskWatcher.Token) {
    book.withLock { book in drop(book.remove(token)) }
  }

  private func follow(_ directory: String, _ book: inout WatchBook) throws(WorkspaceError) {
    let id = try check("Cannot watch \(directory)", path: directory) {
      inotify_add_watch(inotify.number, directory, UInt32(bitPattern: Self.events))
    }
    book.descriptors[directory] = id
  }

  private func drop(_ ids: [Int32]) {
    for id in ids { inotify_rm_watch(inotify.number, id) }
  }

  // MARK: - The thread

  private func serve() {
    var dueAtMs: Int64?
    while !book.withLock({ $0.isOver }) {
      var polled = [
        pollfd(fd: inotify.number, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wake.number, events: Int16(POLLIN), revents: 0),
      ]
      let wait = dueAtMs.map { Int32(clamping: max(0, $0 - Self.nowMs())) } ?? -1
      _ = poll(&polled, 2, wait)
      if polled[0].revents != 0, read() { dueAtMs = dueAtMs ?? Self.nowMs() + Int64(DiskWatcher.gatherMs) }
      if let due = dueAtMs, Self.nowMs() >= due {
        dueAtMs = nil
        // Under the lock: nothing is told of a watch after `unwatch`.
        book.withLock { $0.tell() }
      }
    }
  }

  /// Takes what the kernel has; true if something is to be told.
  private func read() -> Bool {
    var buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
    let count = Glibc.read(inotify.number, &buffer, buffer.count)
    guard count > 0 else { return false }
    return book.withLock { book in
      buffer.withUnsafeBytes { bytes in
        var offset = 0
        let header = MemoryLayout<inotify_event>.size
        while offset + header <= count {
          let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
          let name = bytes[(offset + header)..<min(count, offset + header + Int(event.len))].prefix {
            $0 != 0
          }
          book.take(event.wd, Int32(bitPattern: event.mask), String(decoding: name, as: UTF8.self))
          offset += header + Int(event.len)
        }
      }
      // A directory that came back has a new inode.
      for directory in book.takeReturned() {
        do throws(WorkspaceError) { try follow(directory, &book) } catch { book.changedItself(directory) }
      }
      return book.hasNews
    }
  }

  private static func nowMs() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000
  }
}
