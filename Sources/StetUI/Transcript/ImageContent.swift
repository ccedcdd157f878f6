/// A picture that the model looked at.
struct ImageContent: Sendable {
  var path: String
  /// What its file tells, once it was read; nil where it cannot be, as on another machine.
  var facts: PictureFacts?
}

/// What a picture's file tells of it, and the picture itself in as few pixels as cells can show.
public struct PictureFacts: Hashable, Sendable {
  /// Pixels a side of what is kept: more than the cells of a preview.
  public static let side = 64

  /// "PNG", "JPEG" …
  public var kind: String
  /// Pixels; 0 where the file does not say.
  public var width: Int
  public var height: Int
  /// The file's size.
  public var bytes: Int
  /// Red, green, blue and alpha of each pixel, row by row; empty where it can't be decoded here.
  public var pixels: [UInt8]
  public var columns: Int

  public init(kind: String, width: Int, height: Int, bytes: Int, pixels: [UInt8] = [], columns: Int = 0) {
    self.kind = kind
    self.width = width
    self.height = height
    self.bytes = bytes
    self.pixels = pixels
    self.columns = columns
  }

  /// Rows of what is kept: only whole ones.
  var rows: Int { columns > 0 ? pixels.count / 4 / columns : 0 }
}
