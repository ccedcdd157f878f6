import StetProtocol
import Testing

@testable import StetUI

/// `/fork`, `/rename`, `/export`, `/init` and `/mcp`.
@Suite struct OpenThreadCommandTests {
  private func run(_ text: String, _ s: inout Session) {
    s.type(text)
    s.press(Key(.enter))
  }

  @Test("U27: /fork copies the open thread, and not under a running turn")
  func u27_fork() {
    var s = Session.open()
    run("/fork", &s)
    guard case .threadFork(let params)? = s.requests().last else {
      Issue.record("not forked")
      return
    }
    #expect(params.threadId == Session.threadId && params.excludeTurns == true)
    var working = Samples.working()
    _ = working.taken()
    run("/fork", &working)
    #expect(working.requests().isEmpty)
    #expect(working.shows("esc stops it"))
  }

  @Test("U27: /rename sets the name; without one it offers the old name to change")
  func u27_rename() {
    var s = Session.open()
    run("/rename the date bug", &s)
    guard case .threadNameSet(let params)? = s.requests().last else {
      Issue.record("not renamed")
      return
    }
    #expect(params.name == "the date bug")
    run("/rename", &s)
    #expect(s.state.composer.text == "/rename ")
  }

  @Test("U27: /export asks for the whole thread and names a new file in the directory")
  func u27_export() {
    var s = Session.open()
    run("/export notes.md", &s)
    guard case .threadRead(let params)? = s.requests().last else {
      Issue.record("not asked for")
      return
    }
    #expect(params.includeTurns == true)
    s.reply(.threadExport(path: "/home/user/project/notes.md"), JSONValue.object(["thread": ["id": "T1"]]))
    guard case .export(let thread, let path)? = s.taken().last else {
      Issue.record("not written")
      return
    }
    #expect(path == "/home/user/project/notes.md")
    #expect(thread["id"] == "T1")
  }

  @Test("U27: /init is a message of the user's that asks for AGENTS.md")
  func u27_initialise() {
    var s = Session.open()
    run("/init", &s)
    guard case .turnStart(let params)? = s.requests().last, case .text(let text)? = params.input.first else {
      Issue.record("not sent")
      return
    }
    #expect(text.text.hasPrefix("Write AGENTS.md"))
  }

  @Test("U27: /mcp shows servers with state, tools and errors", arguments: [100, 40, 20])
  func u27_servers(_ width: Int) {
    var s = Session.open(width, 30)
    run("/mcp", &s)
    #expect(s.shows("asking the server"))
    let docs = McpServerStatus(
      name: "docs", runtimeStatus: .connected, tools: ["find": ["description": "Finds\u{1B}[2J a page"]],
      resources: [["uri": "doc://a"]], resourceTemplates: [["uriTemplate": "doc://{b}"]],
      authStatus: .unsupported, stet: StetMcpServer(log: (1...9).map { "said \($0)" }))
    let broken = McpServerStatus(
      name: "broken", runtimeStatus: .failed, tools: [:], toolsError: "exit code 3", resources: [],
      resourceTemplates: [], authStatus: .unsupported, stet: StetMcpServer(log: ["no\u{1B}[2J key"]))
    s.reply(.mcpServers(isWhole: true), ListMcpServerStatusResponse(data: [broken, docs]))
    let all = [
      "docs", "ready", "find", "doc://a", "doc://{b}", "broken", "failed", "exit code 3", "key", "said 9",
    ]
    for words in all { #expect(s.shows(words)) }
    #expect(!s.shows("\u{1B}") && !s.shows("said 1"), "the last lines only")
    s.reply(.mcpServers(isWhole: true), ListMcpServerStatusResponse(data: []))
    #expect(s.shows("No MCP server"))
  }

  @Test("U27: the page of servers follows them while it is open; what can be read is asked for by itself")
  func u27_serversChange() {
    var s = Session.open()
    func asked() -> [McpServerStatusDetail?] {
      s.requests().compactMap { if case .mcpServerStatusList(let params) = $0 { params.detail } else { nil } }
    }
    run("/mcp", &s)
    #expect(asked() == [.toolsAndAuthOnly, .full])
    func row(_ state: McpServerConnectionStatus, _ resources: [JSONValue]) -> ListMcpServerStatusResponse {
      ListMcpServerStatusResponse(data: [
        McpServerStatus(
          name: "docs", runtimeStatus: state, tools: [:], resources: resources, resourceTemplates: [],
          authStatus: .unsupported)
      ])
    }
    s.reply(.mcpServers(isWhole: true), row(.connected, [["uri": "doc://a"]]))
    s.notify(.mcpServerStatusUpdated(.init(threadId: Session.threadId, name: "docs", status: .failed)))
    #expect(asked().count == 2)
    s.reply(.mcpServers(isWhole: false), row(.failed, []))
    #expect(s.shows("failed") && s.shows("doc://a"))
    s.press(Key(.escape))
    _ = s.taken()
    s.notify(.mcpServerStatusUpdated(.init(threadId: Session.threadId, name: "docs", status: .ready)))
    #expect(asked().isEmpty, "nobody looks")
  }
}
