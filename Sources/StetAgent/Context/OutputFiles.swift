import Glibc
import StetConfig
import StetStore
import Synchronization

/// Where outputs go that are too long for the model (C8): one folder a thread, files 0600. Safe from any thread.
public final class OutputFiles: Sendable {
  /// Bytes that one thread may keep; beyond it an output is cut without a file.
  public static let limit = 256 << 20

  /// Absolute path of the thread's folder; made with the first file.
  public let directory: String
  private let used = Mutex(0)

  /// The folder of a thread.
  static func directory(of thread: String, _ home: StetHome) -> String {
    PathText.join(home.stateDirectory, "outputs/\(thread)")
  }

  /// Removes a thread's folder with its files; nothing happens if there is none.
  static func remove(directory: String) throws(StoreError) {
    try ThreadFiles.removeFolder(directory)
  }

  public init(directory: String) {
    self.directory = directory
  }

  /// The file of an output. `name` is the item id; other characters than ASCII letters, digits, `-` and `_` are
  /// replaced.
  public func path(_ name: String) -> String {
    let clean = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "_" }
    return "\(directory)/\(String(clean.prefix(100))).txt"
  }

  /// Takes `count` bytes of the thread's limit; false when they are no longer there.
  func reserve(_ count: Int) -> Bool {
    used.withLock { used in
      guard count <= Self.limit - used else { return false }
      used += count
      return true
    }
  }

  /// Makes the folder, private; false when it can't be made.
  func makeDirectory() -> Bool {
    var path = ""
    for part in directory.split(separator: "/") {
      path += "/" + part
      if mkdir(path, 0o700) != 0 && errno != EEXIST { return false }
    }
    return true
  }
}
