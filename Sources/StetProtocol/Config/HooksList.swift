import StetJSON

/// `hooks/list`: Lists the configured hooks.
public struct HooksListParams: ClientCall {
  public typealias Response = HooksListResponse
  public static let method = "hooks/list"

  public var cwds: [String]?

  public init(cwds: [String]? = nil) {
    self.cwds = cwds
  }
}

public struct HooksListResponse: Codable, Hashable, Sendable {
  public var data: [HooksListEntry]

  public init(data: [HooksListEntry]) {
    self.data = data
  }
}

public struct HooksListEntry: Codable, Hashable, Sendable {
  public var cwd: String
  public var hooks: [JSONValue]
  public var warnings: [String]
  public var errors: [HookErrorInfo]

  public init(cwd: String, hooks: [JSONValue], warnings: [String], errors: [HookErrorInfo]) {
    self.cwd = cwd
    self.hooks = hooks
    self.warnings = warnings
    self.errors = errors
  }
}

public struct HookErrorInfo: Codable, Hashable, Sendable {
  public var message: String
  public var path: String

  public init(message: String, path: String) {
    self.message = message
    self.path = path
  }
}
