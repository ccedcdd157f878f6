import Glibc
import StetRPC

/// The file that holds a WebSocket server's bearer token: only its user can read it.
enum TokenFile {
  /// Makes the file with a fresh token. A file of that name that an earlier run left is replaced, never written to.
  static func make(at path: String) throws(SocketError) -> BearerToken {
    guard unlink(path) == 0 || errno == ENOENT else { throw failure(path) }
    return try create(path)
  }

  /// The token of a file that the user named; makes the file if there is none.
  static func readOrCreate(_ path: String) throws(SocketError) -> BearerToken {
    try exists(path) ? read(path) : create(path)
  }

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// The token of a file. One that others can read is refused: it is no secret any more.
  static func read(_ path: String) throws(SocketError) -> BearerToken {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw SocketError("\(path): not a file") }
    guard status.st_uid == geteuid() || status.st_uid == 0 else {
      throw SocketError("\(path): the token file belongs to another user")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw SocketError(
        "\(path): others can read the token; chmod 600 it, and change the token if they may have")
    }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw failure(path) }
    let words = bytes[..<count].split { $0 == 0x20 || (0x09...0x0D).contains($0) }
    guard words.count == 1, let token = BearerToken(String(decoding: words[0], as: UTF8.self)) else {
      throw SocketError("\(path): a token is one word of printable ASCII")
    }
    return token
  }

  private static func create(_ path: String) throws(SocketError) -> BearerToken {
    let token = BearerToken.random()
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    let bytes = Array((token.text + "\n").utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else {
      let error = failure(path)
      unlink(path)
      throw error
    }
    return token
  }

  private static func failure(_ path: String) -> SocketError {
    SocketError("\(path): \(String(cString: strerror(errno)))")
  }
}
