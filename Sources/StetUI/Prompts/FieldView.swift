import StetText

/// A line of text that a prompt asks for: the label, the text around the caret, the keys.
enum FieldView {
  static func lines(_ field: PromptField, _ state: AppState, width: Int) -> (lines: [Line], caret: Point?) {
    var lines = [Line(field.label + ":", Look.promptTitle).truncated(to: width)]
    let room = max(1, width - 2)
    let characters =
      isHidden(field) ? field.buffer.characters.map { _ in Character("•") } : field.buffer.characters
    // The window begins so that the caret is inside it.
    var start = 0
    func columns(_ range: Range<Int>) -> Int { Width.of(Sanitizer.display(String(characters[range]))) }
    while start < field.buffer.caret, columns(start..<field.buffer.caret) >= room { start += 1 }
    let text = Sanitizer.display(String(characters[start...]))
    lines.append(Line(("› ", Look.promptKey), (Width.prefix(text, columns: room), Look.composerText)))
    let caret = Point(x: 2 + columns(start..<field.buffer.caret), y: 1)
    if case .rule(let offers) = field.purpose {
      let words = "stored as a rule for every thread · offer \(field.offer + 1) of \(offers.count)"
      lines += Wrapper(width: width).wrap(Line(words, Look.dim))
    }
    return (lines + FooterView.rows(.field, state, width: width), caret)
  }

  private static func isHidden(_ field: PromptField) -> Bool {
    if case .answer(true) = field.purpose { true } else { false }
  }
}
