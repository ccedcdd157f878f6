import StetAgent
import StetConfig
import StetJSON
import StetProtocol
import StetRPC

/// `config/*`.
struct ConfigHandlers {
  let environment: AgentEnvironment

  /// Keys that are always present, null if unset, because clients read them without looking.
  private static let alwaysPresent = [
    "model", "review_model", "model_context_window", "model_auto_compact_token_limit", "model_provider",
    "approval_policy", "approvals_reviewer", "sandbox_mode", "sandbox_workspace_write",
    "forced_chatgpt_workspace_id", "forced_login_method", "web_search", "tools", "instructions",
    "developer_instructions", "compact_prompt", "model_reasoning_effort", "model_reasoning_summary",
    "model_verbosity", "service_tier", "analytics", "apps",
  ]

  func read(_ params: ConfigReadParams, _ reply: Reply) throws(RPCError) {
    let configuration = try configuration(cwd: params.cwd)
    var config = configuration.raw.objectValue ?? JSONObject()
    for key in Self.alwaysPresent where config[key] == nil { config[key] = .null }
    var origins: [String: ConfigLayerMetadata] = [:]
    for path in leafPaths(configuration.raw, []) {
      guard let layer = configuration.origin(of: path) else { continue }
      origins[path.joined(separator: ".")] = ConfigLayerMetadata(
        name: layer.source.wire, version: layer.version)
    }
    let layers = configuration.layers.reversed().map {
      StetProtocol.ConfigLayer(name: $0.source.wire, version: $0.version, config: $0.values)
    }
    reply.succeed(
      ConfigReadResponse(
        config: .object(config), origins: origins, layers: params.includeLayers == true ? layers : nil))
  }

  /// No administrator requires anything of stet.
  func requirements(_ reply: Reply) { reply.succeed(ConfigRequirementsReadResponse()) }

  /// The configuration as it is for a directory.
  func configuration(cwd: String?) throws(RPCError) -> Configuration {
    do {
      return try environment.configuration(cwd ?? environment.defaultCwd, JSONObject())
    } catch {
      throw .invalidRequest("Invalid configuration: \(error)")
    }
  }

  private func leafPaths(_ value: JSONValue, _ path: [String]) -> [[String]] {
    guard let object = value.objectValue, !object.isEmpty else { return path.isEmpty ? [] : [path] }
    return object.flatMap { leafPaths($0.value, path + [$0.key]) }
  }
}

extension StetConfig.ConfigLayer.Source {
  /// The source in the protocol's terms.
  var wire: ConfigLayerSource {
    switch self {
    case .user(let file): .user(UserConfigLayerSource(file: file))
    case .profile(let name, let file): .user(UserConfigLayerSource(file: file, profile: name))
    case .project(let file):
      .project(dotCodexFolder: file.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 })
    case .commandLine, .session: .sessionFlags
    }
  }
}
