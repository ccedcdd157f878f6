import Glibc
import StetAgent
import StetJSON
import StetNet
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// Logging in to MCP servers over HTTP (M1): OAuth with PKCE against a real authorization server on this machine.
@Suite(.timeLimit(.minutes(10)))
struct MCPLoginTests {
  private func house(_ far: OAuthHTTPServer, more: String = "") -> ModelHouse {
    let house = ModelHouse([])
    house.addTable("[mcp_servers.far]\nurl = \"\(far.url)\"\n\(more)")
    return house
  }

  private func call(_ client: TestClient, _ thread: String) async throws -> JSONValue? {
    try await client.call(
      "mcpServer/tool/call",
      ["threadId": .string(thread), "server": "far", "tool": "plain", "arguments": [:]])["content"]?[0]?[
        "text"]
  }

  /// What a browser does at the end of a log-in; gives the page.
  private func visit(_ address: String) async throws -> HTTPResponse {
    let http = HTTPClient()
    defer { http.shutdown() }
    return try await http.fetch(HTTPRequest(url: address), maxBytes: 10_000)
  }

  /// Logs in and waits until that is done.
  private func logIn(_ client: TestClient, _ far: OAuthHTTPServer, _ params: JSONObject = [:]) async throws
    -> JSONValue
  {
    var params = params
    params["name"] = "far"
    let count = client.notes("mcpServer/oauthLogin/completed").count
    let begun = try await client.call("mcpServer/oauth/login", .object(params))
    let address = try #require(begun["authorizationUrl"]?.stringValue)
    #expect(address.hasPrefix(far.origin + "/authorize?"))
    #expect(try await visit(far.consent(address)).status == 200)
    let done = await client.note("mcpServer/oauthLogin/completed", count + 1)
    #expect(done["loginId"] == begun["loginId"])
    return done
  }

  private func token(_ house: ModelHouse) -> (text: String, mode: mode_t)? {
    let path = "mcp-auth/far.json"
    var status = stat()
    guard let text = house.home.text(path), stat(house.home.path(path), &status) == 0 else { return nil }
    return (text, status.st_mode & 0o777)
  }

  @Test(
    "M1: a server that wants a login says so; after it the server is there, its token in a file of the user's alone"
  )
  func m1_login() async throws {
    let far = try OAuthHTTPServer()
    let house = house(far)
    var server = house.server()
    var client = try await house.connect(server)
    let thread = try await client.thread()
    let failed = await client.note("mcpServer/startupStatus/updated", 2)
    #expect(failed["status"] == "failed")
    #expect(failed["error"]?.stringValue?.contains("stet mcp login far") == true)
    #expect(failed["failureReason"] == "reauthenticationRequired")
    func row(_ params: JSONObject) async throws -> JSONValue? {
      try await client.call("mcpServerStatus/list", .object(params))["data"]?[0]
    }
    #expect(try await row(["threadId": .string(thread)])?["runtimeStatus"] == "authenticationRequired")
    #expect(try await row([:])?["authStatus"] == "notLoggedIn")

    #expect(try await logIn(client, far)["success"] == true)
    #expect(await client.note("mcpServer/startupStatus/updated", 4)["status"] == "ready")
    #expect(try await call(client, thread) == "by token-1")
    #expect(try await row([:])?["authStatus"] == "oAuth")
    let kept = try #require(token(house))
    #expect(kept.mode == 0o600 && kept.text.contains("token-1"))
    let asked = try #require(far.tokenRequests.first)
    #expect(asked.contains("resource=http%3A%2F%2F127.0.0.1") && asked.contains("code_verifier="))
    await server.shutdown()

    // The next process has the token, too.
    server = house.server()
    client = try await house.connect(server)
    #expect(try await call(client, try await client.thread()) == "by token-1")
    #expect(far.tokenRequests.count == 1)
    await server.shutdown()
  }

  @Test(
    "M1: a token that is refused or about to end is renewed and the request sent again; when that fails a login is asked for"
  )
  func m1_refresh() async throws {
    let far = try OAuthHTTPServer()
    let house = house(far)
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    _ = await client.note("mcpServer/startupStatus/updated", 2)
    _ = try await logIn(client, far)
    _ = await client.note("mcpServer/startupStatus/updated", 4)
    far.expire()
    #expect(try await call(client, thread) == "by token-2")
    #expect(far.refreshed == 1)
    far.expire()
    far.makeTokensShort()
    #expect(try await call(client, thread) == "by token-3")
    #expect(try await call(client, thread) == "by token-4", "it was about to end")
    far.forget()
    await #expect(throws: RPCError.self) { try await call(client, thread) }
    #expect(token(house)?.text.contains("token-4") == true)
    await server.shutdown()
  }

  @Test(
    "M1: metadata that points elsewhere, offers no PKCE or no registration, and a refused code are no login",
    arguments: [
      (OAuthHTTPServer.Fault.noPKCE, "PKCE"), (.otherIssuer, "another authorization server"),
      (.otherResource, "another resource"), (.noRegistration, "oauth.client_id"),
      (.plainHTTP, "no address of https"),
    ])
  func m1_faults(_ fault: OAuthHTTPServer.Fault, _ words: String) async throws {
    let far = try OAuthHTTPServer(fault)
    let house = house(far)
    let server = house.server()
    let client = try await house.connect(server)
    let error = await #expect(throws: RPCError.self) {
      try await client.call("mcpServer/oauth/login", ["name": "far"])
    }
    #expect(error?.message.firstRange(of: words) != nil, "\(error?.message ?? "")")
    #expect(token(house) == nil)
    await server.shutdown()
  }

  @Test(
    "M1: a code that is refused, a state that nobody gave out and a login that nobody finishes leave nothing behind"
  )
  func m1_refused() async throws {
    let far = try OAuthHTTPServer(.codeRefused)
    let house = house(far)
    let server = house.server()
    let client = try await house.connect(server)
    let done = try await logIn(client, far)
    #expect(done["success"] == false)
    #expect(done["error"]?.stringValue?.hasPrefix("it gave no token: invalid_grant: no") == true)
    #expect(done["error"]?.stringValue?.unicodeScalars.contains("\u{1B}") == false)

    let begun = try await client.call("mcpServer/oauth/login", ["name": "far"])
    let address = try far.consent(try #require(begun["authorizationUrl"]?.stringValue))
    let forged = address.replacing(/state=[^&]*/, with: "state=guessed")
    #expect(try await visit(forged).status == 404)
    // Another one takes its place: the first is over.
    _ = try await client.call("mcpServer/oauth/login", ["name": "far", "timeoutSecs": 1])
    #expect(await client.note("mcpServer/oauthLogin/completed", 2)["error"] == "nobody logged in")
    #expect(await client.note("mcpServer/oauthLogin/completed", 3)["success"] == false)
    #expect(token(house) == nil)
    await server.shutdown()
  }

  @Test("M1: two servers of an agent's threads that find a token refused renew it once; so do two agents")
  func m1_sharedRenewal() async throws {
    let far = try OAuthHTTPServer()
    let house = house(far)
    let servers = [house.server(), house.server()]
    var seats: [(client: TestClient, thread: String)] = []
    for server in servers {
      let client = try await house.connect(server)
      if seats.isEmpty { _ = try await logIn(client, far) }
      for _ in 0..<2 { seats.append((client, try await client.thread())) }
    }
    for (client, thread) in seats { #expect(try await call(client, thread) == "by token-1") }
    far.expire()
    let said = try await withThrowingTaskGroup(of: String.self) { group in
      for (client, thread) in seats { group.addTask { try await call(client, thread)?.stringValue ?? "" } }
      return try await group.reduce(into: [String]()) { $0.append($1) }
    }
    #expect(said == [String](repeating: "by token-2", count: 4))
    #expect(far.refreshed == 1)
    for server in servers { await server.shutdown() }
  }

  @Test("M1: a new log-in whose token the server does not take leaves the one before as it is")
  func m1_newLoginFails() async throws {
    let far = try OAuthHTTPServer()
    let house = house(far)
    let server = house.server()
    let client = try await house.connect(server)
    #expect(try await logIn(client, far)["success"] == true)
    let kept = try #require(token(house)).text
    far.makeTokensStale()
    let failed = try await logIn(client, far)
    #expect(failed["success"] == false)
    #expect(failed["error"]?.stringValue?.contains("does not take the token") == true)
    #expect(token(house)?.text == kept)
    #expect(try await call(client, try await client.thread()) == "by token-1")
    await server.shutdown()
  }

  @Test(
    "M1: logging out ends the tokens where they were given, and forgets them; what could not be ended is said"
  )
  func m1_logout() async throws {
    for fault in [OAuthHTTPServer.Fault.none, .noRevocation] {
      let far = try OAuthHTTPServer(fault)
      let house = house(far)
      let server = house.server()
      _ = try await logIn(try await house.connect(server), far)
      await server.shutdown()
      let environment = ServerHarness.environment(house.home, cwd: house.work.path)
      let outcome = try await OAuthLogout.run(server: "far", environment: environment)
      #expect(token(house) == nil)
      #expect(far.revoked == (fault == .none ? ["refresh-1", "token-1"] : []))
      let words = "the server offers no way to end it"
      #expect(outcome == .done(stillValid: fault == .none ? nil : words))
      #expect(try await OAuthLogout.run(server: "far", environment: environment) == .none)
    }
  }

  @Test("V10: a token goes to no other address, and one that others may read counts for nothing")
  func v10_token() async throws {
    let (far, other) = (try OAuthHTTPServer(), try OAuthHTTPServer())
    let house = house(far)
    var server = house.server()
    var client = try await house.connect(server)
    _ = try await logIn(client, far)
    await server.shutdown()
    let shown = far.bearers.count
    chmod(house.home.path("mcp-auth/far.json"), 0o644)
    server = house.server()
    client = try await house.connect(server)
    _ = try await client.thread()
    #expect(await client.note("mcpServer/startupStatus/updated", 2)["status"] == "failed")
    #expect(far.bearers.count == shown)
    await server.shutdown()
    chmod(house.home.path("mcp-auth/far.json"), 0o600)

    let text = try #require(house.home.text("config.toml"))
    house.home.write("config.toml", text.replacing(far.url, with: other.url))
    server = house.server()
    client = try await house.connect(server)
    _ = try await client.thread()
    #expect(await client.note("mcpServer/startupStatus/updated", 2)["status"] == "failed")
    #expect(!other.asked.isEmpty && other.bearers.isEmpty)
    await server.shutdown()
  }
}
