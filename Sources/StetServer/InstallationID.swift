import FoundationEssentials
import Glibc

/// A random id that this installation keeps, so that clients can tell machines apart. It says nothing about the user.
enum InstallationID {
  static func make() -> String { UUID().uuidString.lowercased() }

  /// Reads the id of the installation, or makes one and keeps it with mode 0600.
  static func read(in stateDirectory: String) throws -> String {
    let path = stateDirectory + "/installation_id"
    if let kept = try kept(at: path) { return kept }
    let id = make()
    try FileManager.default.createDirectory(
      atPath: stateDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try Data(id.utf8).write(to: URL(filePath: path), options: .atomic)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    return id
  }

  /// By hand: the first file that Foundation reads costs half a millisecond of every start.
  private static func kept(at path: String) throws -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw unreadable(errno)
    }
    defer { close(descriptor) }
    // A longer text is no id.
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw unreadable(errno) }
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    return UUID(uuidString: text) == nil ? nil : text
  }

  private static func unreadable(_ code: Int32) -> CocoaError {
    CocoaError(.fileReadUnknown, userInfo: ["reason": String(cString: strerror(code))])
  }
}
