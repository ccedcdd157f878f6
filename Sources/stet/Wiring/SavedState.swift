import FoundationEssentials
import Glibc
import StetConfig
import StetJSON
import StetUI

/// What the interface keeps over runs: the history of messages, the unsent draft, decisions of open reviews and what was
/// folded. Files of 0600 in the state directory; one that is damaged is put aside, never written over. Used from one
/// queue.
final class SavedState: Sendable {
  /// Messages that are offered again; older ones stay in the file until it is cut.
  private static let historyLimit = 1_000
  /// A longer message is no history but a document.
  private static let messageLimit = 16 << 10

  private let home: StetHome
  private let directory: String
  let drafts: DraftFiles

  /// - Parameter directory: the workspace; its unsent draft of a new thread is its own.
  init(home: StetHome, directory: String) {
    self.home = home
    self.directory = directory
    drafts = DraftFiles(stateDirectory: home.stateDirectory, directory: directory)
  }

  private var historyPath: String { home.stateDirectory + "/history.jsonl" }
  private var reviewsPath: String { home.stateDirectory + "/reviews.json" }
  private var foldsPath: String { home.stateDirectory + "/folds.json" }

  /// The messages of earlier runs, newest last: those of this workspace behind all others, since they are what is wanted
  /// again (U9).
  func history() -> [String] {
    guard let text = try? String(contentsOfFile: historyPath, encoding: .utf8) else { return [] }
    var (own, others): ([String], [String]) = ([], [])
    for line in text.split(separator: "\n").suffix(Self.historyLimit) {
      guard let entry = try? JSONValue(parsing: String(line)), let message = entry["text"]?.stringValue else {
        continue
      }
      if entry["cwd"]?.stringValue == directory { own.append(message) } else { others.append(message) }
    }
    return others + own
  }

  /// What was folded and unfolded by hand in a thread, by entry.
  func folds(_ thread: String) throws(SavedStateError) -> [String: Bool] {
    var folds: [String: Bool] = [:]
    let saved = try SavedFile.object(at: foldsPath)[thread]?.objectValue ?? JSONObject()
    for key in saved.keys { folds[key] = saved[key]?.boolValue }
    return folds
  }

  /// Threads whose folds are kept; the one that was changed longest ago goes first.
  private static let foldLimit = 100

  private func saveFolds(_ thread: String, _ folds: [String: Bool]) throws {
    var all = try SavedFile.object(at: foldsPath)
    all[thread] = nil
    if !folds.isEmpty {
      all[thread] = .object(JSONObject(folds.sorted { $0.key < $1.key }.map { ($0.key, .bool($0.value)) }))
    }
    for old in all.keys.prefix(max(0, all.count - Self.foldLimit)) { all[old] = nil }
    try write(JSONValue.object(all).text, to: foldsPath)
  }

  /// Open reviews whose decisions are kept; the oldest goes first.
  private static let reviewLimit = 20
  /// More than this is thousands of decisions by hand: beyond it the file would be in the way of every key.
  private static let reviewBytes = 8 << 20

  /// What was decided in a review that was left open, if it is kept.
  func review(_ id: String) throws(SavedStateError) -> JSONValue? {
    try SavedFile.object(at: reviewsPath)[id]
  }

  private func saveReview(_ id: String, _ draft: JSONValue?) throws {
    var reviews = try SavedFile.object(at: reviewsPath)
    reviews[id] = nil
    if let draft { reviews[id] = draft }
    for old in reviews.keys.prefix(max(0, reviews.count - Self.reviewLimit)) { reviews[old] = nil }
    let text = JSONValue.object(reviews).text
    guard text.utf8.count <= Self.reviewBytes else {
      throw SavedStateError(path: reviewsPath, errorNumber: EFBIG)
    }
    try write(text, to: reviewsPath)
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
    case .folds(let thread, let folds): try saveFolds(thread, folds)
    case .draft(let draft): try drafts.save(draft)
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

enum SavedFile {
  /// What a file holds by name; nothing where there is none. A file that holds something else is put aside, and said.
  static func object(at path: String) throws(SavedStateError) -> JSONObject {
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
