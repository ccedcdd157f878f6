import StetJSON

/// `stet/permissions/list`: Lists what the user has allowed so far, and what the project asks for; with a command also
/// what would become of it.
public struct StetPermissionsListParams: ClientCall {
  public typealias Response = StetPermissions
  public static let method = "stet/permissions/list"

  public var threadId: String
  /// A script to test against the rules; nothing of it runs.
  @OmitIfNil public var command: String?
  /// Where it would run; absent: in the directory of the thread.
  @OmitIfNil public var cwd: String?

  public init(threadId: String, command: String? = nil, cwd: String? = nil) {
    self.threadId = threadId
    self.command = command
    self.cwd = cwd
  }
}

/// `stet/permissions/change`: Takes back what was allowed, or agrees to an entry that the project asks for.
public struct StetPermissionsChangeParams: ClientCall {
  public typealias Response = StetPermissions
  public static let method = "stet/permissions/change"

  public var threadId: String
  /// As listed. One that is no longer there is an error: nothing else is changed in its place.
  public var id: String
  /// True agrees to an entry of the project, false revokes.
  public var allow: Bool

  public init(threadId: String, id: String, allow: Bool) {
    self.threadId = threadId
    self.id = id
    self.allow = allow
  }
}

/// stet: what is allowed in a thread.
public struct StetPermissions: Codable, Hashable, Sendable {
  /// `{id, kind rule/command/edit/tool/consent/asked, text, decision allow/prompt/forbidden, outside, scope
  /// thread/project/user, place~, until~, source~}`; `asked` are entries that wait for the user's word, `consent` those that have it;
  /// a hook has the source `hook`, and `changed` where the user agreed to another text of it.
  public var data: [JSONValue]
  /// `{wanted, works, whole, words}`: the walls around commands as they are on this machine, not only as the policy wants them.
  public var sandbox: JSONValue
  /// `{verdict run/ask/refuse, sandboxed~, reason~, parts: [{text, verdict}]}`, where a command was given.
  @OmitIfNil public var verdict: JSONValue?

  public init(data: [JSONValue], sandbox: JSONValue, verdict: JSONValue? = nil) {
    self.data = data
    self.sandbox = sandbox
    self.verdict = verdict
  }
}
