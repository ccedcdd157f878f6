import FoundationEssentials
import StetJSON
import Synchronization

/// A folder of the protocol's schemas, Codex's or stet's, and what they say of single messages.
public final class ProtocolSchemas: Sendable {
  private struct State {
    var files: [String: JSONValue?] = [:]
    /// The variants of the three unions by method.
    var variants: [String: [String: JSONValue]] = [:]
  }

  private let load: @Sendable (String) -> JSONValue?
  private let state = Mutex(State())

  /// Files whose name does not follow from their method's params.
  private static let special = [
    "initialize": "v1/InitializeResponse", "account/logout": "v2/LogoutAccountResponse",
    "account/rateLimits/read": "v2/GetAccountRateLimitsResponse",
    "configRequirements/read": "v2/ConfigRequirementsReadResponse",
    "config/mcpServer/reload": "v2/McpServerRefreshResponse",
    "config/value/write": "v2/ConfigWriteResponse", "config/batchWrite": "v2/ConfigWriteResponse",
  ]

  /// - Parameter load: gives a file by its path without `.json`.
  public init(load: @escaping @Sendable (String) -> JSONValue?) { self.load = load }

  /// The schemas in a folder.
  public convenience init(folder: String) {
    self.init { name in
      guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name).json") else { return nil }
      return try? JSONValue(parsing: bytes)
    }
  }

  /// The first fault of a request, a notification or a request of the server, by the union it belongs to; an unknown
  /// method is one.
  public func fault(in message: JSONValue, union: String) -> String? {
    let method = message["method"]?.stringValue ?? ""
    guard let variant = variants(of: union)[method] else { return "\(union): unknown method \(method)" }
    return JSONSchema(variant, definitions: file(union)?["definitions"]).fault(in: message)
      .map { "\(method)\($0)" }
  }

  /// The first fault of a method's result; nil too where there is no schema of it.
  public func fault(inResult result: JSONValue, of method: String) -> String? {
    guard let schema = resultSchema(of: method) else { return nil }
    return JSONSchema(schema).fault(in: result).map { "result of \(method)\($0)" }
  }

  /// Whether there is a schema of a method's result.
  public func hasResult(of method: String) -> Bool { resultSchema(of: method) != nil }

  /// The methods of a union.
  public func methods(of union: String) -> [String] { variants(of: union).keys.sorted() }

  private func resultSchema(of method: String) -> JSONValue? {
    if let name = Self.special[method] { return file(name) }
    let reference = variants(of: "ClientRequest")[method]?["properties"]?["params"]?["$ref"]?.stringValue
    guard let params = reference?.split(separator: "/").last, params.hasSuffix("Params") else { return nil }
    let name = params.dropLast("Params".count) + "Response"
    return file("v2/\(name)") ?? file(String(name))
  }

  private func variants(of union: String) -> [String: JSONValue] {
    if let known = state.withLock({ $0.variants[union] }) { return known }
    var variants: [String: JSONValue] = [:]
    for variant in file(union)?["oneOf"]?.arrayValue ?? [] {
      if let method = variant["properties"]?["method"]?["enum"]?[0]?.stringValue {
        variants[method] = variant
      }
    }
    state.withLock { $0.variants[union] = variants }
    return variants
  }

  private func file(_ name: String) -> JSONValue? {
    if let known = state.withLock({ $0.files[name] }) { return known }
    let file = load(name)
    state.withLock { $0.files[name] = .some(file) }
    return file
  }
}
