import StetText

/// One finished picture of the interface.
public struct Frame: Sendable {
  /// The cells, exactly of the size that was asked for.
  public var surface: Surface
  /// Where the hardware cursor stands (input methods depend on it), or nil to hide it.
  public var cursor: Point?
  /// The pane title for this moment, already free of control characters.
  public var title: String?
  /// Pictures over the cells.
  public var pictures: [FramePicture]

  public init(surface: Surface, cursor: Point? = nil, title: String? = nil, pictures: [FramePicture] = []) {
    self.surface = surface
    self.cursor = cursor
    self.title = title
    self.pictures = pictures
  }
}
