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
      rows.append(("sandbox", thread.sandbox.words))
      rows.append(("directory", Words.path(thread.directory, directory: "", home: state.environment.home)))
      rows.append(("thread", thread.name.map { $0 + " · " + thread.id } ?? thread.id))
      if let path = thread.path {
        rows.append(("log", Words.path(path, directory: "", home: state.environment.home)))
      }
    } else {
      rows.append(("thread", "none is open"))
    }
    rows.append(contentsOf: usage(state.usage))
    rows.append(("theme", state.theme.name))
    if let server = state.server, let place = server.place {
      let abilities = [("review by hunk", server.hunkReview), ("undo", server.snapshots)].map {
        ($0.1 ? "" : "no ") + $0.0
      }
      rows.append(("server", ([place] + abilities).joined(separator: " · ")))
    }
    let other = state.server.map { $0.serverVersion.isEmpty ? "" : " · server " + $0.serverVersion } ?? ""
    rows.append(("version", "stet " + state.environment.version + other))
    return rows.flatMap { row($0.0, $0.1, context) }
  }

  private static func usage(_ usage: ThreadTokenUsage?) -> [(String, String)] {
    guard let usage else { return [("tokens", "none used yet")] }
    var rows: [(String, String)] = []
    if let percent = StatusFacts.contextPercent(usage), let window = usage.modelContextWindow {
      rows.append(
        ("context", "\(percent)% · \(Words.count(usage.last.totalTokens)) of \(Words.count(window))"))
    }
    if let cached = StatusFacts.cachedPercent(usage) {
      rows.append(("cached", "\(cached)% of the last request"))
    }
    let total = usage.total
    rows.append(
      (
        "tokens",
        "\(Words.count(total.inputTokens)) in (\(Words.count(total.cachedInputTokens)) cached) · \(Words.count(total.outputTokens)) out · \(Words.count(total.reasoningOutputTokens)) reasoning"
      ))
    return rows
  }

  private static func row(_ label: String, _ text: String, _ context: ViewContext) -> [Line] {
    let column = 12
    let wrapper = Wrapper(width: max(1, context.width - column - 1))
    return wrapper.wrap(Line(Sanitizer.display(text), Look.text)).enumerated().map { index, line in
      line.prefixed(by: [Span((index == 0 ? " " + label : "").padded(right: column), Look.dim, gutter: true)])
    }
  }
}
