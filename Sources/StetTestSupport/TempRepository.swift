import CPlatform
import Glibc

/// A real git repository in a temporary directory, made and changed by the real `git`.
///
/// It knows no machine configuration: names, dates and branch are fixed, so object ids are the same
/// everywhere.
public final class TempRepository: Sendable {
  public let directory: TempDirectory

  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  public init(_ name: String = "stet-repo") throws {
    directory = TempDirectory(name)
    try git("init", "-q", "-b", "main")
  }

  /// A repository in a directory that is there.
  public init(in directory: TempDirectory) throws {
    self.directory = directory
    try git("init", "-q", "-b", "main")
  }

  private init(there directory: TempDirectory) { self.directory = directory }

  /// The repository that a directory holds already.
  public static func there(_ directory: TempDirectory) -> TempRepository {
    TempRepository(there: directory)
  }

  public var path: String { directory.path }

  /// Runs git in the repository and answers what it printed.
  @discardableResult
  public func git(_ arguments: String...) throws -> String {
    var ends: (Int32, Int32) = (-1, -1)
    guard stet_pipe(&ends.0, &ends.1) == 0 else { throw Failure(description: "no pipe") }
    let argv = (["git"] + arguments).map { strdup($0) } + [nil]
    let envp = Self.environment.map { strdup($0) } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    let pid = argv.withUnsafeBufferPointer { argv in
      envp.withUnsafeBufferPointer { envp in
        spawn(argv, envp, output: ends.1)
      }
    }
    close(ends.1)
    defer { close(ends.0) }
    guard pid > 0 else {
      throw Failure(description: "git does not start: \(String(cString: strerror(-pid)))")
    }
    let output = Self.drain(ends.0)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    guard status == 0 else {
      throw Failure(description: "git \(arguments.joined(separator: " ")) failed (\(status)):\n\(output)")
    }
    return output
  }

  /// Adds and commits everything.
  public func commitAll(_ message: String = "commit") throws {
    try git("add", "-A")
    try git("commit", "-q", "--allow-empty", "-m", message)
  }

  /// Every file below `.git` with its bytes and mode: equal before and after what must not touch it.
  public func gitDirectory() -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    collect(".git", &found)
    return found
  }

  private func collect(_ relative: String, _ found: inout [String: [UInt8]]) {
    for name in directory.names(relative) {
      let path = "\(relative)/\(name)"
      var info = stat()
      guard lstat(directory.path(path), &info) == 0 else { continue }
      if info.st_mode & S_IFMT == S_IFDIR {
        found[path] = Array("directory \(info.st_mode)".utf8)
        collect(path, &found)
      } else {
        found[path] =
          Array("\(info.st_mode) \(info.st_mtim.tv_sec).\(info.st_mtim.tv_nsec)\n".utf8)
          + (directory.bytes(path) ?? [])
      }
    }
  }

  private func spawn(
    _ argv: UnsafeBufferPointer<UnsafeMutablePointer<CChar>?>,
    _ envp: UnsafeBufferPointer<UnsafeMutablePointer<CChar>?>,
    output: Int32
  ) -> pid_t {
    guard let arguments = argv.baseAddress, let environment = envp.baseAddress else { return -EINVAL }
    return "/usr/bin/git".withCString { path in
      directory.path.withCString { here in
        var request = stet_spawn_request(
          path: path, argv: arguments, envp: environment, directory: here, terminal: nil, input: -1,
          output: output,
          error: output, extra: nil, extra_count: 0, block_signals: false)
        return stet_spawn(&request)
      }
    }
  }

  private static func drain(_ fd: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = read(fd, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let environment = [
    "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent", "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1",
    "GIT_AUTHOR_NAME=Test", "GIT_AUTHOR_EMAIL=test@example.org", "GIT_AUTHOR_DATE=2026-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME=Test", "GIT_COMMITTER_EMAIL=test@example.org",
    "GIT_COMMITTER_DATE=2026-01-01T00:00:00Z",
  ]
}
