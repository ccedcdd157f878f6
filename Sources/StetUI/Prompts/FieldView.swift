import StetText

/// A line of text that a prompt asks for: the label, the text around the caret, the keys.
enum FieldView {
  /// - Parameter hasKeys: the keys are told below it, where nothing else tells them.
  static func lines(
    _ field: PromptField, _ state: AppState, width: Int, hasKeys: Bool = true
  ) -> (lines: [Line], caret: Point?) {
    var lines = [Line(field.label + ":", Look.promptTitle).truncated(to: width)]
    lines += severalLines(field, state, width: width)
    let row = lines.count
    let room = max(1, width - 2)
    let characters =
      isHidden(field)
      ? field.buffer.characters.map { _ in Character(Sign.slim("•")) } : field.buffer.characters
    func visible(_ text: String) -> String { isRule(field) ? Sanitizer.exact(text) : Sanitizer.display(text) }
    func columns(_ range: Range<Int>) -> Int { Width.of(visible(String(characters[range]))) }
    // The window begins so that the caret is inside it, and ends where the room does: a long text costs no more.
    var start = field.buffer.caret
    var used = 0
    while start > 0 {
      used += columns(start - 1..<start)
      if used >= room { break }
      start -= 1
    }
    let text = visible(String(characters[start..<min(characters.count, field.buffer.caret + room)]))
    lines.append(Line(("› ", Look.promptKey), (Width.prefix(text, columns: room), Look.composerText)))
    let caret = Point(x: 2 + columns(start..<field.buffer.caret), y: row)
    if case .rule(let offers) = field.purpose {
      let words = "stored as a rule for every thread · offer \(field.offer + 1) of \(offers.count)"
      lines += Wrapper(width: width).wrap(Line(words, Look.dim))
    }
    if case .remember = field.purpose {
      lines += Wrapper(width: width).wrap(remembered(field, state))
    }
    return (lines + (hasKeys ? FooterView.rows(.field, state, width: width) : []), caret)
  }

  /// A commit message of several lines is shown whole above the row that edits it, as far as half the screen goes.
  private static func severalLines(_ field: PromptField, _ state: AppState, width: Int) -> [Line] {
    guard case .commitMessage = field.purpose, field.buffer.characters.contains(where: \.isNewline) else {
      return []
    }
    let all = field.buffer.characters.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let room = max(1, state.size.rows / 2 - 3)
    var lines: [Line] = []
    for text in all.prefix(room) {
      lines += Wrapper(width: width).wrap(Line(Sanitizer.display(String(text)), Look.promptText))
    }
    let hidden = max(lines.count, all.count) - room
    guard hidden > 0 else { return lines }
    return Array(lines.prefix(room)) + [Line("… more lines than fit here", Look.warning)]
  }

  /// How far the rule holds, and what it lets happen, before it is stored (U3).
  private static func remembered(_ field: PromptField, _ state: AppState) -> Line {
    let count = state.fieldOffers.count
    let place = count > 1 ? " · offer \(field.offer + 1) of \(count)" : ""
    let isOutside = state.commandPrompt?.consent?.isOutside == true
    return Line(
      ("holds ", Look.dim), (RuleScope.all[field.scope].words, Look.promptText), (" (↑↓)", Look.dim),
      (isOutside ? " · OUTSIDE the sandbox" : " · inside the sandbox", isOutside ? Look.warning : Look.dim),
      (place, Look.dim))
  }

  /// A rule is shown byte for byte before it is stored (S10).
  private static func isRule(_ field: PromptField) -> Bool {
    switch field.purpose {
    case .rule, .remember: true
    default: false
    }
  }

  private static func isHidden(_ field: PromptField) -> Bool {
    if case .answer(true) = field.purpose { true } else { false }
  }
}
