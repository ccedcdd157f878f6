import StetJSON

/// A tool output that came in with `turn/start`.
public struct FunctionCallOutputItem: Codable, Hashable, Sendable {
  public var id: String
  public var name: String
  public var output: FunctionCallOutputBody
  public var namespace: String?

  public init(id: String, name: String, output: FunctionCallOutputBody, namespace: String? = nil) {
    self.id = id
    self.name = name
    self.output = output
    self.namespace = namespace
  }
}

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

/// The model looked at an image.
public struct ImageViewItem: Codable, Hashable, Sendable {
  public var id: String
  public var path: String

  public init(id: String, path: String) {
    self.id = id
    self.path = path
  }
}
