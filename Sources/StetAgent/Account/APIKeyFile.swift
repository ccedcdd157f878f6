import Glibc
import StetConfig
import StetJSON
import StetWorkspace

/// The OpenAI key of `account/login/start`: `auth.json` with mode 0600, in Codex's form. The environment wins over it.
/// The model's commands may not read the file (S7), and the key is in no log or error (V10).
public struct APIKeyFile: Sendable {
  /// The variable that the key stands in for.
  public static let variable = "OPENAI_API_KEY"
  private static let readLimit = 64 << 10

  static let name = "auth.json"

  private let path: String

  public init(home: StetHome) { path = home.codexHome + "/" + Self.name }

  /// Nil without a key, or when the file can't be used.
  public var key: String? { keys[Self.variable] }

  /// Why the file is not used, with what to do; nil when nothing is wrong, or there is no file.
  public var problem: String? {
    var info = stat()
    guard stat(path, &info) == 0, info.st_mode & 0o077 != 0 else { return nil }
    let mode = String(info.st_mode & 0o777, radix: 8)
    return "Others may read \(path) (mode \(mode)), so the key in it is not used; run chmod 600 \(path)."
  }

  /// By the variable that each stands in for: the file may hold keys for other providers too.
  private var keys: [String: String] {
    guard problem == nil, case .bytes(let bytes) = CappedFile.read(path, limit: Self.readLimit) else {
      return [:]
    }
    do {
      var keys: [String: String] = [:]
      for (name, value) in try JSONValue(parsing: bytes).objectValue ?? JSONObject()
      where name.utf8.allSatisfy(Self.isVariable) {
        if let key = value.stringValue, !key.isEmpty { keys[name] = key }
      }
      return keys
    } catch {
      // Somebody wrote something else there; it is no key, and a log-in replaces it.
      return [:]
    }
  }

  private static func isVariable(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "_")
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Keeps a key; the file is whole and private from its first moment.
  public func store(_ key: String) throws(WorkspaceError) {
    let value: JSONValue = [Self.variable: .string(key)]
    try Disk.makeDirectory(PathText.parent(path), recursive: true)
    // A file that is there keeps its mode when it is written.
    guard chmod(path, 0o600) == 0 || errno == ENOENT else {
      throw WorkspaceError(.io, "\(path) can't be made private", underlying: String(cString: strerror(errno)))
    }
    try Disk.write(value.serialized(), to: path, newMode: 0o600)
  }

  public func remove() throws(WorkspaceError) { try Disk.remove(path, recursive: false, force: true) }

  /// Variables with the keys where they have none.
  func completing(_ environment: [String: String]) -> [String: String] {
    environment.merging(keys) { own, kept in own.isEmpty ? kept : own }
  }
}
