import StetText

/// A command that the sandbox may have refused, before the user runs it outside of it.
struct OutsideState: Sendable {
  /// Exactly what would run.
  let script: String
  let directory: String
}

enum OutsideView {
  static func lines(_ state: OutsideState, _ context: ViewContext) -> [Line] {
    let width = max(1, context.width - 2)
    var lines = [Line.empty]
    lines += PromptView.fact("in ", state.directory, width: width)
    lines += PromptView.fact("$ ", state.script, Look.toolTitle, width: width)
    lines.append(.empty)
    let words =
      "It runs as your own command: outside the sandbox, with your environment less its secrets. The agent sees what it prints."
    lines += Wrapper(width: width).wrap(Line(words, Look.warning))
    return lines.map { $0.prefixed(by: [.blank(1)]) }
  }
}
