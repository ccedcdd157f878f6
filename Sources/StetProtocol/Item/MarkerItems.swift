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

/// The history was replaced by a summary.
public struct ContextCompactionItem: Codable, Hashable, Sendable {
  public var id: String

  public init(id: String) {
    self.id = id
  }
}
