import StetConfig
import StetJSON
import StetProtocol
import Testing

@Suite struct ConfigurationTests {
  @Test func withoutAFileEverythingIsUnset() throws {
    let configuration = try ConfigBench().load()
    #expect(configuration.model == nil)
    #expect(configuration.approvalPolicy == nil && configuration.sandboxMode == nil)
    #expect(configuration.editReview == nil && configuration.theme == nil)
    #expect(configuration.warnings.isEmpty && configuration.layers.isEmpty)
    #expect(configuration.projectDocMaxBytes == 32_768)
    #expect(configuration.providers["openai"]?.baseURL == "https://api.openai.com/v1")
    #expect(configuration.isTrusted(directory: "/tmp") == nil)
  }

  @Test func whatUndoKeepsCanBeSet() throws {
    let snapshot = try ConfigBench(
      """
      [snapshot]
      include = [".env", "data/*.csv"]
      network = true
      file_bytes = 33_554_432
      total_bytes = 1_073_741_824
      days = 7
      """
    ).load().snapshot
    #expect(snapshot.include == [".env", "data/*.csv"] && snapshot.network)
    #expect(snapshot.fileBytes == 32 << 20 && snapshot.totalBytes == 1 << 30 && snapshot.days == 7)
    #expect(snapshot.newFiles == nil && snapshot.storeBytes == nil)
    #expect(throws: ConfigurationError.self) { try ConfigBench("[snapshot]\nfile_bytes = \"16 MB\"").load() }
  }

  @Test func theKeysThatCodexUsersKnowAreRead() throws {
    let bench = ConfigBench(
      """
      model = "gpt-5.5"
      model_provider = "corp"
      approval_policy = "on-request"
      approvals_reviewer = "auto_review"
      sandbox_mode = "workspace-write"
      model_reasoning_effort = "high"
      model_reasoning_summary = "concise"
      model_context_window = 272_000
      model_auto_compact_token_limit = 200000
      hide_agent_reasoning = true
      notify = ["notify-send", "stet"]
      edit_review = "atEnd"

      [sandbox_workspace_write]
      writable_roots = ["/data"]
      network_access = true

      [model_providers.corp]
      name = "Corp"
      base_url = "https://llm.corp/v1/"
      wire_api = "chat"
      env_key = "CORP_KEY"
      http_headers = { X-Team = "tools" }
      env_http_headers = { X-User = "CORP_USER", X-None = "CORP_NONE" }
      request_max_retries = 1
      stream_max_retries = 2
      stream_idle_timeout_ms = 60000

      [mcp_servers.docs]
      command = "docs-server"
      args = ["--stdio"]
      env = { MODE = "ro" }
      startup_timeout_sec = 2.5

      [mcp_servers.remote]
      url = "https://mcp.corp/"
      bearer_token_env_var = "MCP_TOKEN"
      enabled = false

      [tui]
      theme = "meadow"
      notifications = ["agent-turn-complete"]
      """)
    let configuration = try bench.load()
    #expect(configuration.warnings.isEmpty)
    #expect(configuration.model == "gpt-5.5")
    #expect(configuration.approvalPolicy == .onRequest)
    #expect(configuration.approvalsReviewer == .autoReview)
    #expect(configuration.sandboxMode == .workspaceWrite)
    #expect(
      configuration.workspaceWrite.writableRoots == ["/data"] && configuration.workspaceWrite.networkAccess)
    #expect(configuration.reasoningEffort == "high" && configuration.reasoningSummary == .concise)
    #expect(configuration.contextWindow == 272_000 && configuration.autoCompactTokenLimit == 200_000)
    #expect(configuration.hidesReasoning && configuration.notify == ["notify-send", "stet"])
    #expect(configuration.editReview == .atEnd)
    let provider = try #require(configuration.providers[configuration.modelProvider ?? ""])
    #expect(provider.baseURL == "https://llm.corp/v1" && provider.wireAPI == .chat && !provider.isLocal)
    #expect(provider.requestMaxRetries == 1 && provider.streamMaxRetries == 2)
    #expect(provider.streamIdleTimeoutMs == 60_000)
    #expect(provider.apiKey(environment: ["CORP_KEY": "k"]) == "k")
    #expect(provider.apiKey(environment: ["CORP_KEY": ""]) == nil)
    let headers = provider.headers(environment: ["CORP_USER": "ada"])
    #expect(headers.map(\.name) == ["X-Team", "X-User"] && headers.map(\.value) == ["tools", "ada"])
    let docs = try #require(configuration.mcpServers["docs"])
    #expect(docs.transport == .stdio(command: "docs-server", arguments: ["--stdio"], cwd: nil))
    #expect(docs.startupTimeoutMs == 2500 && docs.toolTimeoutMs == 120_000 && docs.isEnabled)
    #expect(configuration.mcpServers["remote"]?.transport == .http(url: "https://mcp.corp/"))
    #expect(configuration.mcpServers["remote"]?.isEnabled == false)
    #expect(configuration.theme == "meadow")
    #expect(configuration.tui.notifications == .only(["agent-turn-complete"]))
    #expect(configuration.raw["mcp_servers"]?["docs"]?["env"]?["MODE"] == "ro")
  }

  @Test func whatOnlyCodexActsOnIsAcceptedWithoutAWord() throws {
    let bench = ConfigBench(
      """
      check_for_update_on_startup = false
      disable_paste_burst = true
      file_opener = "vscode"
      personality = "pragmatic"
      chatgpt_base_url = "https://chatgpt.com/backend-api/"
      [analytics]
      enabled = false
      [features]
      unified_exec = true
      some_future_flag = true
      [history]
      persistence = "none"
      [notice]
      hide_full_access_warning = true
      [otel]
      exporter = { otlp-http = { endpoint = "http://x", protocol = "json" } }
      [tools]
      web_search = true
      view_image = true
      update_plan = { enabled = true }
      [shell_environment_policy]
      inherit = "core"
      set = { CI = "1" }
      [[skills.config]]
      path = "/skills/a"
      enabled = false
      [tui.keymap.composer]
      submit = "ctrl-enter"
      [profiles.quick]
      model = "small"
      personality = "none"
      """)
    let configuration = try bench.load()
    #expect(configuration.warnings.map(\.description) == [])
    #expect(!configuration.savesHistory)
    #expect(
      configuration.shellEnvironment.inherit == .core && configuration.shellEnvironment.set == ["CI": "1"])
  }

  @Test func aPolicyThatIsGoneIsMappedWithAWarning() throws {
    let configuration = try ConfigBench("\napproval_policy = \"on-failure\"\n").load()
    #expect(configuration.approvalPolicy == .onRequest)
    #expect(configuration.warnings.map(\.line) == [2])
    let granular = try ConfigBench(
      "[approval_policy.granular]\nsandbox_approval = true\nrules = false\nmcp_elicitations = true\n"
    ).load()
    guard case .granular(let policy) = granular.approvalPolicy else {
      Issue.record("not granular")
      return
    }
    #expect(policy.sandboxApproval && !policy.rules && policy.mcpElicitations)
  }

  @Test func laterLayersWinMemberByMember() throws {
    let bench = ConfigBench(
      """
      model = "base"
      model_reasoning_effort = "low"
      profile = "deep"
      [tui]
      theme = "ember"
      mouse = false
      [profiles.deep]
      model = "profile"
      model_reasoning_effort = "high"
      [profiles.other]
      model = "other"
      """)
    #expect(try bench.load().model == "profile")
    #expect(try bench.load().origin(of: ["model"])?.source == .profile(name: "deep", file: bench.file))
    #expect(try bench.load(profile: "other").model == "other")
    #expect(try bench.load(["profile=other"]).model == "other")
    let command = try bench.load(["model=cli", "tui.theme=paper"])
    #expect(command.model == "cli" && command.reasoningEffort == "high")
    #expect(command.theme == "paper" && !command.tui.mouse)
    #expect(command.origin(of: ["model"])?.source == .commandLine)
    #expect(command.origin(of: ["tui", "mouse"])?.source == .user(file: bench.file))
    #expect(command.origin(of: ["notify"]) == nil)
    let session = try bench.load(
      ["model=cli"], session: ["model": "thread", "tui.theme": "mono", "model_reasoning_effort": nil])
    #expect(session.model == "thread" && session.theme == "mono" && session.reasoningEffort == nil)
    #expect(session.layers.last?.source == .session)
  }
}
