import FoundationEssentials
import Glibc
import StetConfig
import StetHash
import StetStore
import StetWorkspace
import Synchronization

/// Where outputs go that are too long for the model (C8): one folder a thread, files 0600. Safe from any thread.
public final class OutputFiles: Sendable {
  /// Bytes that one thread may keep; beyond it an output is cut without a file.
  public static let limit = 256 << 20

  /// Absolute path of the thread's folder; made with the first file.
  public let directory: String
  /// Bytes that are kept; nil until the first file of this process, which looks what earlier ones left.
  private let used = Mutex<Int?>(nil)

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
      let before = used ?? kept
      guard count <= Self.limit - before else {
        used = before
        return false
      }
      used = before + count
      return true
    }
  }

  /// Bytes of the files that are there.
  private var kept: Int {
    guard let folder = opendir(directory) else { return 0 }
    defer { closedir(folder) }
    var sum = 0
    while let entry = readdir(folder) {
      var info = stat()
      let found = withUnsafeBytes(of: &entry.pointee.d_name) { name in
        name.baseAddress.map {
          fstatat(dirfd(folder), $0.assumingMemoryBound(to: CChar.self), &info, AT_SYMLINK_NOFOLLOW)
        }
      }
      if found == 0, info.st_mode & S_IFMT == S_IFREG { sum += Int(info.st_size) }
    }
    return sum
  }

  /// Writes a picture that is in the prompt only, so that it can be looked at again; nil when it can't be kept.
  func keep(picture url: String) -> String? {
    guard let comma = url.firstIndex(of: ","), url[..<comma].hasSuffix(";base64"),
      let data = Data(base64Encoded: String(url[url.index(after: comma)...]))
    else { return nil }
    let bytes = [UInt8](data)
    let type = Picture(bytes)?.kind.rawValue.split(separator: "/").last ?? "bin"
    let path = "\(directory)/picture-\(SHA256.hash(bytes).hex.prefix(16)).\(type)"
    if CappedFile.exists(path) { return path }
    guard makeDirectory(), reserve(bytes.count) else { return nil }
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return nil }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      written += count
    }
    guard close(file) == 0, written == bytes.count else {
      unlink(path)
      return nil
    }
    return path
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
