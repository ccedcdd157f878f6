import StetProtocol
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
    let (badge, isBad) = walls(thread.sandbox, state.sandbox)
    add(badge, isBad ? Look.warning : Look.headerDim)
    return Line(pieces)
  }

  /// The walls as they are on the server's machine, not only as the policy wants them: never silently off (S1).
  static func walls(_ policy: SandboxPolicy, _ found: SandboxFacts?) -> (badge: String, isBad: Bool) {
    guard let found, found.isWanted, !policy.isOff else { return (policy.badge, policy.isOff) }
    if !found.works { return ("no sandbox: commands ask", true) }
    return found.isWhole ? (policy.badge, false) : ("partly sandboxed", true)
  }
}
