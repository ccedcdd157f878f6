import StetJSON

/// A web search.
public struct WebSearchItem: Codable, Hashable, Sendable {
  public var id: String
  public var query: String
  public var action: WebSearchAction?
  @OmitIfNil public var results: [JSONValue]?

  public init(id: String, query: String, action: WebSearchAction? = nil, results: [JSONValue]? = nil) {
    self.id = id
    self.query = query
    self.action = action
    self.results = results
  }
}

public enum WebSearchAction: Codable, Hashable, Sendable {
  case search(SearchWebSearchAction)
  case openPage(url: String?)
  case findInPage(FindInPageWebSearchAction)
  case other
  case unknown(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type, url
  }

  static let variants = [
    "search", "openPage", "findInPage", "other",
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "search": self = .search(try SearchWebSearchAction(from: decoder))
    case "openPage":
      self = .openPage(
        url: try container.decodeIfPresent(String.self, forKey: .url))
    case "findInPage": self = .findInPage(try FindInPageWebSearchAction(from: decoder))
    case "other": self = .other
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
    case .search(let value): try value.encode(to: encoder)
    case .openPage(let value): try container.encodeIfPresent(value, forKey: .url)
    case .findInPage(let value): try value.encode(to: encoder)
    default: break
    }
  }

  /// The name of the variant on the wire.
  var tag: String {
    switch self {
    case .search: "search"
    case .openPage: "openPage"
    case .findInPage: "findInPage"
    case .other: "other"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }
}

public struct SearchWebSearchAction: Codable, Hashable, Sendable {
  public var queries: [String]?
  public var query: String?

  public init(queries: [String]? = nil, query: String? = nil) {
    self.queries = queries
    self.query = query
  }
}

public struct FindInPageWebSearchAction: Codable, Hashable, Sendable {
  public var pattern: String?
  public var url: String?

  public init(pattern: String? = nil, url: String? = nil) {
    self.pattern = pattern
    self.url = url
  }
}
