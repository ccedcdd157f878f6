import StetProtocol
import StetTestSupport
import Testing

@Suite struct SecretsTests {
  @Test("R10: a key or header that a provider repeats in its error is neither shown nor stored")
  func r10_secretsAreHidden() async throws {
    let key = "sk-live-0123456789abcdef"
    let header = "tenant-secret-42"
    let body = #"{"error":{"message":"bad key \#(key) for \#(header)","code":"invalid_api_key"}}"#
    let harness = AgentHarness(
      [.status(400, body: body)],
      provider: "env_key = \"MOCK_KEY\"\nhttp_headers = { \"X-Tenant\" = \"\(header)\" }",
      environment: ["MOCK_KEY": key])
    let thread = try await harness.start().thread
    let turn = try await harness.turn(thread.id, "hi")
    #expect(turn.status == .failed)
    #expect("\(turn)".contains("[secret]"))
    await harness.agent.shutdown()
    let path = try #require(thread.path)
    let log = harness.home.text(String(path.dropFirst(harness.home.path.count + 1))) ?? ""
    #expect(log.contains("[secret]"))
    for secret in [key, header] {
      #expect(!"\(turn)".contains(secret))
      #expect(!log.contains(secret))
    }
  }
}
