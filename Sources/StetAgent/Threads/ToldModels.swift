import Glibc
import StetConfig

/// Models whose unknown window the user was told of: a file with a name a line in the state directory, so that it is not
/// said at every start. Where it cannot be read or written, it is said again.
struct ToldModels {
  /// Bytes; thousands of names. A file that has them takes no more: what is not in it is said again.
  private static let limit = 256 << 10

  private let path: String

  init(_ home: StetHome) { path = home.stateDirectory + "/told-windows" }

  func contains(_ model: String) -> Bool {
    guard case .bytes(let bytes) = CappedFile.read(path, limit: Self.limit) else { return false }
    return bytes.split(separator: 0x0A).contains { $0.elementsEqual(Self.line(model)) }
  }

  /// Adds a line in one write, which other processes cannot tear.
  func add(_ model: String) {
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_size < Self.limit else { return }
    let line = Self.line(model) + [0x0A]
    _ = line.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
  }

  private static func line(_ model: String) -> [UInt8] { model.utf8.map { $0 < 0x20 ? 0x3F : $0 } }
}
