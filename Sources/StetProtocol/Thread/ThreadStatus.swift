import StetJSON

/// What a loaded thread is doing.
public enum ThreadStatus: Codable, Hashable, Sendable {
  case notLoaded
  case idle
  case systemError
  case active(activeFlags: [ThreadActiveFlag])
  case unknown(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type, activeFlags
  }

  static let variants = [
    "notLoaded", "idle", "systemError", "active",
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "notLoaded": self = .notLoaded
    case "idle": self = .idle
    case "systemError": self = .systemError
    case "active":
      self = .active(
        activeFlags: try container.decode([ThreadActiveFlag].self, forKey: .activeFlags))
    default:
      try Strictness.refuse(tag, Self.variants, at: decoder.codingPath)
      self = .unknown(try JSONValue(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if case .unknown(let value) = self { return try value.encode(to: encoder) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tag, forKey: .type)
    switch self {
    case .active(let value): try container.encode(value, forKey: .activeFlags)
    default: break
    }
  }

  /// The name of the variant on the wire.
  var tag: String {
    switch self {
    case .notLoaded: "notLoaded"
    case .idle: "idle"
    case .systemError: "systemError"
    case .active: "active"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }
}

/// What an active thread waits for.
public enum ThreadActiveFlag: WireEnum {
  case waitingOnApproval, waitingOnUserInput
  case unknown(String)

  public static let variants: [(name: String, value: ThreadActiveFlag)] = [
    ("waitingOnApproval", .waitingOnApproval), ("waitingOnUserInput", .waitingOnUserInput),
  ]

  public static func unlisted(_ name: String) -> ThreadActiveFlag { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
