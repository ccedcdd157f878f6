import Glibc
import StetAgent
import StetConfig
import StetProtocol
import StetTestSupport
import Testing

/// Keys from the environment, from a program and from the key file (V10).
@Suite(.timeLimit(.minutes(10)))
struct ProviderKeyTests {
  /// A program that prints a new key at each call: `sk-cmd-1`, `sk-cmd-2` …
  private func program(_ directory: TempDirectory, _ body: String? = nil) -> String {
    let path = directory.path("print-key")
    directory.write(
      "print-key",
      body
        ?? "#!/bin/sh\necho x >> \(directory.path)/calls\necho \"  sk-cmd-$(wc -l < \(directory.path)/calls)\"\n"
    )
    chmod(path, 0o700)
    return path
  }

  private func harness(
    _ script: [FakeModel.Step], _ directory: TempDirectory, body: String? = nil, timeoutMs: Int = 30_000
  ) -> AgentHarness {
    AgentHarness(
      script, tools: nil,
      provider: "auth = { command = \"\(program(directory, body))\", timeout_ms = \(timeoutMs) }",
      environment: ["PATH": "/usr/bin:/bin", "HOME": directory.path])
  }

  private func authorizations(_ harness: AgentHarness) -> [String] {
    harness.model.requestHeaders.map { headers in headers.first { $0.0 == "authorization" }?.1 ?? "" }
  }

  private func everything(_ harness: AgentHarness, _ thread: ThreadStartResponse) -> String {
    let path = thread.thread.path.map { String($0.dropFirst(harness.home.path.count + 1)) }
    let log = path.flatMap { harness.home.text($0) } ?? "no log sk-cmd"
    return harness.sink.entries.map { "\($0)" }.joined() + log
  }

  @Test("V10: a key that a program prints is sent, kept for the next turns, and nowhere to be found")
  func v10_command() async throws {
    let directory = TempDirectory("keys")
    let harness = harness([.text("one"), .call("exec_command", ["cmd": "env"]), .text("two")], directory)
    let thread = try await harness.start()
    try await harness.turn(thread.thread.id, "hi")
    try await harness.turn(thread.thread.id, "again")
    #expect(authorizations(harness) == ["Bearer sk-cmd-1", "Bearer sk-cmd-1", "Bearer sk-cmd-1"])
    #expect(!everything(harness, thread).contains("sk-cmd"))
    #expect(!harness.model.bodies.contains { String(decoding: $0, as: UTF8.self).contains("sk-cmd") })
  }

  @Test("L8: V10: a refused key is asked for anew once; refused again the turn stops")
  func l8_refresh() async throws {
    let directory = TempDirectory("keys")
    let refused = FakeModel.Step.status(401, body: #"{"error":{"message":"no"}}"#)
    let harness = harness([refused, .text("one"), .text("two"), refused, refused], directory)
    let thread = try await harness.start()
    #expect(try await harness.turn(thread.thread.id, "hi").status == .completed)
    #expect(try await harness.turn(thread.thread.id, "hi").status == .completed)
    #expect(authorizations(harness) == ["Bearer sk-cmd-1", "Bearer sk-cmd-2", "Bearer sk-cmd-2"])
    let turn = try await harness.turn(thread.thread.id, "hi")
    #expect(turn.status == .failed && turn.error?.codexErrorInfo == .unauthorized)
    #expect(harness.model.requests.count == 5)
    #expect(!everything(harness, thread).contains("sk-cmd"))
  }

  @Test(
    "V10: a program that fails says so without a word of what it printed",
    arguments: [
      ("echo sk-cmd-leak; echo sk-cmd-leak >&2; exit 3", "ended with exit status 3"),
      ("echo sk-cmd-leak with words", "printed no key"), ("true", "printed no key"),
      ("echo sk-cmd-leak; exec sleep 60", "took longer than 300 ms"),
    ])
  func v10_failures(body: String, text: String) async throws {
    let directory = TempDirectory("keys")
    let harness = harness([], directory, body: "#!/bin/sh\n\(body)\n", timeoutMs: 300)
    let thread = try await harness.start()
    let turn = try await harness.turn(thread.thread.id, "hi")
    #expect(turn.status == .failed)
    #expect(turn.error?.message.contains("print-key, which prints the key for Mock, \(text)") == true)
    #expect(!everything(harness, thread).contains("sk-cmd-leak"))
  }

  @Test("V10: no command gets the variable of any provider's key, whatever it is called")
  func v10_childEnvironment() async throws {
    let bench = try await Workbench(
      [.call("exec_command", ["cmd": "env"]), .text("done")], approval: .never,
      environment: ["CORP_ENTRY": "value-of-entry", "CORP_PLAIN": "value-of-header", "CORP_OTHER": "shown"],
      // Only so may a command see what is not on the list of the usual ones.
      settings: "shell_environment_policy.inherit = \"all\"")
    let config = bench.harness.home.text("config.toml") ?? ""
    bench.harness.home.write(
      "config.toml",
      config + """

        [model_providers.corp]
        base_url = "https://llm.invalid/v1"
        env_key = "CORP_ENTRY"
        env_http_headers = { X-Corp = "CORP_PLAIN" }
        """)
    try await bench.turn()
    let output = bench.output()
    #expect(!output.contains("value-of-entry") && !output.contains("value-of-header"))
    #expect(output.contains("PATH=") && output.contains("CORP_OTHER=shown"))
  }

  @Test("V10: a key file that others may read is refused, with the fix")
  func v10_fileMode() async throws {
    let harness = AgentHarness([.text("x")], model: nil)
    harness.home.write(
      "config.toml",
      """
      model = "m"
      model_provider = "groq"
      [model_providers.groq]
      base_url = "\(harness.model.url)"
      """)
    harness.home.write("auth.json", #"{"GROQ_API_KEY": "sk-file"}"#)
    let path = harness.home.path("auth.json")
    chmod(path, 0o640)
    let file = APIKeyFile(home: StetHome(root: harness.home.path))
    #expect(
      file.problem
        == "Others may read \(path) (mode 640), so the key in it is not used; run chmod 600 \(path).")
    chmod(path, 0o600)
    #expect(file.problem == nil)
    let thread = try await harness.start()
    #expect(try await harness.turn(thread.thread.id, "hi").status == .completed)
    #expect(authorizations(harness) == ["Bearer sk-file"])
  }
}
