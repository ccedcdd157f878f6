import StetJSON

/// What a command does, as far as it was understood.
public enum CommandAction: Codable, Hashable, Sendable {
  case read(ReadCommandAction)
  case listFiles(ListFilesCommandAction)
  case search(SearchCommandAction)
  case unknown(command: String)
  case unlisted(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type, command
  }

  static let variants = [
    "read", "listFiles", "search", "unknown",
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "read": self = .read(try ReadCommandAction(from: decoder))
    case "listFiles": self = .listFiles(try ListFilesCommandAction(from: decoder))
    case "search": self = .search(try SearchCommandAction(from: decoder))
    case "unknown":
      self = .unknown(
        command: try container.decode(String.self, forKey: .command))
    default:
      try Strictness.refuse(tag, Self.variants, at: decoder.codingPath)
      self = .unlisted(try JSONValue(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if case .unlisted(let value) = self { return try value.encode(to: encoder) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tag, forKey: .type)
    switch self {
    case .read(let value): try value.encode(to: encoder)
    case .listFiles(let value): try value.encode(to: encoder)
    case .search(let value): try value.encode(to: encoder)
    case .unknown(let value): try container.encode(value, forKey: .command)
    default: break
    }
  }

  /// The name of the variant on the wire.
  var tag: String {
    switch self {
    case .read: "read"
    case .listFiles: "listFiles"
    case .search: "search"
    case .unknown: "unknown"
    case .unlisted(let value): value["type"]?.stringValue ?? ""
    }
  }
}

public struct ReadCommandAction: Codable, Hashable, Sendable {
  public var command: String
  public var name: String
  public var path: String

  public init(command: String, name: String, path: String) {
    self.command = command
    self.name = name
    self.path = path
  }
}

public struct ListFilesCommandAction: Codable, Hashable, Sendable {
  public var command: String
  public var path: String?

  public init(command: String, path: String? = nil) {
    self.command = command
    self.path = path
  }
}

public struct SearchCommandAction: Codable, Hashable, Sendable {
  public var command: String
  public var path: String?
  public var query: String?

  public init(command: String, path: String? = nil, query: String? = nil) {
    self.command = command
    self.path = path
    self.query = query
  }
}

/// Who started a command.
public enum CommandExecutionSource: WireEnum, HasDefault {
  case agent, userShell, unifiedExecStartup, unifiedExecInteraction
  case unknown(String)

  public static let variants: [(name: String, value: CommandExecutionSource)] = [
    ("agent", .agent), ("userShell", .userShell), ("unifiedExecStartup", .unifiedExecStartup),
    ("unifiedExecInteraction", .unifiedExecInteraction),
  ]
  public static var absent: CommandExecutionSource { .agent }

  public static func unlisted(_ name: String) -> CommandExecutionSource { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// How a command stands.
public enum CommandExecutionStatus: WireEnum {
  case inProgress, completed, failed, declined
  case unknown(String)

  public static let variants: [(name: String, value: CommandExecutionStatus)] = [
    ("inProgress", .inProgress), ("completed", .completed), ("failed", .failed), ("declined", .declined),
  ]

  public static func unlisted(_ name: String) -> CommandExecutionStatus { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
