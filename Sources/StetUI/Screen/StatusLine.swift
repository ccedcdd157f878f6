import StetText

/// The last line: what goes on, which keys help, how full the context is.
enum StatusLine {
  static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
  /// Four pictures a second: enough to see life, cheap enough to leave running (U11).
  static let spinnerMs = 250

  /// Rows that a word of the moment may take where one is too short for it.
  static let maxRows = 4

  /// The rows of the status; one, unless there is something to say that does not fit beside what goes on.
  static func lines(_ state: AppState) -> [Line] {
    let width = max(1, state.size.columns - 1)
    let left = Line([Span(" ")] + activity(state).spans)
    if let notice = state.notice, left.width > width {
      let going = Line(state.isWorking ? [Span(" ")] + working(state) : [])
      let own = going.spans.isEmpty ? [] : [going.truncated(to: width)]
      // In a low pane the rows belong to the conversation.
      let room = state.size.rows >= 12 ? maxRows - own.count : 1
      return NoticeView.lines(notice, width: width, maxRows: room) + (state.size.rows >= 12 ? own : [])
    }
    let right = facts(state, room: width - left.width - 2)
    return [Line.row(left, right, width: width)]
  }

  private static func activity(_ state: AppState) -> Line {
    var spans: [Span] = []
    if state.isWorking { spans += working(state) }
    if let notice = state.notice {
      if !spans.isEmpty { spans.append(Span(" · ", Look.status)) }
      spans.append(Span(notice.text, notice.isWarning ? Look.statusWarning : Look.status))
    } else if let closed = state.closedReason {
      spans.append(Span(Words.firstLine(closed), Look.statusWarning))
    } else if !state.isWorking {
      spans += FooterView.keys(state.contexts, state, room: state.size.columns - 2)
    }
    return Line(spans)
  }

  private static func working(_ state: AppState) -> [Span] {
    let seconds = state.turn.map { state.now.since($0.startedAt) / 1000 } ?? 0
    if state.turn?.isStopping == true { return [Span("stopping …", Look.statusWarning)] }
    if state.prompts.current != nil {
      return [
        Span("? ", Look.statusWarning), Span("waiting for you", Look.statusWarning),
        // A question is skipped by esc; the next esc stops.
        Span(state.questionPrompt == nil ? " · esc stops" : "", Look.status),
      ]
    }
    let picture = state.settings.animates ? spinner[state.now.milliseconds / spinnerMs % spinner.count] : "⠿"
    return [
      Span(picture + " ", Look.spinner), Span("working \(Words.elapsed(seconds: seconds))", Look.status),
      Span(" · esc stops", Look.status),
    ]
  }

  /// How full the context is and how much of it came from the cache; what does not fit goes, the bar first.
  private static func facts(_ state: AppState, room: Int) -> Line {
    var candidates: [Line] = []
    if let usage = state.usage {
      // Before anything could come from a cache its share says nothing.
      let share = StatusFacts.cachedPercent(usage) ?? 0
      let isKnown = share > 0 || state.requests.contains { $0.cachedInputTokens > 0 }
      let cached = isKnown ? "⚡\(share)% cached" : ""
      let cost = usage.stet?.threadCost.map { "  " + CostView.dollars($0) } ?? ""
      // Where the window is assumed the server tells how much of it is used.
      if let percent = StatusFacts.contextPercent(usage) ?? state.context.flatMap(StatusFacts.contextPercent)
      {
        let filled = min(8, (percent * 8 + 50) / 100)
        let bar = String(repeating: "▰", count: filled) + String(repeating: "▱", count: 8 - filled)
        let tone = percent >= 80 ? Look.statusWarning : Look.status
        if !cost.isEmpty {
          candidates.append(
            Line(
              ("\(bar) ", tone), ("\(percent)%", tone), (cached.isEmpty ? "" : "  " + cached, Look.status),
              (cost, Look.status)))
        }
        candidates.append(
          Line(("\(bar) ", tone), ("\(percent)%", tone), (cached.isEmpty ? "" : "  " + cached, Look.status)))
        candidates.append(Line(("\(percent)%", tone), (cached.isEmpty ? "" : "  " + cached, Look.status)))
        candidates.append(Line("\(percent)%", tone))
      } else {
        candidates.append(Line(cached, Look.status))
      }
    }
    return candidates.first { $0.width <= room } ?? .empty
  }
}
