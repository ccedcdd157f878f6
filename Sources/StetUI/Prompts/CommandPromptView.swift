import StetProtocol
import StetText

/// May this command run? The exact bytes, where, why, under which sandbox (U3).
enum CommandPromptView {
  static func content(_ prompt: CommandPrompt, _ state: AppState, width: Int) -> (title: Line, body: [Line]) {
    let title = prompt.isInput ? "Send this input to the running command?" : "Run this command?"
    let wrapper = Wrapper(width: width, hanging: 2)
    var body = facts(prompt, state, width: width)
    let shown = prompt.script.isEmpty ? "(the server sent no command)" : prompt.script
    for (index, line) in shown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let text = Sanitizer.exact(String(line))
      body += wrapper.wrap(Line((index == 0 ? "$ " : "  ", Look.dim), (text, Look.toolTitle)))
    }
    return (Line(title, Look.promptTitle), body)
  }

  /// Where, behind which walls and why: above the command, so that a long one can't push them out of sight.
  private static func facts(_ prompt: CommandPrompt, _ state: AppState, width: Int) -> [Line] {
    let place = Words.path(prompt.directory, directory: "", home: state.environment.home)
    var spans = [Span("in ", Look.dim), Span(place, Look.promptText)]
    for (words, style) in conditions(prompt, state) { spans += [Span(" · ", Look.dim), Span(words, style)] }
    var lines = Wrapper(width: width, hanging: 2).wrap(Line(spans))
    if let network = prompt.network { lines += PromptView.fact("reaches ", network, width: width) }
    if let reason = prompt.reason, !reason.isEmpty { lines += PromptView.fact("why: ", reason, width: width) }
    return lines
  }

  /// Whether the sandbox holds it, and whether undo would cover it.
  private static func conditions(_ prompt: CommandPrompt, _ state: AppState) -> [(String, Style)] {
    var words: [(String, Style)] = []
    // Only what the server says: a guess here would be a lie about what y lets happen.
    if state.thread?.sandbox.isOff == true {
      words.append(("no sandbox", Look.warning))
    } else if let sandboxed = prompt.sandboxed {
      words.append(sandboxed ? ("in the sandbox", Look.success) : ("outside the sandbox", Look.warning))
    }
    switch prompt.undoable {
    case .some(.none): words.append(("not undoable", Look.warning))
    case .some(.partial): words.append(("partly undoable", Look.promptText))
    case .some(.full), .some(.unknown), nil: break
    }
    return words
  }
}
