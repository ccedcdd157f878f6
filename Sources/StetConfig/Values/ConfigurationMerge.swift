import StetJSON
import StetProtocol

/// The merged values while a `Configuration` is made of them, with the way back to where each came from.
struct ConfigurationMerge {
  let layers: [ConfigLayer]
  let root: ValueReader
  private(set) var warnings: [ConfigWarning]

  init(layers: [ConfigLayer], warnings: [ConfigWarning]) {
    self.layers = layers
    self.warnings = warnings
    var values = JSONObject()
    for layer in layers { values.merge(layer.values.objectValue ?? JSONObject()) }
    root = ValueReader(values: values)
  }

  /// An error at the place where the strongest layer sets the key.
  func error(_ path: [String], _ message: String, _ advice: String) -> ConfigurationError {
    guard let layer = layers.last(where: { $0.holds(path) }) ?? layers.last else {
      return ConfigurationError(.value, file: "config.toml", message, advice: advice)
    }
    return layer.error(at: path, message, advice: advice)
  }

  mutating func warn(_ path: [String], _ message: String) {
    let place = error(path, message, "")
    warnings.append(ConfigWarning(message, key: TOMLText.key(path), file: place.file, line: place.line))
  }

  /// A value of one of the protocol's types; nil if unset.
  func decode<Value: Decodable>(_ key: String) throws(ConfigurationError) -> Value? {
    guard let value = root.values[key] else { return nil }
    do {
      return try value.decode(Value.self)
    } catch {
      throw self.error([key], "\(key) is not valid: \(error).", "Correct it, or remove the line.")
    }
  }

  /// Maps a policy that is gone to the one that came in its place.
  mutating func approvalPolicy() throws(ConfigurationError) -> AskForApproval? {
    guard root.string("approval_policy") == "on-failure" else { return try decode("approval_policy") }
    warn(["approval_policy"], "approval_policy = \"on-failure\" no longer exists; \"on-request\" is used.")
    return .onRequest
  }

  /// The chosen provider, which must be a known one.
  func provider(among providers: [String: ProviderConfig]) throws(ConfigurationError) -> String? {
    guard let id = root.string("model_provider") else { return nil }
    if providers[id] != nil { return id }
    let near = NearestKey.find(id, among: providers.keys)
    throw error(
      ["model_provider"], "There is no model provider \"\(id)\".",
      near.map { "Did you mean \"\($0)\"?" }
        ?? "Add a [model_providers.\(TOMLText.key([id]))] table with its base_url, or use one of "
        + "\(providers.keys.sorted().joined(separator: ", ")).")
  }
}
