import StetAgent
import StetConfig
import StetJSON
import StetProtocol
import StetRPC

/// `config/value/write` and `config/batchWrite`: edits of the user's `config.toml`, all of a call or none. What is
/// written counts for threads that start later; nothing needs to be reloaded, since each reads the file.
struct ConfigWriteHandlers {
  let environment: AgentEnvironment

  func write(_ params: ConfigValueWriteParams, _ reply: Reply) throws(RPCError) {
    let edit = ConfigEdit(keyPath: params.keyPath, mergeStrategy: params.mergeStrategy, value: params.value)
    reply.succeed(try write([edit], to: params.filePath, expecting: params.expectedVersion))
  }

  func write(_ params: ConfigBatchWriteParams, _ reply: Reply) throws(RPCError) {
    reply.succeed(try write(params.edits, to: params.filePath, expecting: params.expectedVersion))
  }

  // MARK: - Parts

  private func write(
    _ edits: [ConfigEdit], to path: String?, expecting expected: String?
  ) throws(RPCError) -> ConfigWriteResponse {
    let file = environment.home.configFile
    if let path, path != file, !path.hasSuffix("/config.toml") || !isSame(path, file) {
      throw Self.fault("configLayerReadonly", "Only writes to the user config are allowed")
    }
    var keys: [(path: [String], edit: ConfigEdit)] = []
    for edit in edits {
      guard let key = ConfigurationFile.keyPath(edit.keyPath) else {
        throw Self.fault("configValidationError", "Invalid key path: \(edit.keyPath)")
      }
      keys.append((key, edit))
    }
    let version: String
    do throws(ConfigurationError) {
      version = try ConfigurationFile.update(path: file, expectedVersion: expected) {
        (file) throws(ConfigurationError) in
        for (key, edit) in keys {
          if edit.mergeStrategy == .upsert {
            try file.upsert(key, edit.value)
          } else {
            try file.set(key, to: edit.value)
          }
        }
        try file.checkValues()
      }
    } catch {
      throw Self.fault(error)
    }
    let overridden = overriding(keys.map(\.path))
    return ConfigWriteResponse(
      status: overridden == nil ? .ok : .okOverridden, version: version, filePath: file,
      overriddenMetadata: overridden)
  }

  /// Whether two spellings name one file: by the folder's configuration, which is all that is compared.
  private func isSame(_ path: String, _ file: String) -> Bool {
    func components(_ path: String) -> [Substring] { path.split(separator: "/").filter { $0 != "." } }
    return components(path) == components(file)
  }

  /// The first of the keys that something stronger than the user's file sets, and to what.
  private func overriding(_ keys: [[String]]) -> OverriddenMetadata? {
    let configuration: Configuration
    do {
      configuration = try environment.configuration(environment.defaultCwd, JSONObject())
    } catch {
      // The file itself was checked; what is wrong with the other layers is told where they are used.
      return nil
    }
    for key in keys {
      guard let layer = configuration.origin(of: key),
        layer.source != .user(file: environment.home.configFile)
      else { continue }
      var value: JSONValue? = configuration.raw
      for part in key { value = value?[part] }
      return OverriddenMetadata(
        effectiveValue: value ?? .null, message: "Overridden by \(layer.source.name)",
        overridingLayer: ConfigLayerMetadata(name: layer.source.wire, version: layer.version))
    }
    return nil
  }

  private static func fault(_ error: ConfigurationError) -> RPCError {
    switch error.code {
    case .versionConflict:
      fault(
        "configVersionConflict",
        "Configuration was modified since last read. Fetch latest version and retry.")
    case .syntax, .value, .unsupportedEdit:
      fault("configValidationError", "Invalid configuration: \(error)")
    case .file: .internalError("\(error)")
    }
  }

  private static func fault(_ code: String, _ message: String) -> RPCError {
    .invalidRequest(message, data: ["config_write_error_code": .string(code)])
  }
}
