import StetProtocol
import StetText

/// What the thread runs on and what it used.
enum StatusView {
  static func lines(_ state: AppState, _ context: ViewContext) -> [Line] {
    var rows: [(String, String)] = []
    if let thread = state.thread {
      rows.append(("model", thread.model + (thread.effort.map { " · " + $0 } ?? "")))
      rows.append(("provider", thread.provider))
      rows.append(("mode", thread.mode.rawValue + ": " + thread.mode.words))
      if thread.reviewer != .user {
        rows.append(("approvals", "a model reviews them; what it can't decide is yours"))
      }
      rows.append(("sandbox", thread.sandbox.words))
      if let found = state.sandbox { rows.append(("walls", found.words)) }
      rows.append(("directory", Words.path(thread.directory, directory: "", home: state.environment.home)))
      rows.append(("thread", thread.name.map { $0 + " · " + thread.id } ?? thread.id))
      if let path = thread.path {
        rows.append(("log", Words.path(path, directory: "", home: state.environment.home)))
      }
    } else {
      rows.append(("thread", "none is open"))
    }
    rows.append(contentsOf: usage(state))
    rows.append(contentsOf: Sparkline.rows(state.turnUses, columns: context.width - column))
    rows.append(("theme", state.theme.name))
    if let server = state.server, let place = server.place {
      let abilities = [("review by hunk", server.hunkReview), ("undo", server.snapshots)].map {
        ($0.1 ? "" : "no ") + $0.0
      }
      rows.append(("server", ([place] + abilities).joined(separator: " · ")))
    }
    let other = state.server.map { $0.serverVersion.isEmpty ? "" : " · server " + $0.serverVersion } ?? ""
    rows.append(("version", "stet " + state.environment.version + other))
    return rows.flatMap { label, text in
      row(label, text, context) + (label == Self.context ? bar(state.context, context) : [])
    }
  }

  private static let column = 12
  /// The row that the bar belongs to.
  private static let context = "context"

  /// What the window is filled with, below the row that says how full it is.
  private static func bar(_ use: StetContextUse?, _ context: ViewContext) -> [Line] {
    guard let use else { return [] }
    // In a sliver of a pane the bar has the whole width.
    let indent = context.width >= 40 ? column : 1
    return ContextBar.lines(use, width: max(1, context.width - indent - 1)).map {
      $0.prefixed(by: [.blank(indent)])
    }
  }

  /// Cached and all input of the newest requests, and why less was cached than could be (P11).
  private static func cache(_ state: AppState) -> [(String, String)] {
    guard let last = state.requests.last else { return [] }
    var rows: [(String, String)] = []
    if let percent = state.usage.flatMap(StatusFacts.cachedPercent) {
      rows.append(
        (
          "cached",
          "\(percent)% of the last request · \(Words.count(last.cachedInputTokens)) of \(Words.count(last.inputTokens))"
        ))
    }
    if state.requests.count > 1 {
      let all = state.requests.map { "\(Words.count($0.cachedInputTokens))/\(Words.count($0.inputTokens))" }
      rows.append(("before", all.dropLast().reversed().joined(separator: " · ")))
    }
    if let miss = state.context?.cacheMiss, let could = state.context?.cacheable {
      rows.append(("cache lost", "\(Words.count(could)) could have been cached; first difference: \(miss)"))
    }
    return rows
  }

  /// How full the window is, as the server estimates it.
  private static func contextRow(_ use: StetContextUse?) -> (String, String)? {
    guard let use, use.window > 0, use.tokens >= 0 else { return nil }
    let percent = min(100, Int((Double(use.tokens) / Double(use.window) * 100).rounded()))
    return (context, "\(percent)% · about \(Words.count(use.tokens)) of \(Words.count(use.window))")
  }

  private static func usage(_ state: AppState) -> [(String, String)] {
    guard let usage = state.usage else {
      return [contextRow(state.context), ("tokens", "none used yet")].compactMap { $0 }
    }
    var rows: [(String, String)] = []
    if let percent = StatusFacts.contextPercent(usage), let window = usage.modelContextWindow {
      rows.append(
        (Self.context, "\(percent)% · \(Words.count(usage.last.totalTokens)) of \(Words.count(window))"))
    }
    if rows.isEmpty, let row = contextRow(state.context) { rows.append(row) }
    rows += cache(state)
    let total = usage.total
    rows.append(
      (
        "tokens",
        "\(Words.count(total.inputTokens)) in (\(Words.count(total.cachedInputTokens)) cached) · \(Words.count(total.outputTokens)) out · \(Words.count(total.reasoningOutputTokens)) reasoning"
      ))
    return rows + CostView.rows(usage)
  }

  private static func row(_ label: String, _ text: String, _ context: ViewContext) -> [Line] {
    let wrapper = Wrapper(width: max(1, context.width - column - 1))
    return wrapper.wrap(Line(Sanitizer.display(text), Look.text)).enumerated().map { index, line in
      line.prefixed(by: [Span((index == 0 ? " " + label : "").padded(right: column), Look.dim, gutter: true)])
    }
  }
}
