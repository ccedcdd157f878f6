import StetJSON

public enum SortDirection: WireEnum {
  case asc, desc
  case unknown(String)

  public static let variants: [(name: String, value: SortDirection)] = [
    ("asc", .asc), ("desc", .desc),
  ]

  public static func unlisted(_ name: String) -> SortDirection { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public enum ThreadSourceKind: WireEnum {
  case cli, vscode, exec, appServer, subAgent, subAgentReview, subAgentCompact, subAgentThreadSpawn,
    subAgentOther, unknown
  case other(String)

  public static let variants: [(name: String, value: ThreadSourceKind)] = [
    ("cli", .cli), ("vscode", .vscode), ("exec", .exec), ("appServer", .appServer),
    ("subAgent", .subAgent), ("subAgentReview", .subAgentReview),
    ("subAgentCompact", .subAgentCompact), ("subAgentThreadSpawn", .subAgentThreadSpawn),
    ("subAgentOther", .subAgentOther), ("unknown", .unknown),
  ]

  /// Threads that a user began, in an interface or with `stet exec`: for lists in which a user looks for their own. A
  /// list without a choice leaves out those of `exec`.
  public static let ofUsers: [ThreadSourceKind] = [.cli, .vscode, .exec]

  public static func unlisted(_ name: String) -> ThreadSourceKind { .other(name) }
  public var unlistedName: String? { if case .other(let name) = self { name } else { nil } }
}

public enum ThreadSortKey: WireEnum {
  case createdAt, updatedAt, recencyAt, sectionPosition
  case unknown(String)

  public static let variants: [(name: String, value: ThreadSortKey)] = [
    ("created_at", .createdAt), ("updated_at", .updatedAt), ("recency_at", .recencyAt),
    ("section_position", .sectionPosition),
  ]

  public static func unlisted(_ name: String) -> ThreadSortKey { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
