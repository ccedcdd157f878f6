import StetHash
import StetConfig
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
  /// Whether the tool was allowed when it was something else.
  func holdsOther(_ key: Key) -> Bool {
    keys.withLock { keys in
      !keys.contains(key) && keys.contains { $0.server == key.server && $0.tool == key.tool }
    }
  }
  func add(_ key: Key) { keys.withLock { _ = $0.insert(key) } }
  func remove(_ key: Key) { keys.withLock { _ = $0.remove(key) } }

  /// By server and tool.
  var all: [Key] { keys.withLock { $0 }.sorted { ($0.server, $0.tool) < ($1.server, $1.tool) } }
}

/// The ones that hold for good: a JSON file of the user's own, 0600. Read anew at each question, so that a change by
/// hand or by another process counts.
final class MCPConsentFile: Sendable {
  /// Bytes; a file beyond this was not written here.
  static let limit = 1 << 20

  private let path: String
  private let lock = Mutex(())

  init(path: String) { self.path = path }

  static func path(_ home: StetHome) -> String { home.stateDirectory + "/mcp-consent.json" }

  var all: [MCPConsent.Key] {
    lock.withLock { _ in
      read().flatMap { server, tools in
        (tools.objectValue ?? JSONObject()).map { tool, value in
          MCPConsent.Key(server: server, tool: tool, fingerprint: value.stringValue ?? "")
        }
      }
    }
  }

  /// Takes a tool's lasting yes away; nil when it is gone, else why not.
  func remove(_ key: MCPConsent.Key) -> String? {
    lock.withLock { _ -> String? in
      var all = read()
      guard var tools = all[key.server]?.objectValue, tools[key.tool] != nil else { return nil }
      tools[key.tool] = JSONValue?.none
      all[key.server] = .object(tools)
      return Self.store(all, path)
    }
  }

  func holds(_ key: MCPConsent.Key) -> Bool {
    lock.withLock { _ in read()[key.server]?[key.tool]?.stringValue == key.fingerprint }
  }

  func holdsOther(_ key: MCPConsent.Key) -> Bool {
    lock.withLock { _ in
      read()[key.server]?[key.tool]?.stringValue.map { $0 != key.fingerprint } ?? false
    }
  }

  /// Nil when it is stored; else why not.
  func add(_ key: MCPConsent.Key) -> String? {
    lock.withLock { _ -> String? in
      var all = read()
      var tools = all[key.server]?.objectValue ?? JSONObject()
      tools[key.tool] = .string(key.fingerprint)
      all[key.server] = .object(tools)
      return Self.store(all, path)
    }
  }

  private static func store(_ all: JSONObject, _ path: String) -> String? {
    do throws(StoreError) {
      try AtomicFile.write(JSONValue.object(all).serialized(), to: path)
      return nil
    } catch {
      return error.message
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
