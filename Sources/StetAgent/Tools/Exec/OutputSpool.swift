import FoundationEssentials
import Glibc

/// The whole output of one command on disk, begun when it grows beyond what the model gets (C8). Used by one task.
final class OutputSpool {
  /// One command may keep this much; the rest is dropped and said so in the file.
  static let limit = 64 << 20

  let path: String
  private let directory: String
  /// What was not written yet because the output is still short.
  private var pending: [UInt8] = []
  private var descriptor: Int32 = -1
  private var written = 0
  private var failed = false

  /// - Parameter name: a file name without a slash.
  init(directory: String, name: String) {
    self.directory = directory
    let safe = String(
      name.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" ? $0 : "_" }.prefix(100))
    path = directory + "/" + safe + ".txt"
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Whether the file is there and holds the output.
  var isOnDisk: Bool { descriptor >= 0 && !failed }

  func append(_ bytes: [UInt8]) {
    guard !failed else { return }
    if descriptor < 0 {
      pending += bytes
      guard pending.count > OutputCutter.defaultLimit / 2 else { return }
      begin()
    } else {
      put(bytes)
    }
  }

  private func begin() {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      failed = true
      return
    }
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      failed = true
      return
    }
    put(pending)
    pending = []
  }

  private func put(_ bytes: [UInt8]) {
    let room = Self.limit - written
    guard room > 0 else { return }
    let part =
      bytes.count <= room ? bytes : Array(bytes.prefix(room)) + Array("\n… the rest was not kept …\n".utf8)
    written += part.count
    var start = 0
    while start < part.count {
      let count = part[start...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // A full disk ends the file; the model is then not pointed to it.
      guard count > 0 else {
        failed = true
        return
      }
      start += count
    }
  }
}
