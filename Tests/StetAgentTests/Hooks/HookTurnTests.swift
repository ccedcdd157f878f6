import Glibc
import StetConfig
import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// Hooks around messages, turns and sessions (X7), and the program of `notify` (X8).
@Suite(.timeLimit(.minutes(10)))
struct HookTurnTests {
  private static let settings = ".claude/settings.json"

  @Test(
    "X7: SessionStart once and UserPromptSubmit each time: their words go behind the message, the prefix stays"
  )
  func x7_opening() async throws {
    let file = """
      {"hooks": {
        "SessionStart": [{"matcher": "startup|resume", "hooks": [{"type": "command", "command":
          "cat >> '@/start'; echo >> '@/start'; echo the branch is main"}]}],
        "UserPromptSubmit": [{"hooks": [{"type": "command", "command":
          "cat >> '@/said'; echo >> '@/said'; echo '{\\"hookSpecificOutput\\": {\\"additionalContext\\": \\"it rains\\"}}'"}]}]
      }}
      """
    let house = try HookHouse([.text("one"), .text("two")], [Self.settings: file])
    let thread = try await house.start()
    try await house.harness.turn(thread, "first")
    try await house.harness.turn(thread, "second")
    #expect(try house.told("start").map { $0["source"] } == ["startup"])
    #expect(try house.told("said").map { $0["prompt"] } == ["first", "second"])
    func texts(_ request: Int) -> [String] {
      house.harness.input(request).compactMap { $0["content"]?[0]?["text"]?.stringValue }
    }
    #expect(
      texts(0).suffix(3) == [
        "first", "<hook_context event=\"SessionStart\">\nthe branch is main\n</hook_context>",
        "<hook_context event=\"UserPromptSubmit\">\nit rains\n</hook_context>",
      ])
    #expect(texts(1).suffix(2).first == "second")
    house.harness.checkInvariants()
  }

  @Test("X7: SessionStart hears that a thread took the place of one that was cleared")
  func x7_cleared() async throws {
    let file = HookHouse.one("SessionStart", "cat >> '@/start'; echo >> '@/start'")
    let house = try HookHouse([.text("one")], [Self.settings: file])
    let thread = try await house.harness.start(ThreadStartParams(sessionStartSource: .clear)).thread.id
    try await house.harness.turn(thread, "first")
    #expect(try house.told("start").map { $0["source"] } == ["clear"])
  }

  @Test("X7: a message that UserPromptSubmit blocks never reaches the model; the thread goes on")
  func x7_blockedMessage() async throws {
    let command = "if grep -q password; then echo 'no passwords here' >&2; exit 2; fi"
    let house = try HookHouse(
      [.text("fine")], [Self.settings: HookHouse.one("UserPromptSubmit", command)])
    let thread = try await house.start()
    let turn = try await house.harness.turn(thread, "my password is x")
    #expect(turn.status == .failed && turn.error?.message.contains("no passwords here") == true)
    #expect(house.harness.model.requests.isEmpty)
    #expect(try await house.harness.turn(thread, "hello").status == .completed)
    #expect(!String(decoding: house.harness.model.bodies[0], as: UTF8.self).contains("my password"))
    house.harness.checkInvariants()
  }

  @Test("X7: a steer is shown to UserPromptSubmit too, and a blocked one goes nowhere")
  func x7_blockedSteer() async throws {
    let command = "if grep -q password; then echo 'no passwords here' >&2; exit 2; fi"
    let gate = Gate()
    let house = try HookHouse(
      [.respond([.text("wait"), .gate(gate)]), .text("fine")],
      [Self.settings: HookHouse.one("UserPromptSubmit", command)])
    let thread = try await house.start()
    let turn = try await house.harness.begin(thread, "go")
    await house.harness.model.untilRequests(1)
    for text in ["my password is x", "and hurry"] {
      let params = TurnSteerParams(threadId: thread, expectedTurnId: turn.id, input: [.text(text)])
      let _: TurnSteerResponse = try await house.harness.call {
        house.harness.agent.turnSteer(params, reply: $0)
      }
    }
    #expect(await house.harness.ended(turn.id).status == .completed)
    gate.open()
    #expect(house.harness.warnings.contains { $0.contains("no passwords here") })
    let body = String(decoding: house.harness.model.bodies.last ?? [], as: UTF8.self)
    #expect(body.contains("and hurry") && !body.contains("my password"))
    house.harness.checkInvariants()
  }

  @Test("X7: a Stop hook sends the model on, is told so the next time, and the turn ends when it is content")
  func x7_stop() async throws {
    let command = """
      cat >> '@/stop'; echo >> '@/stop'
      if tail -n 2 '@/stop' | grep -q '"stop_hook_active":true'; then exit 0; fi
      echo '{"decision": "block", "reason": "run the tests first"}'
      """
    let house = try HookHouse(
      [.text("done"), .text("now they pass")], [Self.settings: HookHouse.one("Stop", command)])
    let thread = try await house.start()
    #expect(try await house.harness.turn(thread, "go").status == .completed)
    let told = try house.told("stop")
    #expect(told.map { $0["last_assistant_message"] } == ["done", "now they pass"])
    #expect(told.map { $0["stop_hook_active"] } == [false, true])
    #expect(
      house.harness.input(1).last?["content"]?[0]?["text"]?.stringValue?.contains("run the tests first")
        == true)
    house.harness.checkInvariants()
  }

  @Test("X7: a Stop hook that never has enough is stopped")
  func x7_stopForever() async throws {
    let script = Array(repeating: FakeModel.Step.text("again"), count: 30)
    let house = try HookHouse(
      script, [Self.settings: HookHouse.one("Stop", "cat > /dev/null; echo 'more' >&2; exit 2")])
    let thread = try await house.start()
    #expect(try await house.harness.turn(thread, "go").status == .completed)
    #expect(house.harness.model.requests.count == 21)
    #expect(house.harness.warnings.contains { $0.contains("sent the model on 20 times") })
  }

  @Test(
    "X7: an interrupt ends a hook that hangs, and the Interrupt hook hears of it; a message not judged is not sent"
  )
  func x7_interrupt() async throws {
    let file = """
      {"hooks": {
        "UserPromptSubmit": [{"hooks": [{"type": "command", "command":
          "grep -q secret || exit 0; echo $$ > '@/pid'; exec sleep 600"}]}],
        "Interrupt": [{"hooks": [{"type": "command", "command": "cat > '@/stopped'"}]}]
      }}
      """
    let house = try HookHouse([.text("fine")], [Self.settings: file])
    let thread = try await house.start()
    let turn = try await house.harness.begin(thread, "a secret")
    _ = try await eventually("the hook runs") { house.user.text("pid").flatMap { $0.isEmpty ? nil : $0 } }
    try await house.harness.interrupt(thread, turn.id)
    #expect(await house.harness.ended(turn.id).status == .interrupted)
    _ = try await eventually("the Interrupt hook ran") {
      house.user.text("stopped").flatMap { $0.contains("\"hook_event_name\":\"Interrupt\"") ? $0 : nil }
    }
    #expect(try await house.harness.turn(thread, "hello").status == .completed)
    let body = String(decoding: house.harness.model.bodies[0], as: UTF8.self)
    #expect(body.contains("hello") && !body.contains("a secret"))
    house.harness.checkInvariants()
  }

  @Test("X7: PreCompact can stop a compaction; after one SessionStart hears of it")
  func x7_compact() async throws {
    let file = """
      {"hooks": {
        "PreCompact": [{"matcher": "manual", "hooks": [{"type": "command", "command":
          "cat > /dev/null; if [ -e '@/no' ]; then echo 'keep it all' >&2; exit 2; fi"}]}],
        "SessionStart": [{"hooks": [{"type": "command", "command": "cat >> '@/start'; echo >> '@/start'"}]}]
      }}
      """
    let summary = String(repeating: "The summary of what was done. ", count: 20)
    let house = try HookHouse([.text("one"), .text(summary), .text("two")], [Self.settings: file])
    let thread = try await house.start()
    try await house.harness.turn(thread, "first")
    house.user.write("no", "")
    #expect(try await compact(house, thread).error?.message.contains("keep it all") == true)
    #expect(house.harness.model.requests.count == 1)
    unlink(house.user.path("no"))
    #expect(try await compact(house, thread).status == .completed)
    try await house.harness.turn(thread, "second")
    #expect(try house.told("start").map { $0["source"] } == ["startup", "compact"])
  }

  private func compact(_ house: HookHouse, _ thread: String) async throws -> Turn {
    let harness = house.harness
    harness.sink.mark("compact")
    let _: EmptyResponse = try await harness.call {
      harness.agent.threadCompactStart(ThreadCompactStartParams(threadId: thread), reply: $0)
    }
    return await harness.ended(await harness.begun(after: "compact"))
  }

  @Test(
    "X7, S14: nothing runs before the user agreed, nor after it changed; a project's not before it is trusted"
  )
  func x7_trust() async throws {
    let hook = HookHouse.one("UserPromptSubmit", "sh tools/guard.sh '@/ran'")
    let house = try HookHouse(
      Array(repeating: .text("fine"), count: 4),
      project: [Self.settings: hook, "tools/guard.sh": "echo >> $1"],
      agreed: false)
    #expect(try house.catalog.handlers.map(\.trust) == [.untrusted])
    let thread = try await house.start()
    try await house.harness.turn(thread, "one")
    #expect(house.user.text("ran") == nil)
    #expect(house.harness.warnings.contains { $0.contains("1 hook does not run until you agree") })
    try house.agree()
    try await house.harness.turn(thread, "two")
    #expect(house.user.text("ran") == "\n")
    // What the command runs belongs to it: the project could change it without a word.
    house.work.write("tools/guard.sh", "echo evil >> $1")
    #expect(try house.catalog.handlers.map(\.trust) == [.modified])
    try await house.harness.turn(thread, "three")
    #expect(house.user.text("ran") == "\n")
    house.work.write("tools/guard.sh", "echo >> $1")
    try ConfigurationFile.update(path: house.harness.home.path("config.toml")) {
      (file) throws(ConfigurationError) in try file.trust(directory: house.work.path, false)
    }
    #expect(try house.catalog.handlers.map(\.trust) == [.untrusted])
  }

  @Test("X7, S14: a turn can't change what a project's hook runs: it counts as broken from then on")
  func x7_changedMeanwhile() async throws {
    let house = try HookHouse(
      [
        .call("exec_command", ["cmd": "echo 'echo evil >> $1' > tools/guard.sh"]),
        .call("exec_command", ["cmd": "touch ran"]), .text("done"),
      ],
      project: [
        Self.settings: HookHouse.one("PreToolUse", "sh \"$CLAUDE_PROJECT_DIR/tools/guard.sh\" '@/said'"),
        "tools/guard.sh": "echo fine >> $1",
      ])
    let thread = try await house.start()
    try await house.harness.turn(thread, "go")
    #expect(house.user.text("said") == "fine\n")
    #expect(house.work.text("ran") == nil)
    #expect(house.outputs(2).last?.contains("has changed since you agreed") == true)
  }

  @Test("X7: who wants no hooks has none, and is not asked about them", arguments: [true, false])
  func x7_off(isOn: Bool) async throws {
    let house = try HookHouse(
      [.text("fine")], [Self.settings: HookHouse.one("UserPromptSubmit", "touch '@/ran'")], agreed: isOn,
      settings: "features.hooks = \(isOn)")
    let thread = try await house.start()
    try await house.harness.turn(thread, "go")
    #expect((house.user.text("ran") != nil) == isOn)
    #expect(!house.harness.warnings.contains { $0.contains("until you agree") })
  }

  @Test("X7: what can't be run is told, with the file")
  func x7_told() throws {
    let house = try HookHouse(
      [],
      [
        ".claude/settings.json":
          #"{"hooks": {"PreToolUse": [{"hooks": [{"type": "prompt", "prompt": "ok?"}]}]}}"#,
        ".codex/hooks.json": "{not json",
        ".claude/settings.local.json": HookHouse.one("Gossip", "true"),
      ], settings: "")
    let catalog = try house.catalog
    #expect(catalog.handlers.isEmpty && catalog.errors.map(\.path) == [house.user.path(".codex/hooks.json")])
    #expect(catalog.warnings.contains { $0.contains("of type prompt, which stet does not run") })
    #expect(catalog.warnings.contains { $0.contains("stet has no event Gossip") })
  }

  @Test(
    "X7: matchers as Codex and Claude Code read them",
    arguments: [
      (nil, "Bash", true), ("", "Bash", true), ("*", "Bash", true), ("Edit|Write", "Write", true),
      ("Edit|Write", "MultiEdit", false), ("mcp__.*__write.*", "mcp__fs__write_file", true),
      ("mcp__fs", "mcp__fs__x", false),
      ("^Bash$", "BashOutput", false), ("(?:Edit|Bash)$", "Bash", true), ("[", "Bash", true),
    ] as [(String?, String, Bool)])
  func x7_matchers(matcher: String?, name: String, holds: Bool) {
    #expect(HookMatcher.matches(matcher, [name]) == holds)
  }

  @Test("X7: Claude Code's `if` narrows by the command, each of a chain, or by the file")
  func x7_conditions() {
    func holds(_ condition: String, _ subject: String, _ name: String = "Bash") -> Bool {
      let call = ToolCall(callId: "c", name: "exec_command", input: .json(["cmd": .string(subject)]))
      let subjects = name == "Bash" ? HookTool(call: call, cwd: "/w").hookCall.subjects : [subject]
      return HookMatcher.holds(condition, [name], subjects: subjects)
    }
    #expect(holds("Bash(rm *)", "rm -rf x") && holds("Bash(rm *)", "cd y && rm -rf x"))
    #expect(!holds("Bash(rm *)", "ls") && !holds("Edit(rm *)", "rm x"))
    #expect(holds("Bash(git push:*)", "git push origin") && holds("Edit(*.ts)", "/w/a/b.ts", "Edit"))
    #expect(holds("Bash", "ls") && !holds("Write", "ls"))
  }

  @Test("X8: the program of notify gets Codex's argument after a turn, and the turn does not wait for it")
  func x8_notify() async throws {
    let user = TempDirectory("notice")
    let script = user.write(
      "notice.sh",
      // It runs on behind the turns and ends with the test, whose directory goes then.
      "printf '%s' \"$2\" > \"$1.new\"; mv \"$1.new\" \"$1\"; while [ -e \"$1\" ]; do sleep 0.1; done")
    let house = try HookHouse(
      [.text("All done."), .text("again")], settings: "notify = [\"sh\", \"\(script)\", \"\(user.path)/got\"]"
    )
    let thread = try await house.start()
    let turn = try await house.harness.turn(thread, "do it")
    let argument = try await eventually("the program ran") { user.text("got") }
    let got = try JSONValue(parsing: argument)
    #expect(
      got == [
        "type": "agent-turn-complete", "thread-id": .string(thread), "turn-id": .string(turn.id),
        "cwd": .string(house.work.path), "input-messages": ["do it"], "last-assistant-message": "All done.",
      ])
    #expect(try await house.harness.turn(thread, "next").status == .completed)
  }

  @Test(
    "X8: a program of notify that is not there is a warning, and an argument fits into what a program may get"
  )
  func x8_bounds() async throws {
    let house = try HookHouse([.text("fine")], settings: "notify = [\"/nowhere/notify\"]")
    let thread = try await house.start()
    #expect(try await house.harness.turn(thread, "do it").status == .completed)
    _ = try await eventually("the warning is there") {
      house.harness.warnings.first { $0.contains("`notify` can't be started") }
    }
    let long = String(repeating: "\"ü\n", count: 200_000)
    let argument = TurnNotice.argument(thread: "t", turn: "u", cwd: "/", input: [long, long], answer: long)
    let named = TurnNotice.argument(
      thread: "t", turn: "u", cwd: "/", client: "stet-exec", input: [], answer: nil)
    #expect(try JSONValue(parsing: named)["client"] == "stet-exec")
    #expect(argument.utf8.count < 128 << 10)
    #expect(try JSONValue(parsing: argument)["input-messages"]?.arrayValue?.count == 2)
  }
}
