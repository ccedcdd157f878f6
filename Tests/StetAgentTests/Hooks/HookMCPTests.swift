import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// Hooks that name a tool of an MCP server hold for that tool, whatever way the model takes to it (X7, M3).
@Suite(.timeLimit(.minutes(10)))
struct HookMCPTests {
  /// Two tools; each call leaves a line with the tool's name.
  private static let server = #"""
    import json, sys
    tools = [{"name": n, "description": n, "inputSchema": {"type": "object", "properties": {}}} for n in ("delete_repo", "show_repo")]
    for line in sys.stdin:
        m = json.loads(line)
        if "id" not in m: continue
        me = m.get("method"); r = {}
        if me == "initialize": r = {"protocolVersion": m["params"]["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": {"name": "github", "version": "1"}}
        elif me == "tools/list": r = {"tools": tools}
        elif me == "tools/call":
            open(sys.argv[1], "a").write(m["params"]["name"] + " " + json.dumps(m["params"].get("arguments")) + "\n")
            r = {"content": [{"type": "text", "text": "ran " + m["params"]["name"]}]}
        sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": m["id"], "result": r}) + "\n"); sys.stdout.flush()
    """#

  private let place = TempDirectory("server")

  private func house(_ script: [FakeModel.Step], _ hooks: String) throws -> HookHouse {
    let path = place.write("server.py", Self.server)
    return try HookHouse(
      script, [".claude/settings.json": hooks],
      provider: """
        [mcp_servers.github]
        command = "python3"
        args = ["\(path)", "\(place.path("ran"))"]
        """)
  }

  private func start(_ house: HookHouse, _ approval: AskForApproval = .never) async throws -> String {
    let thread = try await house.start(approval)
    // It starts, it is ready.
    await house.harness.sink.until { entries in
      entries.count { if case .notification(.mcpServerStatusUpdated) = $0 { true } else { false } } > 1
    }
    return thread
  }

  @Test("X7: a hook that denies an MCP tool denies every spelling of its name, and the way through call_tool")
  func x7_everySpelling() async throws {
    let spellings = [
      "mcp__github__delete_repo", "github.delete_repo", "github__delete_repo", "mcp__github.delete_repo",
      "delete_repo",
    ]
    var script = spellings.map { FakeModel.Step.call($0, ["name": "x"]) }
    script += spellings.map {
      .call("call_tool", ["name": .string($0), "arguments": ["name": "x"]])
    }
    let deny = "cat >> '@/pre'; echo >> '@/pre'; echo 'no deleting' >&2; exit 2"
    let house = try house(
      script + [.text("done")], HookHouse.one("PreToolUse", deny, matcher: "mcp__github__delete.*"))
    let thread = try await start(house)
    #expect(try await house.harness.turn(thread, "go").status == .completed)
    #expect(!place.exists("ran"), "\(place.text("ran") ?? "")")
    let outputs = house.outputs(script.count)
    #expect(outputs.count == script.count)
    for output in outputs {
      #expect(output == "Call of mcp__github__delete_repo blocked by PreToolUse hook: no deleting")
    }
    // The program is told of the tool and of its arguments, never of the way to it.
    for told in try house.told("pre") {
      #expect(told["tool_name"] == "mcp__github__delete_repo" && told["tool_input"] == ["name": "x"])
    }
    let items = house.items.compactMap { if case .mcpToolCall(let item) = $0 { item } else { nil } }
    #expect(items.count == script.count && items.allSatisfy { $0.status == .failed && $0.server == "github" })
  }

  @Test("X7: what else a server has runs, and PostToolUse is told of it by its one name")
  func x7_others() async throws {
    let hooks = """
      {"hooks": {
        "PreToolUse": [{"matcher": "mcp__github__delete.*", "hooks": [{"type": "command", "command": "exit 2"}]}],
        "PostToolUse": [{"matcher": "mcp__github__show.*", "hooks": [{"type": "command", "command":
          "cat >> '@/post'; echo >> '@/post'"}]}]
      }}
      """
    let house = try house(
      [
        .call("github.show_repo", ["n": 1]),
        .call("call_tool", ["name": "show_repo", "arguments": ["n": 2]]), .text("done"),
      ], hooks)
    let thread = try await start(house)
    #expect(try await house.harness.turn(thread, "go").status == .completed)
    #expect(place.text("ran") == "show_repo {\"n\": 1}\nshow_repo {\"n\": 2}\n")
    let told = try house.told("post")
    #expect(told.map { $0["tool_name"] } == ["mcp__github__show_repo", "mcp__github__show_repo"])
    #expect(told.map { $0["tool_input"] } == [["n": 1], ["n": 2]])
  }

  @Test(
    "X7: PermissionRequest is asked about the tool that call_tool leads to; who matches call_tool hears of it"
  )
  func x7_permission() async throws {
    let hooks = """
      {"hooks": {
        "PreToolUse": [{"matcher": "call_tool", "hooks": [{"type": "command", "command":
          "cat >> '@/pre'; echo >> '@/pre'"}]}],
        "PermissionRequest": [{"matcher": "mcp__github__delete.*", "hooks": [{"type": "command", "command":
          "echo '{\\"hookSpecificOutput\\": {\\"hookEventName\\": \\"PermissionRequest\\", \\"decision\\": {\\"behavior\\": \\"deny\\", \\"message\\": \\"never\\"}}}'"}]}]
      }}
      """
    let house = try house(
      [.call("call_tool", ["name": "delete_repo", "arguments": [:]]), .text("done")], hooks)
    house.harness.sink.setAnswer { _ in .success(["action": "accept"]) }
    let thread = try await start(house, .onRequest)
    #expect(try await house.harness.turn(thread, "go").status == .completed)
    #expect(!place.exists("ran"))
    #expect(house.outputs(1).first?.contains("never") == true)
    #expect(try house.told("pre").map { $0["tool_name"] } == ["mcp__github__delete_repo"])
  }
}
