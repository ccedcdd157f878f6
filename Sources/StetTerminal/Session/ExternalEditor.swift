import FoundationEssentials
import Glibc

/// Runs the user's editor on a text. Blocks; the terminal must be lent.
struct ExternalEditor {
  /// A draft or a file's part; an editor that leaves more was used for something else.
  static let maxBytes = 16 << 20

  private let command: String

  /// `VISUAL`, else `EDITOR`, else vi, each with arguments as a shell reads them.
  init(_ environment: [String: String]) {
    command = ["VISUAL", "EDITOR"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? "vi"
  }

  /// The text as the editor left it. `fileName` tells the editor the language; only its last part counts.
  func edit(_ text: String, fileName: String) throws(TerminalError) -> String {
    var template = Array("\(FileManager.default.temporaryDirectory.path)/stet-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TerminalError(.editor, "no temporary folder", errno: errno) }
    let folder = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    let name = fileName.split(separator: "/").last.map(String.init) ?? "draft.md"
    let path = folder + "/" + name
    defer {
      unlink(path)
      rmdir(folder)
    }
    try write(text, to: path)
    try run(path)
    return try read(path)
  }

  private func write(_ text: String, to path: String) throws(TerminalError) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw TerminalError(.editor, "\(path) cannot be written", errno: errno) }
    defer { close(file) }
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(file, $0.baseAddress.map { $0 + sent }, bytes.count - sent)
      }
      if count < 0 && errno != EINTR {
        throw TerminalError(.editor, "\(path) cannot be written", errno: errno)
      }
      sent += max(0, count)
    }
  }

  private func read(_ path: String) throws(TerminalError) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { throw TerminalError(.editor, "the edited text is gone", errno: errno) }
    defer { close(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Glibc.read(file, &part, part.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw TerminalError(.editor, "the edited text cannot be read", errno: errno) }
      if count == 0 { break }
      bytes += part[..<count]
      if bytes.count > Self.maxBytes {
        throw TerminalError(.editor, "the edited text is larger than \(Self.maxBytes >> 20) MiB")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw TerminalError(.editor, "the edited text is not UTF-8")
    }
    return text
  }

  /// The editor stays in our process group, as a shell's foreground job must.
  private func run(_ path: String) throws(TerminalError) {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let line: [String] = ["sh", "-c", "\(command) \"$@\"", command, path]
    let words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, "/bin/sh", nil, &attributes, words, environ)
    guard code == 0 else { throw TerminalError(.editor, "\(command) cannot be started", errno: code) }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 {
      if errno != EINTR { throw TerminalError(.editor, "\(command) was lost", errno: errno) }
    }
    guard status == 0 else {
      let end = status & 0x7F == 0 ? "with status \(status >> 8 & 0xFF)" : "by signal \(status & 0x7F)"
      throw TerminalError(.editor, "\(command) ended \(end); the text is as it was")
    }
  }
}
