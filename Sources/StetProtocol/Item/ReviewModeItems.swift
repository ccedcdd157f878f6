import StetJSON

/// A review began.
public struct EnteredReviewModeItem: Codable, Hashable, Sendable {
  public var id: String
  public var review: String

  public init(id: String, review: String) {
    self.id = id
    self.review = review
  }
}

/// A review ended; carries its text.
public struct ExitedReviewModeItem: Codable, Hashable, Sendable {
  public var id: String
  public var review: String

  public init(id: String, review: String) {
    self.id = id
    self.review = review
  }
}
