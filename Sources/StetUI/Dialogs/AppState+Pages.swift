import StetProtocol
import StetText

/// Lines of a page, kept while nothing that they show changed.
struct PageCache: Sendable {
  var key = ""
  var lines: [Line] = []
}

extension AppState {
  func pageTitle(_ page: PageDialog) -> String {
    switch page.kind {
    case .help: "Help"
    case .status: "Status"
    case .mcp: "MCP servers"
    case .item(let id): transcript.item(id)?.kindWords ?? "Entry"
    }
  }

  mutating func drawPage(_ page: PageDialog, in rect: Rect, _ surface: inout Surface) {
    let lines = cachedPageLines(page, width: rect.width)
    updatePage { page in
      page.pageRows = max(1, rect.height)
      page.lineCount = lines.count
      page.scroll(by: 0)
    }
    guard case .page(let page) = dialogs.last else { return }
    surface.place(lines, in: rect, from: page.top)
  }

  private mutating func cachedPageLines(_ page: PageDialog, width: Int) -> [Line] {
    let key: String
    switch page.kind {
    case .help, .status, .mcp: return pageLines(page, width: width)
    case .item(let id):
      let revisions = pageItems(id).map { "\($0.revision)" }.joined(separator: " ")
      key = "item \(id) \(revisions) \(width)"
    }
    if pageCache.key != key { pageCache = PageCache(key: key, lines: pageLines(page, width: width)) }
    return pageCache.lines
  }

  func pageLines(_ page: PageDialog, width: Int) -> [Line] {
    var context = viewContext
    context.width = width
    switch page.kind {
    case .help: return HelpView.lines(self, width: width)
    case .status: return StatusView.lines(self, context)
    case .mcp: return ServersView.lines(mcpServers, context)
    case .item(let id):
      return Array(pageItems(id).map { ItemPageView.lines($0, context) }.joined(separator: [.empty]))
    }
  }

  /// What the page of an entry shows: with it those that stand in one line with it.
  private func pageItems(_ id: String) -> ArraySlice<TranscriptItem> {
    guard let index = transcript.position(of: id) else { return [] }
    return transcript.items[transcript.group(of: index)]
  }
}

extension TranscriptItem {
  /// What the entry is, as the title of its page.
  var kindWords: String {
    switch content {
    case .user: "Your message"
    case .agent: "Answer"
    case .reasoning: "Reasoning"
    case .command(let command): Words.firstLine(command.command)
    case .fileChange: "Change"
    case .plan: "Plan"
    case .tool(let tool): Words.firstLine(tool.tool)
    case .webSearch: "Web search"
    case .image: "Image"
    case .review: "Review"
    case .compaction: "Compaction"
    case .error: "Error"
    case .note: "Note"
    case .undo: "Undo"
    case .unknown(let type, _): Words.firstLine(type)
    }
  }
}
