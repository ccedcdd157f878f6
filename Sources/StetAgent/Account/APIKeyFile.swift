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

  private let path: String

  public init(home: StetHome) { path = home.codexHome + "/auth.json" }

  /// Nil without a key, or when the file can't be read.
  public var key: String? {
    guard case .bytes(let bytes) = CappedFile.read(path, limit: Self.readLimit) else { return nil }
    do {
      let key = try JSONValue(parsing: bytes)[Self.variable]?.stringValue
      return key?.isEmpty == true ? nil : key
    } catch {
      // Somebody wrote something else there; it is no key, and a log-in replaces it.
      return nil
    }
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

  /// Variables with the key where they have none.
  func completing(_ environment: [String: String]) -> [String: String] {
    guard environment[Self.variable]?.isEmpty ?? true, let key else { return environment }
    return environment.merging([Self.variable: key]) { $1 }
  }
}
