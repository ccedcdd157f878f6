import StetJSON

/// One changed file. `diff` has hunks only for an update and the whole content for add and delete.
public struct FileUpdateChange: Codable, Hashable, Sendable {
  public var path: String
  public var kind: PatchChangeKind
  public var diff: String

  public init(path: String, kind: PatchChangeKind, diff: String) {
    self.path = path
    self.kind = kind
    self.diff = diff
  }
}

/// What happens to a file.
public enum PatchChangeKind: Codable, Hashable, Sendable {
  case add
  case delete
  case update(movePath: String?)
  case unknown(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type
    case movePath = "move_path"
  }

  static let variants = [
    "add", "delete", "update",
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "add": self = .add
    case "delete": self = .delete
    case "update":
      self = .update(
        movePath: try container.decodeIfPresent(String.self, forKey: .movePath))
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
    case .update(let value): try container.encodeIfPresent(value, forKey: .movePath)
    default: break
    }
  }

  /// The name of the variant on the wire.
  var tag: String {
    switch self {
    case .add: "add"
    case .delete: "delete"
    case .update: "update"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }
}

/// How a file change stands.
public enum PatchApplyStatus: WireEnum {
  case inProgress, completed, failed, declined
  case unknown(String)

  public static let variants: [(name: String, value: PatchApplyStatus)] = [
    ("inProgress", .inProgress), ("completed", .completed), ("failed", .failed), ("declined", .declined),
  ]

  public static func unlisted(_ name: String) -> PatchApplyStatus { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
