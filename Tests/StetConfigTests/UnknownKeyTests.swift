import StetConfig
import Testing

@Suite struct UnknownKeyTests {
  @Test(arguments: [
    ("modle = \"x\"", "model", 1), ("modelProvider = \"openai\"", "model_provider", 1),
    ("\n\nmodel-provider = \"openai\"", "model_provider", 3), ("sandbox = \"read-only\"", "sandbox_mode", 1),
    ("aproval_policy = \"never\"", "approval_policy", 1),
    ("reasoning_effort = \"low\"", "model_reasoning_effort", 1),
    ("[tui]\nthem = \"x\"", "tui.theme", 2), ("[tui]\nmodel = \"x\"", "model", 2),
    ("[model_providers.a]\nbase_url = \"http://h\"\nenvkey = \"K\"", "model_providers.a.env_key", 3),
    ("[mcp_server.a]\ncommand = \"x\"", "mcp_servers", 1), ("theme = \"x\"", "tui.theme", 1),
    ("network_access = true", "sandbox_workspace_write.network_access", 1),
    ("[projects.\"/a\"]\ntrust = \"x\"", "projects.\"/a\".trust_level", 2),
  ]) func anUnknownKeyWarnsWithTheNearestOne(text: String, suggestion: String, line: Int) throws {
    let bench = ConfigBench(text)
    let warning = try #require(try bench.load().warnings.first)
    #expect(warning.suggestion == suggestion, "\(warning)")
    #expect(warning.line == line && warning.file == bench.file)
    #expect(warning.description.contains(suggestion))
  }

  @Test func aKeyThatIsNearNothingWarnsWithoutAGuess() throws {
    let configuration = try ConfigBench("zzqqxx = 1\nmodel = \"kept\"\n").load()
    #expect(configuration.warnings.map(\.suggestion) == [nil])
    #expect(configuration.warnings.first?.message.contains("ignored") == true)
    #expect(configuration.model == "kept")
    #expect(configuration.raw["zzqqxx"] == nil)
  }

  @Test func unknownKeysOfTheCommandLineWarnToo() throws {
    let configuration = try ConfigBench().load(["modle=x"])
    #expect(configuration.warnings.first?.file == "-c modle=x")
    #expect(configuration.warnings.first?.suggestion == "model")
  }
}
