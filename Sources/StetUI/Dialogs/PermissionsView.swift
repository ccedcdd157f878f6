import StetProtocol
import StetText

/// What is allowed, row by row, with the whole of the selected one; below it the test of a command.
enum PermissionsView {
  static func lines(
    _ state: PermissionsState, _ context: ViewContext, width: Int
  ) -> (lines: [Line], selected: Range<Int>?, caret: Point?) {
    let wrapper = Wrapper(width: max(1, width - 4), hanging: 2)
    var lines: [Line] = []
    func add(_ line: Line) { lines += wrapper.wrap(line).map { $0.prefixed(by: [.blank(1)]) } }
    if !state.walls.isEmpty {
      add(Line(("walls: ", Look.dim), (Sanitizer.folded(state.walls), Look.text)))
    }
    if let problem = state.problem { add(Line(Sanitizer.display(problem), Look.error)) }
    var caret: Point?
    if let field = state.field {
      let text = Sanitizer.exact(field.text)
      lines.append(Line(("  test › ", Look.promptKey), (text, Look.composerText)).truncated(to: width))
      let before = Sanitizer.exact(String(field.characters.prefix(field.caret)))
      caret = Point(x: min(9 + Width.of(before), max(0, width - 1)), y: lines.count - 1)
    } else if let tested = state.tested {
      for line in verdict(state.verdict, tested) { add(line) }
    }
    lines.append(.empty)
    if state.isLoading {
      add(Line("asking the server …", Look.dim))
    } else if state.rows.isEmpty {
      add(Line("Nothing is remembered: no rule, no approval of this thread, no MCP tool.", Look.dim))
    }
    var selected: Range<Int>?
    for (index, row) in state.rows.enumerated() {
      let start = lines.count
      let isSelected = index == state.selected
      // The whole text of what is selected; of the others a line.
      let whole = Sanitizer.folded(row.text)
      let text = isSelected ? whole : Words.firstLine(row.text)
      let mark = Span(isSelected ? " › " : "   ", Look.promptKey)
      let title = Line([
        mark, Span(sign(row), tone(row)),
        Span(text.split(separator: "\n").joined(separator: "⏎ "), isSelected ? Look.strong : Look.text),
      ])
      lines += isSelected ? wrapper.wrap(title) : [title.truncated(to: max(1, width - 1))]
      let more = Line(facts(row, context), row.isOutside ? Look.warning : Look.dim)
      lines += Wrapper(width: max(1, width - 8), hanging: 2).wrap(more).map { $0.prefixed(by: [.blank(5)]) }
      if isSelected { selected = start..<lines.count }
    }
    return (lines, selected, caret)
  }

  private static func sign(_ row: PermissionsState.Row) -> String {
    if row.isAsked { return "? " }
    switch row.decision {
    case "forbidden": return "✗ "
    case "prompt": return "… "
    default: return "✓ "
    }
  }

  private static func tone(_ row: PermissionsState.Row) -> Style {
    if row.isAsked { return Look.warning }
    return row.decision == "forbidden" ? Look.rejected : Look.accepted
  }

  /// Kind, scope, expiry and walls of a row.
  private static func facts(_ row: PermissionsState.Row, _ context: ViewContext) -> String {
    let place = row.place.map { Words.path($0, directory: "", home: context.home) }
    var facts: [String] = []
    switch row.kind {
    case "asked":
      return (row.isChanged ? "changed since you agreed · " : "")
        + "asked for by \(place ?? "the project") · y agrees to just this, as it stands"
    case "consent": facts = ["agreed to, as it stands", place.map { "from " + $0 } ?? "", "until it changes"]
    case "command": facts = ["exactly this", place.map { "in " + $0 } ?? "", "until the thread is closed"]
    case "edit": facts = ["asked about once", "until the thread is closed"]
    case "tool": facts = ["MCP tool", row.scope == "thread" ? "until the thread is closed" : "for good"]
    default:
      let words = ["forbidden": "never runs", "prompt": "always asks"][row.decision] ?? "runs without asking"
      let scope = ["thread": "in this thread", "project": "in " + (place ?? "a directory")][row.scope]
      let time = row.until.map { "up to " + $0 } ?? (row.scope == "thread" ? "" : "for good")
      facts = [words, scope ?? "everywhere", time]
    }
    if row.isOutside { facts.append("OUTSIDE the sandbox") }
    return facts.filter { !$0.isEmpty }.joined(separator: " · ")
  }

  private static func verdict(_ value: JSONValue?, _ command: String) -> [Line] {
    var lines = [
      Line(
        ("$ ", Look.dim),
        (Sanitizer.folded(command).split(separator: "\n").joined(separator: "⏎ "), Look.toolTitle))
    ]
    guard let value else { return lines + [Line("testing …", Look.dim)] }
    let sandboxed =
      value["sandboxed"]?.boolValue.map { $0 ? ", in the sandbox" : ", OUTSIDE the sandbox" } ?? ""
    switch value["verdict"]?.stringValue {
    case "run": lines.append(Line("runs without asking" + sandboxed, Look.success))
    case "ask": lines.append(Line("asks first" + sandboxed, Look.warning))
    default: lines.append(Line("is refused", Look.rejected))
    }
    if let reason = value["reason"]?.stringValue {
      lines.append(Line("because: " + Sanitizer.display(reason), Look.text))
    }
    for part in value["parts"]?.arrayValue ?? [] {
      let words = Sanitizer.folded(part["verdict"]?.stringValue ?? "")
      lines.append(
        Line(
          ("· ", Look.dim), (Sanitizer.folded(part["text"]?.stringValue ?? ""), Look.text),
          ("  " + words, Look.dim)))
    }
    return lines
  }
}
