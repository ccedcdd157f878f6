import Glibc

/// Where the logs of threads lie: `DIRECTORY/2026/11/21/THREAD.jsonl`, by the day of creation in UTC.
public struct ThreadFiles: Hashable, Sendable {
  public let directory: String

  public init(directory: String) { self.directory = directory }

  /// The path of a new thread's log. Throws `invalidName` for an id that could leave the folder.
  public func path(threadId: String, createdAtMs: Int64) throws(StoreError) -> String {
    guard Self.isValid(threadId: threadId) else {
      throw StoreError(.invalidName, "\"\(threadId)\" is not a thread id.")
    }
    let day = Clock.folders(ms: createdAtMs)
    return "\(directory)/\(day.year)/\(day.month)/\(day.day)/\(threadId).jsonl"
  }

  /// All logs, oldest day first.
  public func all() throws(StoreError) -> [String] {
    var paths: [String] = []
    for year in try folders(in: directory) {
      for month in try folders(in: year) {
        for day in try folders(in: month) {
          for name in try Directory.names(in: day) where name.hasSuffix(".jsonl") {
            paths.append("\(day)/\(name)")
          }
        }
      }
    }
    return paths
  }

  /// The paths that compressed logs had, oldest day first (`Retention`).
  public func allCompressed() throws(StoreError) -> [String] {
    var paths: [String] = []
    for year in try folders(in: directory) {
      for month in try folders(in: year) {
        for day in try folders(in: month) {
          for name in try Directory.names(in: day) where name.hasSuffix(".jsonl" + Retention.suffix) {
            paths.append("\(day)/\(name.dropLast(Retention.suffix.count))")
          }
        }
      }
    }
    return paths
  }

  /// The log of a thread without asking the index; nil if there is none. Reads folder names only, but for a log that was
  /// compressed: who asks for it gets it back as it was.
  public func find(threadId: String) throws(StoreError) -> String? {
    guard Self.isValid(threadId: threadId) else { return nil }
    for year in try folders(in: directory).reversed() {
      for month in try folders(in: year).reversed() {
        for day in try folders(in: month).reversed() {
          let path = "\(day)/\(threadId).jsonl"
          if access(path, F_OK) == 0 { return path }
          let compressed = path + Retention.suffix
          if access(compressed, F_OK) == 0 {
            do throws(StoreError) {
              try ZstdFile.decompress(compressed, to: path)
            } catch {
              // Another process was faster, and has taken the compressed log away.
              guard access(path, F_OK) == 0 else { throw error }
            }
            unlink(compressed)
            return path
          }
        }
      }
    }
    return nil
  }

  /// Removes a folder of plain files, as the store makes them; nothing happens if it is absent.
  public static func removeFolder(_ path: String) throws(StoreError) {
    for name in try Directory.names(in: path) {
      try check("delete \(path)/\(name)") { unlink("\(path)/\(name)") }
    }
    if rmdir(path) != 0, errno != ENOENT { throw StoreError.system(errno, "delete the folder \(path)") }
  }

  /// Ids are used as file names: 1-128 letters, digits, `-` and `_`.
  public static func isValid(threadId: String) -> Bool {
    !threadId.isEmpty && threadId.utf8.count <= 128
      && threadId.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          return true
        default: return false
        }
      }
  }

  /// The thread whose log a path names; nil for any other path.
  public static func threadId(ofLog path: String) -> String? { threadId(of: path) }

  /// Reads an ISO 8601 time in UTC with or without a fraction of the second; nil for anything else.
  public static func milliseconds(_ text: String) -> Int64? {
    guard text.utf8.count >= 20, text.utf8.count <= 40, text.hasSuffix("Z") else { return nil }
    let fraction = text.dropFirst(19).dropLast().drop { $0 == "." }.prefix(3)
    return Clock.milliseconds(
      "\(text.prefix(19)).\(fraction)\(String(repeating: "0", count: 3 - fraction.count))Z")
  }

  /// `2026-11-21T09:30:00.250Z`.
  public static func timestamp(ms: Int64) -> String { Clock.text(ms: ms) }

  static func threadId(of path: String) -> String? {
    guard let name = path.split(separator: "/").last, name.hasSuffix(".jsonl") else { return nil }
    let id = String(name.dropLast(6))
    return isValid(threadId: id) ? id : nil
  }

  private func folders(in path: String) throws(StoreError) -> [String] {
    try Directory.names(in: path).filter { name in
      !name.isEmpty && name.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }.map { "\(path)/\($0)" }.filter(Directory.isDirectory)
  }
}
