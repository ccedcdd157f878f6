import StetHash
import StetJSON

/// An entry of a project's configuration that takes effect only after the user has seen it and agreed. Agreed to, it
/// is the same with the user's word.
public struct ConsentRequest: Hashable, Sendable {
  /// The directory of the project, real path.
  public let directory: String
  /// The `.stet/config.toml` it stands in.
  public let file: String
  public let keyPath: [String]
  /// To be shown in full: for a program, its whole command line.
  public let value: JSONValue
  /// What `ConfigurationFile.consent` stores; another value has another hash, so a change is asked about again.
  public let hash: String

  public var key: String { TOMLText.key(keyPath) }
}

/// What the projects of a directory ask for, and what of it the user agreed to.
struct Consent {
  var requests: [ConsentRequest] = []
  var given: [ConsentRequest] = []
}

/// What a repository may set (agent-core.md §5 S14, §9 V4): nothing before its directory is trusted; then tastes at
/// once, anything that grants rights or starts a program after consent to that very entry, and never where requests
/// go, which keys they carry, or how the interface behaves.
struct ProjectLayer {
  let directory: String
  let file: String
  private(set) var kept = JSONObject()
  private(set) var requests: [ConsentRequest] = []
  private(set) var consents: [ConsentRequest] = []
  private(set) var refused: [String] = []

  private static let tastes: Set<String> = [
    "model", "review_model", "model_reasoning_effort", "model_reasoning_summary", "model_verbosity",
    "plan_mode_reasoning_effort", "model_context_window", "model_max_output_tokens",
    "model_auto_compact_token_limit", "developer_instructions", "compact_prompt", "project_doc_max_bytes",
    "project_doc_fallback_filenames", "tool_output_token_limit", "hide_agent_reasoning",
    "show_raw_agent_reasoning",
  ]
  private static let rights: Set<String> = [
    "approval_policy", "approvals_reviewer", "sandbox_mode", "sandbox_workspace_write",
    "shell_environment_policy", "edit_review", "web_search", "tools", "snapshot",
  ]
  /// Tables whose members are agreed to one by one.
  private static let memberRights: Set<String> = ["mcp_servers"]

  init(_ values: JSONObject, directory: String, file: String, trust: ProjectTrust) {
    self.directory = directory
    self.file = file
    for (key, value) in values {
      if Self.tastes.contains(key) {
        kept[key] = value
      } else if Self.rights.contains(key) {
        ask([key], value, trust)
      } else if Self.memberRights.contains(key) {
        for (name, member) in value.objectValue ?? JSONObject() { ask([key, name], member, trust) }
      } else {
        refused.append(key)
      }
    }
  }

  private mutating func ask(_ path: [String], _ value: JSONValue, _ trust: ProjectTrust) {
    let request = ConsentRequest(
      directory: directory, file: file, keyPath: path, value: value,
      hash: Self.hash(directory: directory, path: path, value: value))
    if trust.hasConsent(request.hash, directory: directory) {
      kept.set(path[...], value)
      consents.append(request)
    } else {
      requests.append(request)
    }
  }

  /// Bound to the place as well: agreeing in one project says nothing about another.
  static func hash(directory: String, path: [String], value: JSONValue) -> String {
    let entry: JSONValue = [
      "directory": .string(directory), "key": .array(path.map(JSONValue.string)), "value": value,
    ]
    return "sha256:\(SHA256.hash(entry.sortedKeys().serialized()).hex)"
  }
}
