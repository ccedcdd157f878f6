import StetProtocol
import StetTestSupport
import StetText
import Testing

@testable import StetUI

/// Every view at the widths that people have, and its colours in a dark and a light theme (issue 7).
@Suite("issue 7: every view") struct GalleryTests {
  private static let widths = [20, 40, 60, 80, 120, 200]

  /// One entry of each kind, one below the other.
  private static func entries(_ columns: Int) -> Session {
    var s = Session.open(columns, 400)
    s.startTurn()
    s.user("fix the *date* test", id: "u")
    s.complete(.reasoning(.init(id: "r", summary: ["**Looking** at dates"])))
    s.complete(.plan(.init(id: "p", text: "1. one\n2. two")))
    let words =
      "# Cause\n\nThe **zone** is `local`.\n\n| a | 漢字 |\n|---|---|\n| one | two |\n\n```swift\nlet x = 1 // one\n```"
    s.complete(.agentMessage(.init(id: "m", text: words)))
    let read = CommandAction.read(.init(command: "cat a", name: "a", path: "/home/user/project/a"))
    s.complete(Session.command("cat a", id: "c0", status: .completed, output: "x", exit: 0, actions: [read]))
    let search = CommandAction.search(.init(command: "rg zone", path: nil, query: "zone"))
    s.complete(
      Session.command("rg zone", id: "c9", status: .completed, output: "x", exit: 0, actions: [search]))
    s.complete(
      Session.command(
        "swift test --filter DateTests", id: "c1", status: .failed,
        output: "\u{1B}[31merror\u{1B}[0m: 1 ≠ 2\n", exit: 1, ms: 4_200))
    s.start(Session.command("make", id: "c2", process: "1"))
    s.output("step 1\nstep 2\n", id: "c2")
    s.complete(.fileChange(.init(id: "f", changes: Session.singleChange, status: .completed)))
    s.complete(
      .mcpToolCall(
        .init(
          id: "t", server: "docs", tool: "find", status: .completed, arguments: ["q": "date"],
          result: .init(content: [["type": "text", "text": "found it"]]), durationMs: 30)))
    s.complete(.webSearch(.init(id: "w", query: "swift dates", action: .search(.init(query: "swift dates")))))
    s.complete(.imageView(.init(id: "i", path: "/home/user/project/shot.png")))
    s.complete(.enteredReviewMode(.init(id: "e", review: "uncommitted changes")))
    s.complete(.exitedReviewMode(.init(id: "x", review: "All *good*.")))
    s.complete(.contextCompaction(.init(id: "k")))
    s.complete(
      .dynamicToolCall(.init(id: "d", tool: "mine", arguments: .null, status: .failed, success: false)))
    s.complete(.functionCallOutput(.init(id: "o", name: "given", output: .text("by the client"))))
    s.complete(.unknown(["type": "hologram", "id": "h"]))
    s.send(.warning("A warning of the interface itself."))
    return s
  }

  /// A screen for each place that takes keys.
  private static func screens(_ columns: Int) -> [(KeyContext, Surface)] {
    KeyContext.allCases.compactMap { context in
      guard var s = Samples.sessions(for: context).first else { return nil }
      s.size = Size(columns: columns, rows: 24)
      return (context, s.frame().surface)
    }
  }

  /// The screens that share the keys of lists and pages, each with something in it, and the completions.
  private static func pages(_ columns: Int) -> [(String, Surface)] {
    func screen(_ name: String, _ base: Session = .open(), _ steps: (inout Session) -> Void) -> (
      String, Surface
    ) {
      var s = base
      s.size = Size(columns: columns, rows: 16)
      steps(&s)
      return (name, s.frame().surface)
    }
    func typed(_ text: String, _ s: inout Session) {
      s.type(text)
      s.press(Key(.enter))
    }
    let server = McpServerStatus(
      name: "docs", runtimeStatus: .connected,
      tools: ["find": ["name": "find", "description": "finds a page"]], resources: [], resourceTemplates: [],
      authStatus: .unsupported)
    let model = Model(
      id: "m", model: "big-1", displayName: "Big 1", description: "for hard work", hidden: false,
      supportedReasoningEfforts: [], defaultReasoningEffort: "high", isDefault: true)
    let tally = ["T5": StetThreadTally(turns: 12, added: 340, removed: 28)]
    return [
      screen("threads") { s in
        s.press(.ctrl("o"))
        let threads = [Session.thread("T5", name: "date test"), Session.thread(name: "this one")]
        s.reply(.threadList(generation: 1), ThreadListResponse(data: threads, stet: tally))
      },
      screen("what was said in threads", Samples.picking()) { s in
        s.press(Key(.tab))
        s.type("zone")
        s.reply(.threadSearch(term: "z"), ThreadSearchResponse(data: []))
        let hit = ThreadSearchResult(snippet: "pin the zone", thread: Session.thread("T5", name: "date test"))
        s.reply(.threadSearch(term: "zone"), ThreadSearchResponse(data: [hit]))
      },
      screen("models") { s in
        typed("/model", &s)
        s.reply(.modelList, ModelListResponse(data: [model]))
      },
      screen("modes") { typed("/mode", &$0) },
      screen("themes") { typed("/theme", &$0) },
      screen("messages", Samples.listed(filter: "a b")) { _ in },
      screen("servers") { s in
        typed("/mcp", &s)
        s.reply(.mcpServers(isWhole: true), ListMcpServerStatusResponse(data: [server]))
      },
      screen("status") { s in
        s.size.rows = 40
        for turn in 1...3 {
          s.startTurn("U\(turn)")
          let used = TokenUsageBreakdown(
            totalTokens: turn * 9_000, inputTokens: turn * 8_000, cachedInputTokens: 5_000,
            outputTokens: turn * 1_000, reasoningOutputTokens: 100)
          s.notify(
            .threadTokenUsageUpdated(
              .init(
                threadId: Session.threadId, turnId: "U\(turn)",
                tokenUsage: ThreadTokenUsage(total: used, last: used, modelContextWindow: 100_000),
                stet: Samples.contextUse)))
          s.endTurn("U\(turn)")
        }
        typed("/status", &s)
      },
      screen("a command's page", Samples.reading()) { $0.press(Key("o")) },
      screen("commands") { $0.type("/re") },
      screen("files") { s in
        s.type("look at @da")
        s.send(.files(query: "da", ["Sources/Date.swift", "Tests/DateTests.swift"]))
      },
      screen("queue") { s in
        s.startTurn()
        s.user("do it")
        s.type("and then this")
        s.press(Key(.tab))
      },
      screen("no model", Samples.noModel()) { _ in },
    ]
  }

  @Test("entries of every kind", arguments: widths)
  func entries(_ columns: Int) throws {
    var s = Self.entries(columns)
    var rows = s.frame().surface.rows
    // The empty rows of a pane that is higher than all of them.
    if let end = rows.lastIndex(where: { $0.contains("warning") }) { rows = Array(rows[...end]) }
    try Golden.checkText(rows.joined(separator: "\n") + "\n", "gallery-entries-\(columns)")
  }

  @Test("screens of every kind", arguments: widths)
  func screens(_ columns: Int) throws {
    let text = Self.screens(columns).map { context, surface in
      "== \(context)\n" + surface.rows.map { $0 + "\n" }.joined()
    }
    try Golden.checkText(text.joined(separator: "\n"), "gallery-screens-\(columns)")
  }

  @Test("lists, pages and completions", arguments: widths)
  func pages(_ columns: Int) throws {
    let text = Self.pages(columns).map { name, surface in
      "== \(name)\n" + surface.rows.map { $0 + "\n" }.joined()
    }
    try Golden.checkText(text.joined(separator: "\n"), "gallery-pages-\(columns)")
  }

  @Test("the colours of all of them", arguments: [Theme.ember, .paper])
  func colours(_ theme: Theme) throws {
    var s = Self.entries(120)
    var styles: Set<Style> = []
    for surface in [s.frame().surface] + Self.screens(120).map(\.1) + Self.pages(120).map(\.1) {
      for y in 0..<surface.size.rows { styles.formUnion(surface.row(y).map(\.style)) }
    }
    let lines = styles.map { style in
      let look = theme.resolve(style)
      let ground = style.background.map { " on \($0.name)" } ?? ""
      return
        "\(style.foreground.name)\(ground): \(look.foreground) on \(look.background) \(look.attributes.rawValue)\n"
    }
    try Golden.checkText(lines.sorted().joined(), "gallery-colours-\(theme.name)")
  }
}
