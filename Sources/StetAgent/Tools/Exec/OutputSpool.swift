import FoundationEssentials
import Glibc

/// A file with the output of a command.
struct KeptOutput: Hashable, Sendable {
  let path: String
  /// How much of its beginning is in the file; nil: all of it.
  var bytes: Int?
}

/// The whole output of one command on disk, begun when it grows beyond what the model gets (C8). Used by one task.
final class OutputSpool {
  /// One command may keep this much; the rest is dropped and said so in the file.
  static let limit = 64 << 20

  let path: String
  private let files: OutputFiles
  /// Output up to this many bytes needs no file: the model gets it whole.
  private let threshold: Int
  /// What was not written yet because the output is still short.
  private var pending: [UInt8] = []
  private var descriptor: Int32 = -1
  private var written = 0
  /// Nothing more is kept.
  private var isFull = false
  private var failed = false

  /// - Parameter name: the item id; it names the file.
  init(_ files: OutputFiles, name: String, threshold: Int) {
    self.files = files
    self.threshold = threshold
    path = files.path(name)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Where the output can be read; nil while there is no file, or when it could not be kept.
  var file: KeptOutput? {
    guard descriptor >= 0, !failed else { return nil }
    return KeptOutput(path: path, bytes: isFull ? written : nil)
  }

  func append(_ bytes: [UInt8]) {
    guard !failed else { return }
    if descriptor < 0 {
      pending += bytes
      guard pending.count > threshold else { return }
      begin()
    } else {
      put(bytes)
    }
  }

  private func begin() {
    defer { pending = [] }
    guard files.makeDirectory() else {
      failed = true
      return
    }
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      failed = true
      return
    }
    put(pending)
  }

  private func put(_ bytes: [UInt8]) {
    guard !isFull else { return }
    var part = Array(bytes.prefix(Self.limit - written))
    isFull = part.count < bytes.count
    if !files.reserve(part.count) {
      isFull = true
      part = []
    }
    written += part.count
    if isFull { part += Array("\n… the rest was not kept …\n".utf8) }
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
