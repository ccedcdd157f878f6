import StetJSON

/// `getAuthStatus`: an old form of `account/read`, still asked by some clients.
public struct GetAuthStatusParams: ClientCall {
  public typealias Response = GetAuthStatusResponse
  public static let method = "getAuthStatus"

  public var includeToken: Bool?
  public var refreshToken: Bool?

  public init(includeToken: Bool? = nil, refreshToken: Bool? = nil) {
    self.includeToken = includeToken
    self.refreshToken = refreshToken
  }
}

public struct GetAuthStatusResponse: Codable, Hashable, Sendable {
  public var authMethod: AuthMode?
  public var authToken: String?
  public var requiresOpenaiAuth: Bool?

  public init(authMethod: AuthMode? = nil, authToken: String? = nil, requiresOpenaiAuth: Bool? = nil) {
    self.authMethod = authMethod
    self.authToken = authToken
    self.requiresOpenaiAuth = requiresOpenaiAuth
  }
}
