import FoundationEssentials
import Glibc
import StetConfig
import StetJSON
import StetUI
import Synchronization

/// What the interface keeps over runs: the history of messages and the unsent draft of each thread. Files of 0600 in the
/// state directory; one that is damaged is put aside, never written over. Used from one queue.
final class SavedState: Sendable {
  /// Messages that are offered again; older ones stay in the file until it is cut.
  private static let historyLimit = 1_000
  /// A longer message is no history but a document.
  private static let messageLimit = 16 << 10

  private let home: StetHome
  private let directory: String
  /// The draft that this run kept or took over last: another run in the same directory may have kept its own since.
  private let own = Mutex<JSONValue?>(nil)

  /// - Parameter directory: the workspace; its unsent draft of a new thread is its own.
  init(home: StetHome, directory: String) {
    self.home = home
    self.directory = directory
  }

  private var historyPath: String { home.stateDirectory + "/history.jsonl" }
  private var reviewsPath: String { home.stateDirectory + "/reviews.json" }
  private var draftsPath: String { home.stateDirectory + "/drafts.json" }

  /// The messages of earlier runs, newest last.
  func history() -> [String] {
    guard let text = try? String(contentsOfFile: historyPath, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").suffix(Self.historyLimit).compactMap { line in
      (try? JSONValue(parsing: String(line)))?["text"]?.stringValue
    }
  }

  /// What was typed and not sent, if anything is left.
  func draft() throws(SavedStateError) -> Draft? {
    guard let saved = try object(at: draftsPath)[directory] else { return nil }
    own.withLock { $0 = saved }
    let draft = Draft(
      threadId: saved["thread"]?.stringValue, text: saved["text"]?.stringValue ?? "",
      queue: (saved["queue"]?.arrayValue ?? []).compactMap(\.stringValue))
    return draft.isEmpty ? nil : draft
  }

  /// Open reviews whose decisions are kept; the oldest goes first.
  private static let reviewLimit = 20
  /// More than this is thousands of decisions by hand: beyond it the file would be in the way of every key.
  private static let reviewBytes = 8 << 20

  /// What was decided in a review that was left open, if it is kept.
  func review(_ id: String) throws(SavedStateError) -> JSONValue? { try object(at: reviewsPath)[id] }

  private func saveReview(_ id: String, _ draft: JSONValue?) throws {
    var reviews = try object(at: reviewsPath)
    reviews[id] = nil
    if let draft { reviews[id] = draft }
    for old in reviews.keys.prefix(max(0, reviews.count - Self.reviewLimit)) { reviews[old] = nil }
    let text = JSONValue.object(reviews).text
    guard text.utf8.count <= Self.reviewBytes else {
      throw SavedStateError(path: reviewsPath, errorNumber: EFBIG)
    }
    try write(text, to: reviewsPath)
  }

  /// What a file holds by name; nothing where there is none. A file that holds something else is put aside, and said.
  private func object(at path: String) throws(SavedStateError) -> JSONObject {
    guard access(path, F_OK) == 0 else {
      // Where no folder can be, the first save says so.
      if errno == ENOENT || errno == ENOTDIR { return JSONObject() }
      throw SavedStateError(path: path, errorNumber: errno)
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SavedStateError(path: path, errorNumber: EIO)
    }
    do throws(JSONError) {
      if let object = try JSONValue(parsing: data).objectValue { return object }
    } catch {
      // Said below, like every other content that is no object.
    }
    let aside = path + ".damaged"
    guard rename(path, aside) == 0 else { throw SavedStateError(path: path, errorNumber: errno) }
    throw SavedStateError(path: path, errorNumber: EBADMSG, aside: aside)
  }

  /// Keeps one thing; throws what the file system says, with the path.
  func save(_ saved: Saved) throws {
    try FileManager.default.createDirectory(
      atPath: home.stateDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    switch saved {
    case .theme(let name):
      try ConfigurationFile.update(path: home.configFile) { file throws(ConfigurationError) in
        try file.set(["tui", "theme"], to: .string(name))
      }
    case .history(let message):
      guard message.utf8.count <= Self.messageLimit else { return }
      try append(JSONValue.object(["text": .string(message), "cwd": .string(directory)]).text + "\n")
    case .review(let id, let draft): try saveReview(id, draft)
    case .draft(let draft):
      var drafts = try object(at: draftsPath)
      if draft.isEmpty {
        // What another run keeps is not this one's to take away.
        guard let kept = drafts[directory], kept == own.withLock({ $0 }) else { return }
        drafts[directory] = JSONValue?.none
      } else {
        let value: JSONValue = [
          "thread": draft.threadId.map(JSONValue.string) ?? .null, "text": .string(draft.text),
          "queue": .array(draft.queue.map(JSONValue.string)),
        ]
        drafts[directory] = value
        own.withLock { $0 = value }
      }
      try write(JSONValue.object(drafts).text, to: draftsPath)
    }
  }

  private func append(_ line: String) throws {
    let descriptor = open(historyPath, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SavedStateError(path: historyPath, errorNumber: errno) }
    defer { close(descriptor) }
    let bytes = Array(line.utf8)
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw SavedStateError(path: historyPath, errorNumber: errno)
    }
  }

  private func write(_ text: String, to path: String) throws {
    try AtomicFile.write(Array(text.utf8), to: path, mode: 0o600)
  }
}

struct SavedStateError: Error, CustomStringConvertible {
  let path: String
  let errorNumber: Int32
  /// Where a damaged file lies now.
  var aside: String?

  var description: String {
    if let aside { return "\(path) is damaged; it lies as \(aside) now, and a new one begins." }
    return "\(path): \(String(cString: strerror(errorNumber)))"
  }
}
