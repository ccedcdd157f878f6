import StetText

/// A command: what ran, how it went, and the end of what it printed.
enum CommandView {
  /// Lines of output: live, after a success, after a failure, unfolded.
  static let liveLines = 5
  static let successLines = 3
  static let failureLines = 8
  static let openLines = 200

  static func lines(_ content: CommandContent, _ item: TranscriptItem, _ context: ViewContext) -> [Line] {
    if let quiet = content.quiet, content.isQuietNow, item.folded {
      let title = Line((quiet.verb + " ", Look.dim), (context.path(quiet.subject), Look.dim))
      return [context.header(context.marker("◦", Look.dim), title, .empty)]
    }
    let sign = item.folded ? "▸" : "▾"
    let title = Line(Words.firstLine(content.command), Look.toolTitle)
    var lines = [
      context.header(context.marker(sign, tone(content.state)), title, facts(content, item, context))
    ]
    let rest = content.command.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
    if !rest.isEmpty, !item.folded || content.state == .waiting {
      for line in context.wrapped(rest.joined(separator: "\n"), Look.toolTitle) {
        lines.append(line.prefixed(by: [.blank(context.indent)]))
      }
    }
    lines += output(content, item, context)
    if content.denied != nil {
      let words = "the sandbox may have refused it · R runs it outside"
      lines += context.wrapped(words, Look.warning).map { $0.prefixed(by: [.blank(context.indent)]) }
    }
    return lines
  }

  private static func output(
    _ content: CommandContent, _ item: TranscriptItem, _ context: ViewContext
  ) -> [Line] {
    guard !item.output.isEmpty else { return [] }
    let limit = limit(content.state, isFolded: item.folded)
    let bar = Span(Sign.slim("│") + " ", Look.dim, gutter: true)
    let width = max(1, context.textWidth - bar.width)
    let shown = min(limit, item.output.totalLines)
    var lines: [Line] = []
    for line in Sanitizer.ansi(item.output.last(limit), base: Look.toolOutput) {
      lines.append(contentsOf: item.folded ? [line.truncated(to: width)] : Wrapper(width: width).wrap(line))
    }
    // A single endless line must not fill the screen either.
    lines = lines.suffix(max(limit, 1))
    let hidden = item.output.totalLines - shown
    if hidden > 0 {
      let words = item.folded ? " · enter opens" : " above · o shows all"
      lines.append(Line("… \(Words.plural(hidden, "more line"))" + words, Look.dim).truncated(to: width))
    }
    return lines.map { $0.prefixed(by: [.blank(context.indent), bar]) }
  }

  private static func limit(_ state: CommandContent.State, isFolded: Bool) -> Int {
    if !isFolded { return openLines }
    switch state {
    case .waiting, .running: return liveLines
    case .succeeded: return successLines
    case .failed, .declined, .stopped: return failureLines
    }
  }

  private static func facts(
    _ content: CommandContent, _ item: TranscriptItem, _ context: ViewContext
  ) -> Line {
    let time = content.durationMs.map { "   " + Words.duration(milliseconds: $0) } ?? ""
    switch content.state {
    case .waiting: return Line("waiting", Look.toolRunning)
    case .running:
      let seconds = context.now.since(item.startedAt) / 1000
      return Line("running \(Words.elapsed(seconds: seconds))", Look.toolRunning)
    case .succeeded: return Line(("ok", Look.toolOk), (time, Look.dim))
    case .failed:
      let code = content.exitCode.map { "exit \($0)" } ?? "failed"
      return Line((code, Look.toolFailed), (time, Look.dim))
    case .declined: return Line("declined", Look.rejected)
    case .stopped: return Line("stopped", Look.warning)
    }
  }

  private static func tone(_ state: CommandContent.State) -> Style {
    switch state {
    case .waiting, .running: Look.toolRunning
    case .succeeded: Look.toolOk
    case .failed, .declined, .stopped: Look.toolFailed
    }
  }
}
