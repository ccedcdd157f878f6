import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// The provider's own search, as the user's configuration wants it.
@Suite(.timeLimit(.minutes(1))) struct WebSearchTests {
  @Test(
    "V5: the search that a provider has is offered as the configuration says",
    arguments: [
      ("", false as Bool?), ("web_search = \"cached\"", false), ("web_search = \"live\"", true),
      ("web_search = \"disabled\"", nil), ("tools.web_search = false", nil),
      ("tools.web_search = true", false),
      ("tools.web_search.enabled = false", nil),
    ])
  func v5_webSearch(settings: String, live: Bool?) async throws {
    var flags = WireFlags()
    flags.webSearch = true
    let harness = AgentHarness(
      [.text("done")], tools: nil, settings: settings, model: "gpt-5.2", flags: flags,
      metadata: { known in
        var metadata = known
        metadata.flags.webSearch = true
        return metadata
      })
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "go")
    let tools = harness.model.requests.first?["tools"]?.arrayValue ?? []
    let search = tools.first { $0["type"] == "web_search" }
    #expect(search?["external_web_access"]?.boolValue == live)
    #expect(tools.count > 5)
  }
}
