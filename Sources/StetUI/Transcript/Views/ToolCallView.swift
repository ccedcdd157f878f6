import StetText

/// A call of an MCP server's or a client's own tool.
enum ToolCallView {
  static let foldedLines = 3
  static let openLines = 200

  static func lines(_ content: ToolContent, _ item: TranscriptItem, _ context: ViewContext) -> [Line] {
    let name = (content.server.map { $0 + "." } ?? "") + content.tool
    let title = Line(
      (Words.firstLine(name), Look.toolTitle), (" " + Words.firstLine(content.arguments), Look.dim))
    let sign = item.folded ? "▸" : "▾"
    let head = context.header(context.marker(sign, tone(content)), title, facts(content, item, context))
    var body: [Line] = []
    if let progress = content.progress, content.isRunning {
      body = context.wrapped(progress, Look.dim)
    } else if !content.result.isEmpty {
      body = context.wrapped(content.result, content.hasFailed ? Look.toolFailed : Look.toolOutput)
    }
    let limit = item.folded ? foldedLines : openLines
    if body.count > limit {
      let more = Line("… \(Words.plural(body.count - limit, "more line")) · enter opens", Look.dim)
      body = body.prefix(limit) + [more.truncated(to: context.textWidth)]
    }
    return [head] + body.map { $0.prefixed(by: [.blank(context.indent)]) }
  }

  private static func facts(_ content: ToolContent, _ item: TranscriptItem, _ context: ViewContext) -> Line {
    if content.isRunning {
      if item.isFinal { return Line("stopped", Look.warning) }
      let seconds = context.now.since(item.startedAt) / 1000
      return Line("running \(Words.elapsed(seconds: seconds))", Look.toolRunning)
    }
    let time = content.durationMs.map { "   " + Words.duration(milliseconds: $0) } ?? ""
    return content.hasFailed
      ? Line(("failed", Look.toolFailed), (time, Look.dim)) : Line(("ok", Look.toolOk), (time, Look.dim))
  }

  private static func tone(_ content: ToolContent) -> Style {
    content.isRunning ? Look.toolRunning : content.hasFailed ? Look.toolFailed : Look.toolOk
  }
}
