import StetJSON

/// The history was replaced by a summary.
public struct ContextCompactionItem: Codable, Hashable, Sendable {
  public var id: String

  public init(id: String) {
    self.id = id
  }
}
