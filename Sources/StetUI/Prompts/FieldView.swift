import StetText

/// A line of text that a prompt asks for: the label, the text around the caret, the keys.
enum FieldView {
  /// - Parameter hasKeys: the keys are told below it, where nothing else tells them.
  static func lines(
    _ field: PromptField, _ state: AppState, width: Int, hasKeys: Bool = true
  ) -> (lines: [Line], caret: Point?) {
    var lines = [Line(field.label + ":", Look.promptTitle).truncated(to: width)]
    let others = otherLines(field, state, width: width)
    lines += others.above
    let row = lines.count
    let range = field.takesLines ? field.buffer.lineStart..<field.buffer.lineEnd : 0..<field.buffer.count
    let room = max(1, width - 2)
    let characters =
      isHidden(field)
      ? field.buffer.characters.map { _ in Character(Sign.slim("•")) } : field.buffer.characters
    func visible(_ text: String) -> String { isRule(field) ? Sanitizer.exact(text) : Sanitizer.display(text) }
    func columns(_ range: Range<Int>) -> Int { Width.of(visible(String(characters[range]))) }
    // The window begins so that the caret is inside it, and ends where the room does: a long text costs no more.
    var start = field.buffer.caret
    var used = 0
    while start > range.lowerBound {
      used += columns(start - 1..<start)
      if used >= room { break }
      start -= 1
    }
    let text = visible(String(characters[start..<min(range.upperBound, field.buffer.caret + room)]))
    lines.append(Line(("› ", Look.promptKey), (Width.prefix(text, columns: room), Look.composerText)))
    lines += others.below
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

  /// The lines of a message around the one that has the caret, as far as half the screen goes.
  private static func otherLines(
    _ field: PromptField, _ state: AppState, width: Int
  ) -> (above: [Line], below: [Line]) {
    guard field.takesLines else { return ([], []) }
    let all = field.buffer.characters.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let current = field.buffer.characters[..<field.buffer.caret].count(where: \.isNewline)
    let room = max(1, state.size.rows / 2 - 3)
    let first = max(0, min(current - room / 2, all.count - room))
    func shown(_ range: Range<Int>) -> [Line] {
      range.map { index in
        Line("  " + Sanitizer.display(String(all[index])), Look.promptText).truncated(to: width)
      }
    }
    func hidden(_ count: Int, _ place: String) -> [Line] {
      count > 0 ? [Line("  … \(Words.plural(count, "line")) \(place)", Look.dim).truncated(to: width)] : []
    }
    let end = min(all.count, first + room)
    return (
      hidden(first, "above") + shown(first..<current),
      shown(min(current + 1, end)..<end) + hidden(all.count - end, "below")
    )
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
