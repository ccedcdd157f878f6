import Glibc
import StetJSON

/// A file of one JSON object a line that another program wrote, read from front to back in bounded memory. Nothing is
/// ever written to it.
public struct JSONLinesFile: Sendable {
  /// The longest line, in bytes: longer ones are counted as broken.
  private static let maximumLine = 64 << 20
  private static let chunk = 1 << 20

  public let path: String

  public init(path: String) { self.path = path }

  /// Visits the objects with their numbers from 0, the end of each line in bytes and whether to go on.
  ///
  /// Returns how many lines were no objects; a last line without its newline is one only if it is whole.
  public func read(visit: (_ line: JSONValue, _ end: Int64) throws(StoreError) -> Bool) throws(StoreError)
    -> Int
  {
    let descriptor = try ThreadLog.regularFile(path, O_RDONLY)
    defer { close(descriptor) }
    var broken = 0
    var pending: [UInt8] = []
    var isOverlong = false
    var position: Int64 = 0
    var chunk = [UInt8](repeating: 0, count: Self.chunk)
    func take(_ line: some Collection<UInt8>, _ end: Int64) throws(StoreError) -> Bool {
      if line.allSatisfy({ $0 == 32 || $0 == 13 }) { return true }
      do {
        let value = try JSONValue(parsing: line)
        guard value.objectValue != nil else {
          broken += 1
          return true
        }
        return try visit(value, end)
      } catch let error as StoreError {
        throw error
      } catch {
        broken += 1
        return true
      }
    }
    while true {
      let count = try check("read \(path)") { Glibc.read(descriptor, &chunk, Self.chunk) }
      if count == 0 { break }
      var start = 0
      while let newline = chunk[start..<count].firstIndex(of: 10) {
        let end = position + Int64(newline + 1)
        if isOverlong {
          broken += 1
        } else {
          pending += chunk[start..<newline]
          if try !take(pending, end) { return broken }
        }
        pending.removeAll(keepingCapacity: true)
        isOverlong = false
        start = newline + 1
      }
      if !isOverlong { pending += chunk[start..<count] }
      if pending.count > Self.maximumLine {
        isOverlong = true
        pending = []
      }
      position += Int64(count)
    }
    if !pending.isEmpty { _ = try take(pending, position) }
    return broken
  }
}

/// Paths of files in a folder that another program keeps.
public enum ForeignFiles {
  /// Folders within folders that are looked into: `sessions/2026/11/22` has three.
  private static let maximumDepth = 6

  /// The regular files below a folder whose names `isWanted`, sorted; none if it is absent. Links are not followed.
  public static func find(
    below folder: String, _ isWanted: (String) -> Bool
  ) throws(StoreError) -> [String] {
    var found: [String] = []
    try collect(folder, 0, isWanted, &found)
    return found
  }

  private static func collect(
    _ folder: String, _ depth: Int, _ isWanted: (String) -> Bool, _ found: inout [String]
  ) throws(StoreError) {
    guard depth <= maximumDepth else { return }
    for name in try Directory.names(in: folder) {
      let path = "\(folder)/\(name)"
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        try collect(path, depth + 1, isWanted, &found)
      } else if status.st_mode & S_IFMT == S_IFREG, isWanted(name) {
        found.append(path)
      }
    }
  }
}
