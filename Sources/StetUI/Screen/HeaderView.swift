import StetText

/// The first line: what the thread is called, and under which rules it works.
enum HeaderView {
  static func line(_ state: AppState) -> Line {
    let title = state.thread?.title ?? ""
    let place = state.size.columns < 60 ? "" : state.server?.place.map { Sanitizer.display($0) } ?? ""
    let left = Line(
      (" stet", Look.header),
      (place.isEmpty ? "" : " @ " + Width.truncate(place, columns: 32), Look.headerDim),
      (title.isEmpty ? "" : "  " + title, Look.headerDim))
    return Line.row(left, facts(state), width: max(1, state.size.columns - 1))
  }

  private static func facts(_ state: AppState) -> Line {
    if state.closedReason != nil { return Line("disconnected", Look.warning) }
    guard let thread = state.thread else { return .empty }
    var pieces: [Span] = []
    func add(_ text: String, _ style: Style) {
      guard !text.isEmpty else { return }
      if !pieces.isEmpty { pieces.append(Span(" · ", Look.headerDim)) }
      pieces.append(Span(text, style))
    }
    let isNarrow = state.size.columns < 60
    let model = Words.firstLine(thread.model) + (state.wanted.model.map { " → " + Words.firstLine($0) } ?? "")
    if !isNarrow { add(Width.truncate(model, columns: 40), Look.headerDim) }
    add(thread.mode.rawValue + (state.wanted.mode.map { " → " + $0.rawValue } ?? ""), Look.headerDim)
    add(thread.sandbox.badge, thread.sandbox.isOff ? Look.warning : Look.headerDim)
    return Line(pieces)
  }
}
