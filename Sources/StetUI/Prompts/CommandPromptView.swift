import StetProtocol
import StetText

/// May this command run? The exact bytes, where, why, under which sandbox (U3).
enum CommandPromptView {
  static func content(_ prompt: CommandPrompt, _ state: AppState, width: Int) -> (title: Line, body: [Line]) {
    let title = prompt.isInput ? "Send this input to the running command?" : "Run this command?"
    var body: [Line] = []
    let wrapper = Wrapper(width: width, hanging: 2)
    let shown = prompt.script.isEmpty ? "(the server sent no command)" : prompt.script
    for (index, line) in shown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let text = Sanitizer.exact(String(line))
      body += wrapper.wrap(Line((index == 0 ? "$ " : "  ", Look.dim), (text, Look.toolTitle)))
    }
    let place = Words.path(prompt.directory, directory: "", home: state.environment.home)
    var facts = [Span("in ", Look.dim), Span(place, Look.promptText)]
    for (words, style) in conditions(prompt, state) { facts += [Span(" · ", Look.dim), Span(words, style)] }
    body += wrapper.wrap(Line(facts))
    if let network = prompt.network { body += PromptView.fact("reaches ", network, width: width) }
    if let reason = prompt.reason, !reason.isEmpty { body += PromptView.fact("why: ", reason, width: width) }
    return (Line(title, Look.promptTitle), body)
  }

  /// Whether the sandbox holds it, and whether undo would cover it.
  private static func conditions(_ prompt: CommandPrompt, _ state: AppState) -> [(String, Style)] {
    var words: [(String, Style)] = []
    if let thread = state.thread {
      if thread.sandbox.isOff {
        words.append(("no sandbox", Look.warning))
      } else if thread.approvalPolicy == .untrusted {
        words.append(("in the sandbox", Look.success))
      } else {
        words.append(("outside the sandbox", Look.warning))
      }
    }
    switch prompt.undoable {
    case .some(.none): words.append(("not undoable", Look.warning))
    case .some(.partial): words.append(("partly undoable", Look.promptText))
    case .some(.full), .some(.unknown), nil: break
    }
    return words
  }
}
