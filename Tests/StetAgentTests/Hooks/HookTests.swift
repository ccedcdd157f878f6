import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// Hooks of the user around calls, messages and turns (X7), as Claude Code and Codex files have them.
@Suite(.timeLimit(.minutes(10)))
struct HookTests {
  private static let settings = ".claude/settings.json"

  /// A Claude Code settings file as people have it.
  private static let claude = """
    {
      "model": "opus", "permissions": {"allow": ["Bash(ls:*)"]},
      "hooks": {
        "PreToolUse": [
          {"matcher": "Bash", "hooks": [{"type": "command", "command":
            "cat >> '@/pre'; echo >> '@/pre'; grep -q 'rm -rf' '@/pre' && { echo 'rm is not for you' >&2; exit 2; }; exit 0", "timeout": 30}]},
          {"matcher": "Edit|Write", "hooks": [{"type": "command", "command": "cat >> '@/edits'; echo >> '@/edits'"}]}
        ],
        "PostToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command":
          "cat >> '@/post'; echo >> '@/post'; echo '{\\"hookSpecificOutput\\": {\\"hookEventName\\": \\"PostToolUse\\", \\"additionalContext\\": \\"run the linter too\\"}}'"}]}],
        "Notification": [{"hooks": [{"type": "command", "command": "true"}]}]
      }
    }
    """

  @Test("X7, S13: no hook answers for the user whether a host may be reached")
  func x7_noHookAllowsHosts() {
    func ask(_ network: NetworkApprovalContext?) -> HookVerdict? {
      HookVerdict(
        .commandExecutionRequestApproval(
          CommandExecutionRequestApprovalParams(
            threadId: "t", turnId: "u", itemId: "i", startedAtMs: 0, networkApprovalContext: network)),
        isOutside: false)
    }
    #expect(ask(nil) != nil)
    #expect(ask(NetworkApprovalContext(host: "example.org", protocol: .https)) == nil)
  }

  @Test("X7: a Claude Code settings file runs unchanged: told in its words, exit 2 declines with the reason")
  func x7_claude() async throws {
    let house = try HookHouse(
      [
        .call("exec_command", ["cmd": "echo fine"]), .call("exec_command", ["cmd": "rm -rf build"]),
        .text("done"),
      ], [Self.settings: Self.claude])
    house.work.write("build/keep", "x")
    let thread = try await house.start()
    #expect(try await house.harness.turn(thread, "go").status == .completed)
    let told = try house.told("pre")
    #expect(told.count == 2)
    #expect(told[0]["hook_event_name"] == "PreToolUse" && told[0]["tool_name"] == "Bash")
    #expect(told[0]["tool_input"]?["command"] == "echo fine" && told[0]["session_id"]?.stringValue == thread)
    #expect(
      told[0]["cwd"]?.stringValue == house.work.path && told[0]["permission_mode"] == "bypassPermissions")
    #expect(told[0]["tool_use_id"]?.stringValue?.isEmpty == false)
    #expect(house.outputs(2).last == "Command blocked by PreToolUse hook: rm is not for you")
    #expect(house.work.text("build/keep") == "x")
    let commands = house.items.compactMap { if case .commandExecution(let item) = $0 { item } else { nil } }
    #expect(commands.map(\.status) == [.completed, .declined])
    #expect(commands.last?.aggregatedOutput == "rm is not for you")
    // Behind a call that ran, and only there.
    #expect(
      try house.told("post").map { $0["tool_response"]?["stdout"]?.stringValue?.contains("fine") } == [true])
    #expect(house.outputs(1).first?.contains("run the linter too") == true)
    #expect(
      house.runs == [
        "preToolUse started", "preToolUse completed", "postToolUse started", "postToolUse completed",
        "preToolUse started", "preToolUse blocked",
      ])
    house.harness.checkInvariants()
  }

  @Test("X7: a Codex hooks.json runs unchanged: an expression as matcher, deny in JSON")
  func x7_codex() async throws {
    let answer = """
      {"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "deny",
       "permissionDecisionReason": "not on a Friday"}}
      """
    let house = try HookHouse(
      [.call("exec_command", ["cmd": "git push"]), .text("done")],
      [
        ".codex/hooks.json": HookHouse.one(
          "PreToolUse", "cat > /dev/null; echo '\(answer)'", matcher: "^Ba.h$")
      ])
    let thread = try await house.start()
    try await house.harness.turn(thread, "push")
    #expect(house.outputs(1) == ["Command blocked by PreToolUse hook: not on a Friday"])
    #expect(house.runs == ["preToolUse started", "preToolUse blocked"])
  }

  @Test("X7: a guard of files sees each file of a patch, an edit and a write by the names that it knows")
  func x7_files() async throws {
    let guarding = """
      if grep -q '"file_path":"[^"]*/secret"'; then echo 'secret is secret' >&2; exit 2; fi
      """
    let patch = """
      *** Begin Patch
      *** Add File: open
      +a
      *** Add File: secret
      +b
      *** End Patch
      """
    let house = try HookHouse(
      [
        .call("apply_patch", ["input": .string(patch)]),
        .call("write", ["path": "secret", "content": "c"]), .call("write", ["path": "open", "content": "d"]),
        .text("done"),
      ], [Self.settings: HookHouse.one("PreToolUse", guarding, matcher: "Edit|MultiEdit|Write")],
      tools: [ApplyPatchTool(freeform: false), WriteTool()])
    let thread = try await house.start()
    try await house.harness.turn(thread, "go")
    let outputs = house.outputs(3)
    #expect(outputs[0].contains("blocked by PreToolUse hook: secret is secret"))
    #expect(outputs[1].contains("secret is secret") && !outputs[2].contains("blocked"))
    #expect(house.work.text("secret") == nil && house.work.text("open") == "d")
    let changes = house.items.compactMap { if case .fileChange(let item) = $0 { item } else { nil } }
    #expect(changes.map(\.status) == [.declined, .declined, .completed])
  }

  @Test(
    "X7: a hook before a tool that crashes, hangs or talks nonsense: nothing runs where nobody may be asked",
    arguments: ["exit 1", "kill -9 $$", "exec sleep 600", "echo '{nonsense'", "exec /nowhere/guard"])
  func x7_broken(command: String) async throws {
    let house = try HookHouse(
      [.call("exec_command", ["cmd": "touch ran"]), .text("done")],
      [Self.settings: HookHouse.one("PreToolUse", command, more: ", \"timeout\": 1")])
    let thread = try await house.start()
    #expect(try await house.harness.turn(thread, "go").status == .completed)
    #expect(house.outputs(1).first?.hasPrefix("Command blocked by PreToolUse hook: ") == true)
    #expect(house.work.text("ran") == nil)
    #expect(house.runs == ["preToolUse started", "preToolUse failed"])
  }

  @Test("X7: where the user may be asked, a broken hook is a question", arguments: [true, false])
  func x7_brokenAsks(yes: Bool) async throws {
    let house = try HookHouse(
      [.call("exec_command", ["cmd": "touch ran"]), .text("done")],
      [Self.settings: HookHouse.one("PreToolUse", "echo broke >&2; exit 1")])
    house.harness.sink.setAnswer { request in
      guard case .toolRequestUserInput(let params) = request else { return .success(["decision": "accept"]) }
      #expect(params.questions.first?.question.contains("broke") == true)
      return .success(["answers": ["hook": ["answers": [yes ? "Run it" : "Don't run it"]]]])
    }
    let thread = try await house.start(.onRequest)
    try await house.harness.turn(thread, "go")
    #expect((house.work.text("ran") != nil) == yes)
    #expect(house.harness.order().contains("request item/tool/requestUserInput"))
  }

  @Test("X7: updatedInput is what runs, what is shown, and what the model is told")
  func x7_updatedInput() async throws {
    let answer = """
      {"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "allow",
       "updatedInput": {"command": "echo second"}}}
      """
    let house = try HookHouse(
      [.call("exec_command", ["cmd": "echo first"]), .text("done")],
      [Self.settings: HookHouse.one("PreToolUse", "echo '\(answer)'")])
    let thread = try await house.start()
    try await house.harness.turn(thread, "go")
    let output = house.outputs(1).first ?? ""
    #expect(
      output.contains("\nsecond") && !output.contains("\nfirst")
        && output.contains("A PreToolUse hook changed"))
    let commands = house.items.compactMap { if case .commandExecution(let item) = $0 { item } else { nil } }
    #expect(commands.first?.command.contains("echo second") == true)
    house.harness.checkInvariants()
  }

  @Test("X7: PermissionRequest answers for the user: yes runs, no declines with the reason, silence asks")
  func x7_permission() async throws {
    let command = """
      cat > '@/in'
      case $(cat '@/in') in
        *'touch good'*) echo '{"hookSpecificOutput": {"decision": {"behavior": "allow"}}}';;
        *'touch bad'*) echo '{"hookSpecificOutput": {"decision": {"behavior": "deny", "message": "never that"}}}';;
      esac
      """
    let calls = ["good", "bad", "other"].map {
      FakeModel.Step.call("exec_command", ["cmd": .string("touch \($0)")])
    }
    let house = try HookHouse(
      calls + [.text("done")], [Self.settings: HookHouse.one("PermissionRequest", command, matcher: "Bash")])
    house.harness.sink.setAnswer { _ in .success(["decision": "decline"]) }
    let thread = try await house.start(.untrusted)
    try await house.harness.turn(thread, "go")
    #expect(
      house.work.text("good") != nil && house.work.text("bad") == nil && house.work.text("other") == nil)
    #expect(house.outputs(3)[1].contains("never that"))
    let asked = house.harness.order().filter { $0.hasPrefix("request ") }
    #expect(asked == ["request item/commandExecution/requestApproval"], "only what no hook answered")
    house.harness.checkInvariants()
  }
}
