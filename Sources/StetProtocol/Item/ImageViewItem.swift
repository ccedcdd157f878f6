import StetJSON

/// The model looked at an image.
public struct ImageViewItem: Codable, Hashable, Sendable {
  public var id: String
  public var path: String

  public init(id: String, path: String) {
    self.id = id
    self.path = path
  }
}
