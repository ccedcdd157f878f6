import StetText

/// The agent's steps: in one row if they fit, else one below the other.
enum PlanView {
  static func lines(_ content: PlanContent, _ item: TranscriptItem, _ context: ViewContext) -> [Line] {
    if content.isText {
      var markdown = item.markdown
      let body = markdown.lines(width: context.textWidth)
      return context.block([Line("Plan", Look.toolTitle)] + body, marker: context.marker("☰", Look.planDoing))
    }
    let steps = content.steps.map(line)
    let row = Line(Array(steps.map(\.spans).joined(separator: [Span("  ")])))
    if item.isFolded != false, row.width <= context.textWidth {
      return [row.prefixed(by: [.blank(context.indent == 3 ? 1 : 0)])]
    }
    let wrapper = Wrapper(width: context.textWidth, hanging: 2)
    var lines = steps.flatMap { wrapper.wrap($0) }
    if let explanation = content.explanation, !explanation.isEmpty {
      lines.insert(contentsOf: context.wrapped(explanation, Look.dim), at: 0)
    }
    return lines.map { $0.prefixed(by: [.blank(context.indent == 3 ? 1 : 0)]) }
  }

  private static func line(_ step: PlanContent.Step) -> Line {
    let text = Words.firstLine(step.text)
    switch step.state {
    case .done: return Line(("☑ ", Look.planDone), (text, Look.planDone))
    case .doing: return Line((Sign.slim("◐") + " ", Look.planDoing), (text, Look.planDoing))
    case .todo: return Line(("☐ ", Look.planTodo), (text, Look.planTodo))
    }
  }
}
