import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// Questions about commands: order of protocol.md §4, decisions, rules, and that a refusal fails closed.
@Suite(.timeLimit(.minutes(10)))
struct CommandApprovalTests {
  private static let make: JSONValue = ["cmd": "touch made"]
  private static let asked = [
    "status active", "status active waitingOnApproval", "started commandExecution",
    "request item/commandExecution/requestApproval", "resolved",
  ]

  private func bench(_ commands: JSONValue...) async throws -> Workbench {
    try await Workbench(
      commands.map { .call("exec_command", $0) } + [.text("done")], approval: .untrusted)
  }

  @Test("accept: asked before it runs, the process id comes with the end")
  func accept() async throws {
    let bench = try await bench(Self.make)
    bench.answer(["decision": "accept"])
    try await bench.turn()
    #expect(
      bench.flow == Self.asked + [
        "status active", "completed commandExecution", "status idle", "turn/completed completed",
      ])
    #expect(bench.work.exists("made"))
    let request = try #require(bench.requests.first)
    #expect(
      request["command"] == "/bin/bash -c 'touch made'" && request["cwd"]?.stringValue == bench.work.path)
    #expect(request["proposedExecpolicyAmendment"] == ["touch", "made"])
    #expect(
      request["availableDecisions"] == [
        "accept", "acceptForSession",
        ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": ["touch", "made"]]], "decline", "cancel",
      ])
    #expect(bench.commands.first?.processId != nil && bench.commands.first?.status == .completed)
  }

  @Test("decline: the item ends before the status, the model is told, the turn goes on")
  func decline() async throws {
    let bench = try await bench(Self.make)
    bench.answer(["decision": "decline", "stet": ["message": "use make"]])
    let turn = try await bench.turn()
    #expect(turn.status == .completed)
    #expect(
      bench.flow == Self.asked + [
        "completed commandExecution", "status active", "status idle", "turn/completed completed",
      ])
    #expect(!bench.work.exists("made"))
    #expect(bench.commands.map(\.status) == [.declined])
    #expect(bench.output() == "The command was rejected by user; it did not run. The user says: use make")
  }

  @Test("cancel: declined, and the turn is interrupted")
  func cancel() async throws {
    let bench = try await bench(Self.make)
    bench.answer(["decision": "cancel"])
    let turn = try await bench.turn()
    #expect(turn.status == .interrupted)
    #expect(
      bench.flow == Self.asked + [
        "completed commandExecution", "status active", "status idle", "turn/completed interrupted",
      ])
    #expect(!bench.work.exists("made") && bench.commands.map(\.status) == [.declined])
  }

  @Test("S11: accepted for the session is this command here, and no other")
  func s11_session() async throws {
    let bench = try await bench(
      Self.make, Self.make, ["cmd": "touch made", "workdir": "sub"], ["cmd": "touch made "])
    bench.work.makeDirectory("sub")
    bench.answer(["decision": "acceptForSession"], ["decision": "decline"], ["decision": "decline"])
    try await bench.turn()
    #expect(bench.commands.map(\.status) == [.completed, .completed, .declined, .declined])
    #expect(bench.requests.count == 3)
  }

  @Test(
    "S11: accepted for the session in the sandbox is asked about again to leave it, and the other way round")
  func s11_sandboxIsPartOfIt() async throws {
    let outside: JSONValue = [
      "cmd": "touch made", "sandbox_permissions": "require_escalated", "justification": "Outside?",
    ]
    for calls in [[Self.make, outside], [outside, Self.make]] {
      let bench = try await bench(calls[0], calls[1])
      bench.answer(["decision": "acceptForSession"], ["decision": "decline"])
      try await bench.turn()
      #expect(bench.requests.count == 2)
      #expect(bench.commands.map(\.status) == [.completed, .declined])
    }
  }

  @Test("S3: what a rule allows runs in the sandbox all the same; what may leave it says so in the rule")
  func s3_rulesKeepTheSandbox() async throws {
    let outside = TempDirectory("outside", in: Workbench.build)
    func touch(_ name: String, escalates: Bool) -> JSONValue {
      var call: JSONObject = ["cmd": .string("touch \(outside.path)/\(name)")]
      if escalates {
        call["sandbox_permissions"] = "require_escalated"
        call["justification"] = "Outside?"
      }
      return .object(call)
    }
    let bench = try await bench(
      touch("a", escalates: false), touch("b", escalates: true), touch("c", escalates: true))
    bench.harness.home.write(
      "rules/a.rules",
      """
      prefix_rule(pattern=["touch"], decision="allow")
      prefix_rule(pattern=["touch", "\(outside.path)/c"], decision="allow", extent="exact", sandbox="off")

      """)
    bench.answer(["decision": "decline"])
    try await bench.turn()
    #expect(outside.names("") == ["c"])
    #expect(bench.commands.map(\.status) == [.failed, .declined, .completed])
    #expect(bench.output().contains("It ran in the sandbox"), "\(bench.output())")
    #expect(bench.requests.count == 1 && bench.requests[0]["stet"]?["sandboxed"] == false)
  }

  @Test("S5: an amendment that was offered is stored and holds; its commands stay in the sandbox")
  func s5_offeredAmendment() async throws {
    let outside = TempDirectory("outside", in: Workbench.build)
    let bench = try await bench(
      ["cmd": "git status -s"], ["cmd": "git status --long"],
      ["cmd": .string("git status > \(outside.path)/x")])
    bench.answer(
      ["decision": ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": ["git", "status"]]]],
      ["decision": "decline"])
    try await bench.turn()
    #expect(bench.requests.count == 2, "a redirect is not covered by the rule")
    #expect(
      bench.harness.home.text("rules/default.rules")
        == "prefix_rule(pattern=[\"git\", \"status\"], decision=\"allow\")\n")
    #expect(bench.commands.map(\.status).last == .declined)
  }

  @Test("S5: an amendment that was not offered fails closed: nothing runs, nothing is stored, one warning")
  func s5_amendmentNotOffered() async throws {
    let bench = try await bench(Self.make)
    bench.answer(["decision": ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": ["touch"]]]])
    let turn = try await bench.turn()
    #expect(turn.status == .completed)
    #expect(bench.commands.map(\.status) == [.failed] && !bench.work.exists("made"))
    #expect(bench.output().hasPrefix("approval request failed"))
    #expect(bench.harness.warnings.count { $0.contains("`touch` was not among those offered") } == 1)
    #expect(!bench.harness.home.exists("rules/default.rules"))
  }

  @Test(
    "an answer that is none fails closed",
    arguments: [
      ["decision": "sure"] as JSONValue, [:], "yes",
      [
        "decision": [
          "applyNetworkPolicyAmendment": ["network_policy_amendment": ["host": "x", "action": "allow"]]
        ]
      ],
    ])
  func nonsense(_ answer: JSONValue) async throws {
    let bench = try await bench(Self.make)
    bench.answer(answer)
    try await bench.turn()
    #expect(bench.commands.map(\.status) == [.failed] && !bench.work.exists("made"))
    #expect(bench.output().hasPrefix("approval request failed"))
    #expect(bench.harness.warnings.contains { $0.contains("The command did not run") })
  }

  @Test("an escalation is asked about with its reason, and runs outside; under never it makes no item")
  func escalation() async throws {
    let outside = TempDirectory("outside", in: Workbench.build)
    let call: JSONValue = [
      "cmd": .string("echo out > \(outside.path)/out"), "sandbox_permissions": "require_escalated",
      "justification": "Write outside?",
    ]
    let bench = try await Workbench([.call("exec_command", call), .text("done")])
    bench.answer(["decision": "accept"])
    try await bench.turn()
    #expect(bench.requests.first?["reason"] == "Write outside?")
    #expect(outside.text("out") == "out\n")

    let never = try await Workbench([.call("exec_command", call), .text("done")], approval: .never)
    try await never.turn()
    #expect(never.completed.allSatisfy { $0.type != "commandExecution" } && never.requests.isEmpty)
    #expect(never.output().contains("The approval policy is `never`"))
  }

  @Test("two calls of one response are asked about at once; the flag goes with the last answer")
  func parallel() async throws {
    let bench = try await Workbench(
      [.calls(("exec_command", ["cmd": "echo 1"]), ("exec_command", ["cmd": "echo 2"])), .text("done")],
      approval: .untrusted)
    let both = Notes()
    bench.sink.setAnswer { [sink = bench.sink] _ in
      if sink.entries.count(where: { if case .request = $0 { true } else { false } }) == 2 {
        both.add("both")
      }
      await both.until("both")
      return .success(["decision": "accept"])
    }
    try await bench.turn()
    #expect(bench.flow.count { $0 == "status active waitingOnApproval" } == 1)
    #expect(bench.output(0).hasSuffix("1\n") && bench.output(1).hasSuffix("2\n"))
  }

  @Test("S11: accepted for the session in a read-only sandbox, a command is asked about when it may write")
  func s11_otherSandbox() async throws {
    let call = FakeModel.Step.call("exec_command", ["cmd": "touch made; echo ran"])
    let bench = try await Workbench(
      [call, call, .text("done"), call, .text("done")], sandbox: .readOnly, approval: .untrusted)
    bench.answer(["decision": "acceptForSession"], ["decision": "decline"])
    try await bench.turn()
    #expect(bench.requests.count == 1 && bench.commands.count == 2)
    let params = ThreadSettingsUpdateParams(threadId: bench.thread, permissions: ":workspace")
    let _: EmptyResponse = try await bench.harness.call {
      bench.harness.agent.threadSettingsUpdate(params, reply: $0)
    }
    _ = try await bench.harness.turn(bench.thread, "again")
    #expect(bench.requests.count == 2 && !bench.work.exists("made"))
  }

  @Test("S1: walls that can't be made are a question, never a reason to run without")
  func s1_brokenWalls() async throws {
    let bench = try await Workbench([.call("exec_command", ["cmd": "touch made"]), .text("done")])
    // More protected places than can be bound.
    for number in 0...2_000 { bench.work.write("d\(number)/.envrc", "") }
    bench.answer(["decision": "decline"])
    try await bench.turn()
    #expect(bench.requests.first?["reason"]?.stringValue?.contains("There is no sandbox here") == true)
    #expect(!bench.work.exists("made") && bench.commands.map(\.status) == [.declined])
  }

  @Test("S6: what a command leaves at a protected place is moved away before anything else runs")
  func s6_quarantine() async throws {
    let bench = try await Workbench([
      .call("exec_command", ["cmd": "mkdir -p sub/.vscode && echo x > sub/.vscode/tasks.json"]),
      .call("exec_command", ["cmd": "ls -A sub"]), .text("done"),
    ])
    try await bench.turn()
    #expect(bench.output(1, request: 2).hasSuffix("Output:\n"))
    let warnings = bench.harness.warnings
    #expect(warnings.contains { $0.contains("sub/.vscode") && $0.contains("moved to") }, "\(warnings)")
  }
}
