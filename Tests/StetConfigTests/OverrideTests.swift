import StetConfig
import StetJSON
import Testing

@Suite struct OverrideTests {
  static let cases: [(String, [String], JSONValue)] = [
    ("model=gpt-5.5", ["model"], "gpt-5.5"), ("model=\"gpt 5\"", ["model"], "gpt 5"),
    ("model=  o3  ", ["model"], "o3"), ("model = 'a#b'", ["model"], "a#b"), ("model=a=b", ["model"], "a=b"),
    ("model=", ["model"], ""), ("tui.mouse=false", ["tui", "mouse"], false),
    ("model_context_window=1_000", ["model_context_window"], 1000),
    ("notify=[\"a\", \"b\"]", ["notify"], ["a", "b"]),
    ("mcp_servers.\"a.b\".command=x", ["mcp_servers", "a.b", "command"], "x"),
    ("tui={ theme = \"mono\" }", ["tui", "theme"], "mono"), ("model=[unclosed", ["model"], "[unclosed"),
    ("model=x\nsandbox_mode = \"danger-full-access\"", ["model"], "x\nsandbox_mode = \"danger-full-access\""),
    ("model=\"x\"\nsandbox_mode = 1", ["model"], "\"x\"\nsandbox_mode = 1"),
  ]

  @Test(arguments: cases)
  func aValueIsTOMLOrElseText(text: String, path: [String], value: JSONValue) throws {
    let configuration = try ConfigBench().load([text])
    var found: JSONValue? = configuration.raw
    for part in path { found = found?[part] }
    #expect(found == value)
    #expect(configuration.sandboxMode == nil)
  }

  @Test func theLastOfTwoWinsAndTablesJoin() throws {
    let configuration = try ConfigBench().load([
      "model=a", "model=b", "model_providers.x.base_url=http://127.0.0.1:9/v1",
      "model_providers.x.wire_api=chat",
      "model_provider=x",
    ])
    #expect(configuration.model == "b")
    let provider = try #require(configuration.providers["x"])
    #expect(provider.baseURL == "http://127.0.0.1:9/v1" && provider.wireAPI == .chat && provider.isLocal)
  }
}
