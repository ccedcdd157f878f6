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
