import StetText

/// A laid-out prompt: a body that may scroll and a foot (keys or a line of text) that is always visible.
struct PromptLines {
  var head: [Line] = []
  var body: [Line] = []
  var foot: [Line] = []
  /// The caret in the foot, if the prompt asks for text.
  var caret: Point?

  var count: Int { head.count + body.count + foot.count }

  func maxScroll(height: Int) -> Int { max(0, body.count - room(height)) }

  private func room(_ height: Int) -> Int { max(0, height - head.count - foot.count) }

  /// The lines of a window. Where not everything fits the foot goes last: its keys are what must be seen.
  func window(height: Int, from top: Int) -> [Line] {
    guard count > height else { return head + body + foot }
    let foot = Array(foot.suffix(height))
    let head = Array(head.prefix(height - foot.count))
    let room = height - foot.count - head.count
    let start = min(max(0, top), max(0, body.count - room))
    var shown = Array(body[start..<min(body.count, start + room)])
    let hidden = body.count - start - shown.count
    if hidden > 0, let last = shown.indices.last {
      shown[last] = Line([
        Span(Sign.slim("┃") + " ", Look.promptBorder, gutter: true),
        Span("… \(hidden + 1) more lines · ↓", Look.dim),
      ])
    }
    return head + shown + foot
  }
}

/// The router from a prompt to its view, and what all prompts share: the border, the title, keys or text.
enum PromptView {
  static func lines(_ prompt: Prompt, _ state: AppState, width: Int) -> PromptLines {
    let inner = max(1, width - 3)
    let content: (title: Line, body: [Line]) =
      switch prompt.kind {
      case .command(let command): CommandPromptView.content(command, state, width: inner)
      case .review(let review): ReviewPromptView.content(review, state, width: inner)
      case .question(let question): QuestionPromptView.content(question, width: inner)
      case .tool(let tool): ToolPromptView.content(tool, width: inner)
      case .permissions(let permissions): PermissionsPromptView.content(permissions, state, width: inner)
      }
    let count = state.prompts.count > 1 ? "1 of \(state.prompts.count)" : ""
    var result = PromptLines()
    result.head = [Line.row(content.title, Line(count, Look.dim), width: inner)]
    result.body = content.body
    if let field = prompt.field {
      let foot = FieldView.lines(field, state, width: inner)
      result.foot = foot.lines
      result.caret = foot.caret.map { Point(x: $0.x + 2, y: $0.y) }
    } else if state.promptHasKeys {
      result.foot = FooterView.rows(prompt.context, state, width: inner)
    } else {
      result.foot = [Line(("ctrl-x", Look.promptKey), (" answers this", Look.promptText))]
    }
    let border = Span(Sign.slim("┃") + " ", Look.promptBorder, gutter: true)
    result.head = result.head.map { $0.prefixed(by: [border]) }
    result.body = result.body.map { $0.prefixed(by: [border]) }
    result.foot = result.foot.map { $0.prefixed(by: [border]) }
    return result
  }

  /// A labelled fact, wrapped: `in ~/src`, `why: …`.
  static func fact(_ label: String, _ text: String, _ style: Style = Look.promptText, width: Int) -> [Line] {
    let wrapper = Wrapper(width: width, hanging: min(2, width / 4))
    return Sanitizer.folded(text).split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .flatMap { index, line in
        wrapper.wrap(Line((index == 0 ? label : "  ", Look.dim), (String(line), style)))
      }
  }

  /// Longer words of the agent are shown as they are: laying them out at each frame would cost more than they tell.
  private static let maxProse = 8 << 10

  /// A labelled fact in the agent's own words, which are Markdown; nothing in it can push the rest out of sight.
  static func prose(_ label: String, _ text: String, _ style: Style = Look.promptText, width: Int) -> [Line] {
    guard text.utf8.count <= maxProse else { return fact(label, text, style, width: width) }
    let indent = Width.of(label)
    let lines = MarkdownDocument(Sanitizer.folded(text)).lines(width: max(1, width - indent))
    return lines.enumerated().map { index, line in
      let start = index == 0 ? Span(label, Look.dim, gutter: true) : .blank(indent)
      let spans = line.spans.map { $0.style == Look.text ? $0.styled(style) : $0 }
      return Line(spans, continues: line.continues, joint: line.joint).prefixed(by: [start])
    }
  }
}
