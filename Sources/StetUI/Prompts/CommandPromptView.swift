import StetProtocol
import StetText

/// May this command run? The exact bytes, where, why, under which sandbox (U3).
enum CommandPromptView {
  static func content(_ prompt: CommandPrompt, _ state: AppState, width: Int) -> (title: Line, body: [Line]) {
    var title = prompt.isInput ? "Send this input to the running command?" : "Run this command?"
    if prompt.network != nil { title = "Let this command reach a host?" }
    var body = facts(prompt, state, width: width)
    let shown = prompt.script.isEmpty ? "(the server sent no command)" : prompt.script
    body += script(shown, marked: prompt.consent?.parts ?? [], width: width)
    if let consent = prompt.consent { body += asked(consent, shown, width: width) }
    return (Line(title, Look.promptTitle), body)
  }

  /// The script with the parts that need consent underlined.
  private static func script(_ text: String, marked: [Range<Int>], width: Int) -> [Line] {
    let wrapper = Wrapper(width: width, hanging: 2)
    let underlined = Look.toolTitle.adding(.underline)
    var lines: [[Span]] = [[]]
    for (piece, isMarked) in pieces(text, marked) {
      let parts = Sanitizer.folded(piece).split(separator: "\n", omittingEmptySubsequences: false)
      for (index, part) in parts.enumerated() {
        if index > 0 { lines.append([]) }
        if !part.isEmpty {
          lines[lines.count - 1].append(Span(String(part), isMarked ? underlined : Look.toolTitle))
        }
      }
    }
    return lines.enumerated().flatMap { index, spans in
      wrapper.wrap(Line([Span(index == 0 ? "$ " : "  ", Look.dim)] + spans))
    }
  }

  /// The script in pieces, each wholly marked or not. Ranges that do not fit the text mark nothing.
  private static func pieces(_ text: String, _ marked: [Range<Int>]) -> [(text: String, isMarked: Bool)] {
    let bytes = Array(text.utf8)
    guard !marked.isEmpty, marked.allSatisfy({ $0.upperBound <= bytes.count }) else { return [(text, false)] }
    var pieces: [(String, Bool)] = []
    var end = 0
    func add(_ range: Range<Int>, _ isMarked: Bool) {
      if !range.isEmpty { pieces.append((String(decoding: bytes[range], as: UTF8.self), isMarked)) }
    }
    for range in marked {
      add(end..<range.lowerBound, false)
      add(range, true)
      end = range.upperBound
    }
    add(end..<bytes.count, false)
    return pieces
  }

  /// The marked parts in words: an underline is not seen everywhere.
  private static func asked(_ consent: CommandConsent, _ text: String, width: Int) -> [Line] {
    let parts = pieces(text, consent.parts).filter(\.isMarked).map(\.text)
    var lines: [Line] = []
    if !parts.isEmpty {
      lines += PromptView.fact("asks for: ", parts.joined(separator: "  and  "), width: width)
    }
    if let opaque = consent.opaque {
      lines += PromptView.fact("no rule can cover it: ", "it has " + opaque, width: width)
    }
    return lines
  }

  /// Where, behind which walls and why: above the command, so that a long one can't push them out of sight.
  private static func facts(_ prompt: CommandPrompt, _ state: AppState, width: Int) -> [Line] {
    let place = Words.exactPath(prompt.directory, home: state.environment.home)
    var spans = [Span("in ", Look.dim), Span(place, Look.promptText)]
    for (words, style) in conditions(prompt, state) { spans += [Span(" · ", Look.dim), Span(words, style)] }
    var lines = Wrapper(width: width, hanging: 2).wrap(Line(spans))
    if let network = prompt.network { lines += PromptView.fact("reaches ", network, width: width) }
    if let reason = prompt.reason, !reason.isEmpty {
      lines += PromptView.prose("why: ", reason, width: width)
    }
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
