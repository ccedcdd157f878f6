import Glibc

/// Standard input as it is.
struct StandardInputSource: PromptSource {
  /// Nil: no limit.
  let deadline: ExecClock.Instant?

  var kind: PromptSourceKind {
    var status = stat()
    guard fstat(STDIN_FILENO, &status) == 0 else { return .none }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFIFO, S_IFSOCK: return .pipe
    default: return isatty(STDIN_FILENO) == 1 ? .terminal : .none
    }
  }

  func wait(milliseconds: Int) throws(PromptReader.ReadError) -> Bool {
    let end = ExecClock.now + milliseconds
    while true {
      let limit = deadline.map { min($0, end) } ?? end
      if try isReady(until: limit) { return true }
      if let deadline, ExecClock.now >= deadline { throw .timeUp }
      if ExecClock.now >= end { return false }
    }
  }

  func read() throws(PromptReader.ReadError) -> [UInt8]? {
    if kind == .pipe { while try !wait(milliseconds: Self.look) {} }
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Glibc.read(STDIN_FILENO, &chunk, chunk.count)
      if count > 0 { return Array(chunk[..<count]) }
      if count == 0 { return nil }
      if errno != EINTR { throw .system(errno) }
    }
  }

  /// Milliseconds of one look at a silent pipe; only the deadline is noticed in between.
  private static let look = 60_000

  private func isReady(until limit: ExecClock.Instant) throws(PromptReader.ReadError) -> Bool {
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    let count = poll(&descriptor, 1, Int32(clamping: max(0, limit - ExecClock.now)))
    if count < 0, errno != EINTR { throw .system(errno) }
    return count > 0
  }
}

/// Monotonic milliseconds.
enum ExecClock {
  typealias Instant = Int

  static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}
