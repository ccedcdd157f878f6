import FoundationEssentials
import Glibc
import StetJSON
import StetUI
import Synchronization

/// What was typed and not sent, a file for each run: two runs in one directory have a draft each (U6).
///
/// A run holds a lock beside its file for as long as it lives, however it ends. A file whose lock is free was left behind
/// by a run that was killed: the next run in its directory takes it over, with its name. Where a file system has no locks
/// every file counts as left behind. Used from one queue.
final class DraftFiles: Sendable {
  private let folder: String
  /// Where all runs kept their drafts before each had a file.
  private let old: String
  private let directory: String
  private let held = Mutex<Held?>(nil)

  private struct Held {
    var name: String
    var lock: Int32
    /// The file exists.
    var isWritten: Bool
  }

  /// - Parameter directory: the workspace; a draft comes back where it was typed.
  init(stateDirectory: String, directory: String) {
    folder = stateDirectory + "/drafts"
    old = stateDirectory + "/drafts.json"
    self.directory = directory
  }

  deinit { end() }

  /// Takes over the newest draft that an earlier run left in this directory, if there is one. What could not be read is
  /// a fault in one line each, and keeps nothing else back.
  func takeOver() -> (draft: Draft?, faults: [String]) {
    var faults: [String] = []
    do { try migrate() } catch { faults.append("\(error)") }
    for name in names() {
      do {
        if let draft = try take(name) { return (draft, faults) }
      } catch { faults.append("\(error)") }
    }
    return (nil, faults)
  }

  private func take(_ name: String) throws -> Draft? {
    // Without the lock at first: a run in another directory must not believe that its draft is taken.
    guard try SavedFile.object(at: path(name))["directory"]?.stringValue == directory,
      let lock = lock(name)
    else { return nil }
    do throws(SavedStateError) {
      if let draft = Draft(try SavedFile.object(at: path(name))) {
        held.withLock { $0 = Held(name: name, lock: lock, isWritten: true) }
        return draft
      }
    } catch {
      release(lock)
      throw error
    }
    release(lock)
    return nil
  }

  /// Keeps a draft as this run's; an empty one takes away what is kept of this run.
  func save(_ draft: Draft) throws {
    if draft.isEmpty {
      let name = held.withLock { held -> String? in
        defer { held?.isWritten = false }
        return held?.isWritten == true ? held?.name : nil
      }
      if let name, unlink(path(name)) != 0, errno != ENOENT {
        throw SavedStateError(path: path(name), errorNumber: errno)
      }
      return
    }
    let name = try ownName()
    try write(draft.saved(in: directory), name)
    held.withLock { $0?.isWritten = true }
  }

  /// The run is over: what it kept is left for the next one.
  func end() {
    guard
      let last = held.withLock({ held in
        defer { held = nil }
        return held
      })
    else { return }
    if !last.isWritten { unlink(lockPath(last.name)) }
    release(last.lock)
  }

  // MARK: Files

  private func path(_ name: String) -> String { "\(folder)/\(name).json" }
  private func lockPath(_ name: String) -> String { "\(folder)/\(name).lock" }

  /// The newest first; drafts are few, since each run takes one over.
  private func names() -> [String] {
    // Where there is no folder there is no draft; the first save says why there can be none.
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let dated = files.filter { $0.hasSuffix(".json") }.map { file in
      var status = stat()
      let time = stat("\(folder)/\(file)", &status) == 0 ? status.st_mtim : timespec()
      return (name: String(file.dropLast(5)), time: (time.tv_sec, time.tv_nsec))
    }
    return dated.sorted { $0.time == $1.time ? $0.name < $1.name : $0.time > $1.time }.map(\.name)
  }

  private func ownName() throws -> String {
    if let name = held.withLock({ $0?.name }) { return name }
    let name = String(UInt64.random(in: .min ... .max), radix: 36)
    try makeFolder()
    guard let lock = lock(name) else { throw SavedStateError(path: lockPath(name), errorNumber: errno) }
    held.withLock { $0 = Held(name: name, lock: lock, isWritten: false) }
    return name
  }

  private func makeFolder() throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  private func write(_ value: JSONValue, _ name: String) throws {
    try AtomicFile.write(Array(value.text.utf8), to: path(name), mode: 0o600)
  }

  // MARK: Locks

  /// Nil if another run holds it. Only that is a reason: some network file systems know no locks at all.
  private func lock(_ name: String) -> Int32? {
    let lock = open(lockPath(name), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard lock >= 0 else { return nil }
    while flock(lock, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      guard errno == EWOULDBLOCK else { break }
      close(lock)
      errno = EWOULDBLOCK
      return nil
    }
    return lock
  }

  /// A child that is about to become another program may hold the same lock: closing alone would not end it.
  private func release(_ lock: Int32) {
    flock(lock, LOCK_UN)
    close(lock)
  }

  // MARK: Before each run had a file

  /// Gives every draft of the old file a file of its own; the old one goes last, so that a crash loses nothing.
  private func migrate() throws {
    guard access(old, F_OK) == 0 else { return }
    let drafts = try SavedFile.object(at: old)
    try makeFolder()
    let gate = open(folder + "/migration.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard gate >= 0 else { throw SavedStateError(path: folder + "/migration.lock", errorNumber: errno) }
    defer { release(gate) }
    while flock(gate, LOCK_EX) != 0, errno == EINTR {}
    // Another run may have done it meanwhile.
    guard access(old, F_OK) == 0 else { return }
    for (index, key) in drafts.keys.enumerated() {
      guard var saved = drafts[key]?.objectValue else { continue }
      saved["directory"] = .string(key)
      let name = "earlier-\(index)"
      if access(path(name), F_OK) != 0 { try write(.object(saved), name) }
    }
    guard unlink(old) == 0 || errno == ENOENT else { throw SavedStateError(path: old, errorNumber: errno) }
  }
}

extension Draft {
  /// Nil for what holds nothing.
  fileprivate init?(_ saved: JSONObject) {
    self.init(
      threadId: saved["thread"]?.stringValue, text: saved["text"]?.stringValue ?? "",
      queue: (saved["queue"]?.arrayValue ?? []).compactMap(\.stringValue))
    if isEmpty { return nil }
  }

  fileprivate func saved(in directory: String) -> JSONValue {
    [
      "directory": .string(directory), "thread": threadId.map(JSONValue.string) ?? .null,
      "text": .string(text), "queue": .array(queue.map(JSONValue.string)),
    ]
  }
}
