import StetConfig
import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// What the user's word for a project's hook covers (S14), and what its programs get (S8).
@Suite(.timeLimit(.minutes(10)))
struct HookTrustTests {
  private static let settings = ".claude/settings.json"

  @Test(
    "X7, S14: the word for a hook covers the script, however the command spells it",
    arguments: [
      #"sh tools/guard.sh"#, #"./tools/guard.sh"#, #"sh "$CLAUDE_PROJECT_DIR/tools/guard.sh""#,
      #"sh "$CLAUDE_PROJECT_DIR"/tools/guard.sh"#, #"sh $CLAUDE_PROJECT_DIR/tools/guard.sh --all"#,
      #""${CLAUDE_PROJECT_DIR}"/tools/guard.sh"#, #"'tools'/"guard.sh";true"#, #"sh tools/gu\ard.sh"#,
      #"sh -c "cat; sh tools/guard.sh || exit 2""#, #"sh "$(git rev-parse --show-toplevel)/tools/guard.sh""#,
      #"sh -c 'sh "tools/guard.sh"'"#, #"sh "$PWD"/tools/guard.sh"#, #"G=tools/guard.sh; sh $G"#,
    ])
  func x7_spellings(command: String) throws {
    let house = try HookHouse(
      [],
      project: [Self.settings: HookHouse.one("PreToolUse", command), "tools/guard.sh": "exit 0"])
    #expect(try house.catalog.handlers.map(\.trust) == [.trusted])
    house.work.write("tools/guard.sh", "exit 2")
    #expect(try house.catalog.handlers.map(\.trust) == [.modified])
  }

  @Test("X7, S14: a name with a blank in quotation marks is one name")
  func x7_blanks() throws {
    let command = #"sh "$CLAUDE_PROJECT_DIR/my tools/guard.sh""#
    let house = try HookHouse(
      [],
      project: [Self.settings: HookHouse.one("PreToolUse", command), "my tools/guard.sh": "exit 0"])
    house.work.write("my tools/guard.sh", "exit 2")
    #expect(try house.catalog.handlers.map(\.trust) == [.modified])
  }

  @Test(
    "X7, S14: a project's hook runs where its file stands: what the word covers is what runs",
    arguments: [SandboxMode.dangerFullAccess, .workspaceWrite])
  func x7_directory(sandbox: SandboxMode) async throws {
    let command = "sh tools/guard.sh sub/said; echo \"$CLAUDE_PROJECT_DIR\" >> sub/said"
    let house = try HookHouse(
      [.text("fine")],
      project: [
        ".git/HEAD": "ref: refs/heads/main", Self.settings: HookHouse.one("UserPromptSubmit", command),
        "tools/guard.sh": "echo the covered one >> $1", "sub/tools/guard.sh": "echo another one >> $1",
        "sub/sub/keep": "",
      ])
    let thread = try await house.start(sandbox: sandbox, in: house.work.path("sub"))
    #expect(try await house.harness.turn(thread, "go").status == .completed)
    #expect(house.work.text("sub/said") == "the covered one\n\(RealPath.of(house.work.path))\n")
    house.work.write("tools/guard.sh", "echo evil >> $1")
    #expect(try house.catalog(in: house.work.path("sub")).handlers.map(\.trust) == [.modified])
  }

  @Test("X7, S14: what is too large to be watched never runs, whatever was agreed to")
  func x7_tooLarge() throws {
    let house = try HookHouse(
      [], project: [Self.settings: HookHouse.one("PreToolUse", "tools/guard")], agreed: false)
    house.work.write("tools/guard", bytes: [UInt8](repeating: 0x20, count: HookFiles.bytesLimit))
    try house.agree()
    let catalog = try house.catalog
    #expect(catalog.handlers.map(\.mayRun) == [false])
    #expect(catalog.warnings.contains { $0.contains("too much to be watched") })
  }

  @Test(
    "X7, S8: in the sandbox a project's hook runs with what commands get, the user's with what theirs get")
  func s8_environment() async throws {
    let print = "cat > /dev/null; env > "
    let house = try HookHouse(
      [.text("fine")],
      [Self.settings: HookHouse.one("UserPromptSubmit", print + "'@/env'")],
      project: [Self.settings: HookHouse.one("UserPromptSubmit", print + "env.txt")],
      environment: [
        "DEPLOY_TOKEN": "deploy-0123456789", "ORGANIZATION": "org-0123456789", "LANG": "C.UTF-8",
        "EDITOR_OF_CHOICE": "ed",
      ],
      provider: "env_http_headers = { \"x-org\" = \"ORGANIZATION\" }")
    let thread = try await house.start(.onRequest, sandbox: .workspaceWrite)
    #expect(try await house.harness.turn(thread, "go").status == .completed)
    let project = try #require(house.work.text("env.txt"))
    let user = try #require(house.user.text("env"))
    for text in [project, user] {
      #expect(!text.contains("deploy-0123456789") && !text.contains("org-0123456789"))
      #expect(text.contains("CLAUDE_PROJECT_DIR=\(RealPath.of(house.work.path))\n"))
    }
    #expect(!project.contains("EDITOR_OF_CHOICE") && user.contains("EDITOR_OF_CHOICE=ed"))
  }

  @Test(
    "X7: a matcher that would take all memory counts as `*`, and is told",
    arguments: [
      "((((a{1,200}){1,200}){1,200}){1,200})",
      String(repeating: "(", count: 40) + "a"
        + String(repeating: "+)", count: 40) + "+", "(a|b)(?=c)", String(repeating: "a", count: 1_001) + ".",
    ])
  func x7_largeMatchers(matcher: String) throws {
    #expect(HookMatcher.matches(matcher, ["Bash"]))
    #expect(HookMatcher.fault(matcher) != nil)
    #expect(HookMatcher.fault("mcp__.+__(read|write){1,2}.+") == nil)
  }

  @Test("S14, X7: of a project that is not trusted no matcher is looked at")
  func x7_untrustedMatchers() throws {
    let house = try HookHouse(
      [], project: [Self.settings: HookHouse.one("PreToolUse", "true", matcher: "(")], agreed: false)
    #expect(try house.catalog.warnings.contains { $0.contains("it counts as `*`") })
    try ConfigurationFile.update(path: house.harness.home.path("config.toml")) {
      (file) throws(ConfigurationError) in try file.trust(directory: house.work.path, false)
    }
    let catalog = try house.catalog
    #expect(catalog.warnings == [] && catalog.handlers.map(\.trust) == [.untrusted])
  }

  @Test("X7: programs that nobody waits for have a cap; what is beyond it is left out, and told")
  func x7_asyncCap() async throws {
    let calls = (0..<(HookTasks.limit + 4)).map {
      FakeModel.Step.call("exec_command", ["cmd": .string("echo \($0)")])
    }
    let house = try HookHouse(
      calls + [.text("done")],
      [
        Self.settings: HookHouse.one(
          "PostToolUse", "cat > /dev/null; echo >> '@/ran'; exec sleep 600", more: ", \"async\": true")
      ])
    let thread = try await house.start()
    #expect(try await house.harness.turn(thread, "go").status == .completed)
    #expect(house.harness.warnings.filter { $0.contains("PostToolUse hook was left out") }.count == 4)
    _ = try await eventually("the others run") {
      house.user.text("ran")?.utf8.count == HookTasks.limit ? true : nil
    }
    await house.harness.agent.shutdown()
  }

  @Test("X7: steers that wait for a hook have a cap; what is beyond it is kept as a message of its own")
  func x7_steerCap() async throws {
    let gate = Gate()
    let house = try HookHouse(
      [.respond([.text("wait"), .gate(gate)]), .text("fine")],
      [
        Self.settings: HookHouse.one("UserPromptSubmit", "grep -q hold || exit 0; exec sleep 600")
      ])
    let thread = try await house.start()
    let turn = try await house.harness.begin(thread, "go")
    await house.harness.model.untilRequests(1)
    for number in 0..<35 {
      let params = TurnSteerParams(
        threadId: thread, expectedTurnId: turn.id, input: [.text("hold \(number)")])
      let _: TurnSteerResponse = try await house.harness.call {
        house.harness.agent.turnSteer(params, reply: $0)
      }
    }
    let told = try await eventually("what is too much is told") {
      house.harness.warnings.count { $0.contains("wait for the UserPromptSubmit hooks") } == 3 ? true : nil
    }
    #expect(told)
    await house.harness.agent.shutdown()
    gate.open()
  }

  @Test("X7: a question beside the turns leaves hooks and tools as they were when the last turn began")
  func x7_besideTurns() async throws {
    let house = try HookHouse([.text("fine")], [Self.settings: HookHouse.one("Stop", "true")])
    let thread = try await house.start()
    try await house.harness.turn(thread, "go")
    house.user.write(".codex/hooks.json", HookHouse.one("Stop", "echo more"))
    try house.agree()
    let session = try #require(house.harness.agent.session(thread))
    await #expect(throws: (any Error).self, "there is no repository") {
      _ = try await house.harness.call {
        house.harness.agent.reviewCommit(
          StetReviewCommitParams(threadId: thread, message: "nothing"), reply: $0)
      }
    }
    _ = await session.turnModel()
    #expect(await session.hookHandlers.count == 1)
    _ = await session.beginningModel()
    #expect(await session.hookHandlers.count == 2)
  }
}
