import StetHash
import StetProtocol
import StetStore
import Synchronization

/// Tools that the user allowed without further questions, each bound to what it was then (M5). Safe from any thread.
final class MCPConsent: Sendable {
  struct Key: Hashable, Sendable {
    let server: String
    let tool: String
    /// Of the program and the tool's description and schema.
    let fingerprint: String
  }

  private let keys = Mutex<Set<Key>>([])

  func holds(_ key: Key) -> Bool { keys.withLock { $0.contains(key) } }
  func add(_ key: Key) { keys.withLock { _ = $0.insert(key) } }
}

/// The ones that hold for good: a JSON file of the user's own, 0600. Read anew at each question, so that a change by
/// hand or by another process counts.
final class MCPConsentFile: Sendable {
  /// Bytes; a file beyond this was not written here.
  static let limit = 1 << 20

  private let path: String
  private let lock = Mutex(())

  init(path: String) { self.path = path }

  func holds(_ key: MCPConsent.Key) -> Bool {
    lock.withLock { _ in read()[key.server]?[key.tool]?.stringValue == key.fingerprint }
  }

  /// Nil when it is stored; else why not.
  func add(_ key: MCPConsent.Key) -> String? {
    lock.withLock { _ -> String? in
      var all = read()
      var tools = all[key.server]?.objectValue ?? JSONObject()
      tools[key.tool] = .string(key.fingerprint)
      all[key.server] = .object(tools)
      do throws(StoreError) {
        try AtomicFile.write(JSONValue.object(all).serialized(), to: path)
        return nil
      } catch {
        return (error as? StoreError)?.message ?? "\(error)"
      }
    }
  }

  /// What is missing or damaged allows nothing.
  private func read() -> JSONObject {
    guard case .bytes(let bytes) = CappedFile.read(path, limit: Self.limit) else { return JSONObject() }
    do {
      return try JSONValue(parsing: bytes).objectValue ?? JSONObject()
    } catch {
      return JSONObject()
    }
  }
}
