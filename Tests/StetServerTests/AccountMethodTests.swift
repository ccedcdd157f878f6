import Glibc
import StetJSON
import StetProtocol
import Testing

/// `account/*` and `getAuthStatus` on a real home.
@Suite struct AccountMethodTests {
  let house = RealServer()

  @Test("without a log-in there is no account, and nothing needs one")
  func none() async throws {
    let client = try await house.client()
    #expect(
      try await client.call("account/read", [:])
        == ["account": .null, "requiresOpenaiAuth": false, "workspaceRouting": .null])
    #expect(try await client.call("getAuthStatus", [:])["authMethod"] == .null)
    let limits = await client.error("account/rateLimits/read", nil)
    #expect(limits == .invalidRequest("codex account authentication required to read rate limits"))
    #expect(try await client.call("account/login/cancel", ["loginId": "x"]) == ["status": "notFound"])
  }

  @Test("V10: a key is kept 0600, told to nobody, and goes at logout")
  func v10_apiKey() async throws {
    let client = try await house.client()
    let other = try await house.client()
    let login = client.ask("account/login/start", ["type": "apiKey", "apiKey": "sk-secret-1"])
    #expect(try await client.response(to: login).get() == ["type": "apiKey"])
    #expect(await other.note("account/updated") == ["authMode": "apikey", "planType": .null])
    #expect(await client.note("account/login/completed")["success"] == true)
    #expect(isSubsequence(["#\(login)", "account/login/completed", "account/updated"], of: client.order))
    var info = stat()
    #expect(stat(house.home.path("auth.json"), &info) == 0 && info.st_mode & 0o777 == 0o600)
    #expect(try await client.call("account/read", [:])["account"] == ["type": "apiKey"])
    let status = try await client.call("getAuthStatus", ["includeToken": true])
    #expect(status["authMethod"] == "apikey" && status["authToken"] == .null)
    #expect(try await client.call("account/logout", nil) == [:])
    #expect(await other.note("account/updated", 2) == ["authMode": .null, "planType": .null])
    #expect(!house.home.exists("auth.json"))
    #expect(try await client.call("account/logout", nil) == [:])
  }

  @Test("log-ins that stet does not have are refused in plain words")
  func refused() async throws {
    let client = try await house.client()
    for params: JSONValue in [["type": "chatgpt"], ["type": "apiKey", "apiKey": "  "]] {
      #expect(await client.error("account/login/start", params)?.code == RPCError.invalidRequestCode)
    }
    #expect(!house.home.exists("auth.json"))
  }
}
