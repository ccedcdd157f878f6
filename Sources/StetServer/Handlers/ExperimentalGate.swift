import StetJSON
import StetProtocol

/// What needs `experimentalApi`: whole methods, and fields of others. Output is not gated, some notifications are
/// (`ClientProfile.wants`).
enum ExperimentalGate {
  private static let methods: Set<String> = [
    "thread/settings/update", "thread/queue/add", "thread/queue/list", "thread/queue/update",
    "thread/queue/delete", "thread/queue/reorder", "thread/queue/start", "thread/backgroundTerminals/list",
    "thread/backgroundTerminals/terminate", "thread/backgroundTerminals/clean", "thread/search",
    "thread/searchOccurrences", "thread/readState/update", "thread/items/read", "process/spawn",
    "process/writeStdin", "process/kill", "process/resizePty", "collaborationMode/list",
    "mock/experimentalMethod", "fuzzyFileSearch/sessionStart", "fuzzyFileSearch/sessionUpdate",
    "fuzzyFileSearch/sessionStop",
  ]

  /// Families that stet does not have: without the capability their names are not even unknown.
  private static let families = [
    "thread/realtime/", "thread/timeline/", "thread/prediction/", "thread/memoryMode/", "memory/",
    "environment/", "userVerification/", "mock/",
  ]

  private static let threadFields = ["permissions", "runtimeWorkspaceRoots"]

  private static let fields: [String: [String]] = [
    "thread/start": threadFields + [
      "environments", "dynamicTools", "historyMode", "selectedCapabilityRoots", "experimentalRawEvents",
      "mockExperimentalField",
    ],
    "thread/resume": threadFields + ["path", "history", "initialTurnsPage"],
    "thread/fork": threadFields + ["path", "beforeTurnId"],
    "thread/list": ["parentThreadId", "ancestorThreadId"],
    "turn/start": threadFields + [
      "collaborationMode", "additionalContext", "environments", "responsesapiClientMetadata",
    ],
    "turn/steer": ["additionalContext", "responsesapiClientMetadata"],
  ]

  static func check(method: String, for profile: ClientProfile) throws(RPCError) {
    if !profile.experimentalApi,
      methods.contains(method) || families.contains(where: { method.hasPrefix($0) })
    {
      throw .requiresExperimental(method)
    }
  }

  /// A null or false field is an absent one.
  static func check(
    fieldsOf params: JSONValue?, method: String, for profile: ClientProfile
  ) throws(RPCError) {
    guard !profile.experimentalApi, let params else { return }
    for field in fields[method] ?? [] {
      guard let value = params[field], !value.isNull, value != false else { continue }
      throw .requiresExperimental("\(method).\(field)")
    }
  }
}
