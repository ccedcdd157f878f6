import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// Hosts that sandboxed commands want to reach: asked about one by one, remembered, refused.
@Suite(.timeLimit(.minutes(10))) struct NetworkTests {
  private let server: LoopbackServer
  private var name: String { "localhost:\(server.port)" }

  init() throws { server = try LoopbackServer { $0.respond(200, body: "it is served") } }

  /// A command that asks for the server so many times.
  private func get(_ times: Int = 1) -> FakeModel.Step {
    let script = """
      import http.client, os
      for n in range(\(times)):
        c = http.client.HTTPConnection(os.environ["HTTP_PROXY"].split("//")[1], timeout=100)
        c.request("GET", "http://\(name)/"); r = c.getresponse(); print(r.status, r.read().decode().strip())
      """
    return .call("exec_command", ["cmd": .string("python3 -c '\(script)'"), "yield_time_ms": 30_000])
  }

  @Test("S13: a command is asked about by host; once is for this command, however often it connects")
  func s13_once() async throws {
    let bench = try await Workbench([get(2), get(), .text("done")])
    bench.answer(["decision": "accept"], ["decision": "decline", "stet": ["message": "use the cache"]])
    try await bench.turn()
    #expect(bench.output().hasSuffix("Output:\n200 it is served\n200 it is served\n"), "\(bench.output())")
    let request = try #require(bench.requests.first)
    #expect(request["networkApprovalContext"] == ["host": .string(name), "protocol": "http"])
    #expect(
      request["itemId"]?.stringValue == bench.commands.first?.id && request["approvalId"]?.stringValue != nil)
    #expect(request["reason"]?.stringValue?.contains("this machine") == true)
    #expect(request["stet"]?["consent"]?["rules"]?[0]?["text"]?.stringValue == "reaching http://\(name)")
    let second = bench.output(1, request: 2)
    #expect(
      second.contains("403") && second.contains("the user did not allow it; the user says: use the cache"))
    #expect(bench.requests.count == 2 && server.connections == 2)
  }

  @Test(
    "S13: accepted for the session it is asked once a thread; a rule holds in the next one and is revoked")
  func s13_remembered() async throws {
    let bench = try await Workbench([get(), get(), .text("done")])
    bench.answer(["decision": "acceptForSession"])
    try await bench.turn()
    #expect(bench.requests.count == 1 && bench.output(1, request: 2).contains("200 it is served"))

    let rule = try await Workbench([get(), get(), .text("done")])
    rule.answer(["decision": "accept", "stet": ["remember": ["offer": 0, "scope": "project", "days": 30]]])
    try await rule.turn()
    #expect(rule.requests.count == 1 && rule.output(1, request: 2).contains("200 it is served"))
    let line = try #require(rule.harness.home.text("rules/default.rules"))
    #expect(
      line.hasPrefix(
        "network_rule(host=\"\(name)\", protocol=\"http\", decision=\"allow\", project=\"\(rule.work.path)\", until=\""
      ))
    #expect(rule.harness.warnings.isEmpty, "\(rule.harness.warnings)")
  }

  @Test("S13: a rule decides without a question, a denial before all, and never means no question")
  func s13_rules() async throws {
    func run(_ rules: String, _ approval: AskForApproval) async throws -> (String, Int) {
      let bench = try await Workbench([get(), .text("done")], approval: approval)
      bench.harness.home.write("rules/default.rules", rules)
      try await bench.turn()
      return (bench.output(), bench.requests.count)
    }
    let allow = "network_rule(host=\"\(name)\", protocol=\"http\", decision=\"allow\")\n"
    let deny = "network_rule(host=\"\(name)\", protocol=\"http\", decision=\"deny\")\n"
    let other = "network_rule(host=\"\(name)\", protocol=\"https\", decision=\"allow\")\n"
    #expect(try await run(allow, .never).0.contains("200 it is served"))
    #expect(try await run(allow + deny, .never).0.contains("a rule of the user forbids it"))
    let (text, questions) = try await run(other, .never)
    #expect(text.contains("no rule allows it") && questions == 0)
    #expect(server.connections == 1)
  }

  @Test(
    "S5: an answer that was not offered reaches nothing and stores nothing",
    arguments: [
      [
        "decision": [
          "applyNetworkPolicyAmendment": ["network_policy_amendment": ["host": "*", "action": "allow"]]
        ]
      ],
      ["decision": ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": ["python3"]]]],
      ["decision": "sure"], [:],
      ["decision": "accept", "stet": ["remember": ["offer": 1, "scope": "user"]]],
    ] as [JSONValue])
  func s5_notOffered(_ answer: JSONValue) async throws {
    let bench = try await Workbench([get(), .text("done")])
    bench.answer(answer)
    try await bench.turn()
    #expect(bench.output().contains("the approval request failed"), "\(bench.output())")
    #expect(bench.harness.warnings.count == 1 && !bench.harness.home.exists("rules/default.rules"))
    #expect(server.connections == 0)
  }

  @Test("S13: Codex's amendment is a rule for the host; cancel stops the turn and ends the command")
  func s13_amendmentAndCancel() async throws {
    let bench = try await Workbench([get(), .text("done")])
    bench.answer([
      "decision": [
        "applyNetworkPolicyAmendment": [
          "network_policy_amendment": ["host": .string(name), "action": "allow"]
        ]
      ]
    ])
    try await bench.turn()
    #expect(bench.output().contains("200 it is served"))
    #expect(
      bench.harness.home.text("rules/default.rules")
        == "network_rule(host=\"\(name)\", protocol=\"http\", decision=\"allow\")\n")

    let stopped = try await Workbench([get(), .text("not reached")])
    stopped.answer(["decision": "cancel"])
    let turn = try await stopped.turn()
    #expect(turn.status == .interrupted && stopped.commands.count == 1)
    #expect(server.connections == 1)
  }

  @Test("S13: an interrupt while the question is open ends it and the command")
  func s13_interrupt() async throws {
    let bench = try await Workbench([get(), .text("not reached")])
    bench.sink.setAnswer { _ in nil }
    let harness = bench.harness
    let turn = try await harness.begin(bench.thread, "go")
    await bench.untilRequest()
    try await harness.interrupt(bench.thread, turn.id)
    #expect(await harness.ended(turn.id).status == .interrupted)
    #expect(server.connections == 0)
  }

  @Test("S13: an answer that comes after the interrupt lets nothing out, though the command still lives")
  func s13_lateAnswer() async throws {
    let notes = Notes()
    let work = TempDirectory("work", in: Workbench.build)
    // It hears no TERM, and writes down what became of its request.
    work.write(
      "ask.py",
      """
      import http.client, os, signal
      signal.signal(signal.SIGTERM, signal.SIG_IGN)
      try:
        c = http.client.HTTPConnection(os.environ["HTTP_PROXY"].split("//")[1], timeout=100)
        c.request("GET", "http://\(name)/"); said = str(c.getresponse().status)
      except OSError: said = "closed"
      open("said.part", "w").write(said); os.rename("said.part", "said")
      """)
    // Keeps the turn, and with it the question, open beyond the interrupt.
    let slow = ScriptedTool("slow") { _, _ in
      await notes.until("answered")
      return .text("at last", success: true)
    }
    let harness = AgentHarness(
      [.calls(("slow", [:]), ("exec_command", ["cmd": "python3 ask.py"])), .text("not reached")],
      tools: [ExecCommandTool(), slow],
      environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": work.path, "SHELL": "/bin/sh"],
      home: TempDirectory("home", in: Workbench.build), work: work)
    var params = ThreadStartParams(cwd: work.path)
    params.sandbox = .workspaceWrite
    params.approvalPolicy = .onRequest
    let thread = try await harness.start(params).thread.id
    let sink = harness.sink
    sink.setAnswer { _ in
      await sink.until { entries in
        entries.contains {
          if case .notification(.itemCompleted(let value)) = $0, case .commandExecution = value.item {
            true
          } else {
            false
          }
        }
      }
      return .success(["decision": "accept"])
    }
    let turn = try await harness.begin(thread, "go")
    await sink.until { $0.contains { if case .request = $0 { true } else { false } } }
    try await harness.interrupt(thread, turn.id)
    await sink.until { $0.contains { if case .mark("resolved") = $0 { true } else { false } } }
    // It has heard, or the end of the grace took it.
    let mine = "\(work.path)"
    while work.text("said") == nil, try await isAlive(in: mine) {}
    notes.add("answered")
    #expect(await harness.ended(turn.id).status == .interrupted)
    #expect(server.connections == 0 && work.text("said") != "200")
  }

  /// Whether a process has this working directory.
  private func isAlive(in directory: String) async throws -> Bool {
    let found = try await BypassGround.shell(
      "for p in /proc/[0-9]*; do readlink $p/cwd; done 2>/dev/null | grep -cxF '\(directory)'; true", in: "/")
    return found != "0\n"
  }
}
