import StetJSON

/// The directories whose threads are listed: one, or several; matched exactly.
public enum ThreadListCwdFilter: Codable, Hashable, Sendable {
  case one(String)
  case several([String])

  public var directories: [String] {
    switch self {
    case .one(let path): [path]
    case .several(let paths): paths
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if case .array = try JSONValue(from: decoder) {
      self = .several(try container.decode([String].self))
    } else {
      self = .one(try container.decode(String.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .one(let path): try container.encode(path)
    case .several(let paths): try container.encode(paths)
    }
  }
}

/// Where a page of items begins: after a cursor of an earlier page, or at an item.
public enum ThreadItemsListCursor: Codable, Hashable, Sendable {
  case cursor(String)
  case item(id: String)

  private enum CodingKeys: String, CodingKey { case type, itemId }

  public init(from decoder: any Decoder) throws {
    if case .object = try JSONValue(from: decoder) {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      self = .item(id: try container.decode(String.self, forKey: .itemId))
    } else {
      self = .cursor(try decoder.singleValueContainer().decode(String.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .cursor(let text): try JSONValue.string(text).encode(to: encoder)
    case .item(let id):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode("item", forKey: .type)
      try container.encode(id, forKey: .itemId)
    }
  }
}
