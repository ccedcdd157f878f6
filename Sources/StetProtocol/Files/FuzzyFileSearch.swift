import StetJSON

/// `fuzzyFileSearch`: Finds files by a fuzzy match on their relative paths.
public struct FuzzyFileSearchParams: ClientCall {
  public typealias Response = FuzzyFileSearchResponse
  public static let method = "fuzzyFileSearch"

  public var query: String
  public var roots: [String]
  public var cancellationToken: String?

  public init(query: String, roots: [String], cancellationToken: String? = nil) {
    self.query = query
    self.roots = roots
    self.cancellationToken = cancellationToken
  }
}

public struct FuzzyFileSearchResponse: Codable, Hashable, Sendable {
  public var files: [FuzzyFileSearchResult]

  public init(files: [FuzzyFileSearchResult]) {
    self.files = files
  }
}

public struct FuzzyFileSearchResult: Codable, Hashable, Sendable {
  public var root: String
  public var path: String
  public var matchType: FuzzyFileSearchMatchType
  public var fileName: String
  public var score: Int
  public var indices: [Int]?

  private enum CodingKeys: String, CodingKey {
    case root, path, score, indices
    case matchType = "match_type"
    case fileName = "file_name"
  }

  public init(
    root: String, path: String, matchType: FuzzyFileSearchMatchType, fileName: String, score: Int,
    indices: [Int]? = nil
  ) {
    self.root = root
    self.path = path
    self.matchType = matchType
    self.fileName = fileName
    self.score = score
    self.indices = indices
  }
}

public enum FuzzyFileSearchMatchType: WireEnum {
  case file, directory
  case unknown(String)

  public static let variants: [(name: String, value: FuzzyFileSearchMatchType)] = [
    ("file", .file), ("directory", .directory),
  ]

  public static func unlisted(_ name: String) -> FuzzyFileSearchMatchType { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `fuzzyFileSearch/sessionStart`: Opens a search whose query will change.
public struct FuzzyFileSearchSessionStartParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "fuzzyFileSearch/sessionStart"

  public var roots: [String]
  public var sessionId: String

  public init(roots: [String], sessionId: String) {
    self.roots = roots
    self.sessionId = sessionId
  }
}

/// `fuzzyFileSearch/sessionUpdate`: Changes the query of an open search.
public struct FuzzyFileSearchSessionUpdateParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "fuzzyFileSearch/sessionUpdate"

  public var query: String
  public var sessionId: String

  public init(query: String, sessionId: String) {
    self.query = query
    self.sessionId = sessionId
  }
}

/// `fuzzyFileSearch/sessionStop`: Ends an open search.
public struct FuzzyFileSearchSessionStopParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "fuzzyFileSearch/sessionStop"

  public var sessionId: String

  public init(sessionId: String) {
    self.sessionId = sessionId
  }
}
