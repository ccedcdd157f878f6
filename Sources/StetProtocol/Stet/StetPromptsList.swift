import StetJSON

/// `stet/prompts/list`: Lists the prompts that users keep as files, to be sent as `/name`. Nothing is cached.
public struct StetPromptsListParams: ClientCall {
  public typealias Response = StetPrompts
  public static let method = "stet/prompts/list"

  /// Whose project's prompts are listed too; absent: the server's own directory.
  @OmitIfNil public var cwd: String?

  public init(cwd: String? = nil) {
    self.cwd = cwd
  }
}

/// stet: prompts that are there.
public struct StetPrompts: Codable, Hashable, Sendable {
  /// `{name, description~, argumentHint~, text, path, scope user/repo}`; of two with a name only the one that counts.
  public var data: [JSONValue]
  /// `{path, message}`: what was left out and why.
  public var errors: [JSONValue]

  public init(data: [JSONValue], errors: [JSONValue]) {
    self.data = data
    self.errors = errors
  }
}
