import Glibc
import StetConfig
import StetProtocol
import StetStore
import StetWorkspace

/// What a log-in to an MCP server gave, and what is needed to renew it.
struct OAuthToken: Hashable, Sendable {
  /// The client as the authorization server knows it.
  struct Client: Hashable, Sendable {
    let id: String
    var secret: String?
    /// The secret goes into the header of the request, not into its body.
    var usesBasic = false
  }

  /// The address of the MCP server, exactly as configured: a token goes nowhere else.
  let url: String
  let resource: String
  let tokenEndpoint: String
  /// Where it is ended; nil where that can't be done.
  let revocationEndpoint: String?
  let client: Client
  var access: String
  var refresh: String?
  /// From when on it is renewed, in Unix milliseconds: shortly before its end, for clocks differ and requests take their
  /// time. Nil: no end was said.
  var renewAtMs: Int64?

  var json: JSONValue {
    var value: JSONObject = [
      "url": .string(url), "resource": .string(resource), "token_endpoint": .string(tokenEndpoint),
      "client_id": .string(client.id), "access_token": .string(access),
    ]
    value["revocation_endpoint"] = revocationEndpoint.map(JSONValue.string)
    value["client_secret"] = client.secret.map(JSONValue.string)
    if client.usesBasic { value["basic"] = true }
    value["refresh_token"] = refresh.map(JSONValue.string)
    value["renew_at_ms"] = renewAtMs.map(JSONValue.int)
    return .object(value)
  }

  init(
    url: String, resource: String, tokenEndpoint: String, revocationEndpoint: String?, client: Client,
    access: String, refresh: String?, renewAtMs: Int64?
  ) {
    self.url = url
    self.resource = resource
    self.tokenEndpoint = tokenEndpoint
    self.revocationEndpoint = revocationEndpoint
    self.client = client
    self.access = access
    self.refresh = refresh
    self.renewAtMs = renewAtMs
  }

  init?(_ value: JSONValue) {
    guard let url = value["url"]?.stringValue, let endpoint = value["token_endpoint"]?.stringValue,
      let id = value["client_id"]?.stringValue, let access = value["access_token"]?.stringValue
    else { return nil }
    self.init(
      url: url, resource: value["resource"]?.stringValue ?? url, tokenEndpoint: endpoint,
      revocationEndpoint: value["revocation_endpoint"]?.stringValue,
      client: Client(
        id: id, secret: value["client_secret"]?.stringValue, usesBasic: value["basic"]?.boolValue == true),
      access: access, refresh: value["refresh_token"]?.stringValue,
      renewAtMs: value["renew_at_ms"]?.intValue.map(Int64.init))
  }
}

/// The token of one MCP server: a file of its own in a folder that commands can't see, both for the user alone (V10).
struct OAuthTokenFile: Hashable, Sendable {
  private static let limit = 64 << 10
  /// Two requests to an authorization server that takes its time.
  private static let lockMs: Int64 = 60_000
  private static let lockPauseMs = 25

  private let folder: String
  private let path: String

  /// - Parameter server: a name that `[mcp_servers]` may hold; for another one there is no file.
  init(home: StetHome, server: String) {
    folder = home.mcpTokensDirectory
    path = folder + "/" + (MCPToolName.isServerName(server) ? server : "") + ".json"
  }

  /// The token for exactly this address.
  func token(for url: String) -> OAuthToken? { stored.flatMap { $0.url == url ? $0 : nil } }

  /// What is kept, for whatever address. A file that others may read counts for nothing.
  var stored: OAuthToken? {
    var info = stat()
    guard lstat(path, &info) == 0, info.st_mode & 0o077 == 0,
      case .bytes(let bytes) = CappedFile.read(path, limit: Self.limit)
    else { return nil }
    do {
      return OAuthToken(try JSONValue(parsing: bytes))
    } catch {
      return nil
    }
  }

  func store(_ token: OAuthToken) throws(StoreError) {
    try makeFolder()
    try AtomicFile.write(token.json.serialized(), to: path)
  }

  private func makeFolder() throws(StoreError) {
    do {
      try Disk.makeDirectory(PathText.parent(folder), recursive: true)
    } catch {
      throw StoreError(.failed, error.underlying ?? error.message)
    }
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
      throw StoreError(.failed, "\(folder): \(String(cString: strerror(errno)))")
    }
  }

  var exists: Bool { access(path, F_OK) == 0 }

  func remove() throws(StoreError) {
    guard unlink(path) != 0, errno != ENOENT else { return }
    throw StoreError(.failed, "\(path): \(String(cString: strerror(errno)))")
  }

  /// Runs `body` while no other process, and nobody else in this one, changes the token. A renewal ends the refresh token
  /// that it uses: two at a time would end the log-in.
  ///
  /// Whoever holds the lock is waited for as long as its requests may take, not longer; where the file system has no locks
  /// nobody waits.
  func alone<Value: Sendable>(_ clock: AgentClock, _ body: @Sendable () async throws -> Value) async throws
    -> Value
  {
    try makeFolder()
    let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard lock >= 0 else { throw StoreError(.failed, "\(path).lock: \(String(cString: strerror(errno)))") }
    // The kernel gives the lock up with the descriptor, also of a process that dies.
    defer { close(lock) }
    let deadline = clock.nowMs() + Self.lockMs
    while flock(lock, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK || errno == EINTR {
      guard clock.nowMs() < deadline else {
        throw StoreError(.busy, "another process is busy with the token of this server")
      }
      await clock.sleep(Self.lockPauseMs)
    }
    return try await body()
  }
}
