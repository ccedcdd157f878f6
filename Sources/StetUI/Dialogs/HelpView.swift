import StetText

/// Every key and command, from the same tables that dispatch them (U26).
enum HelpView {
  static func lines(_ state: AppState, width: Int) -> [Line] {
    var below = state
    below.dialogs = state.dialogs.dropLast()
    let active = below.contexts
    var lines: [Line] = []
    let order = active + KeyContext.allCases.filter { !active.contains($0) }
    for context in order {
      let bindings = Keymap.standard.bindings(in: context)
      guard !bindings.isEmpty else { continue }
      lines.append(Line(" " + context.title, Look.strong))
      for binding in bindings {
        let reason = active.contains(context) ? binding.unavailable(below) : nil
        lines += row(
          binding.keys.map(\.description).joined(separator: " "), binding.words, reason, width: width)
      }
      lines.append(.empty)
    }
    lines.append(Line(" Commands", Look.strong))
    for command in SlashCommand.allCases {
      lines += row("/" + command.rawValue, command.words, nil, width: width)
    }
    for prompt in state.customPrompts { lines += row(prompt.typed, prompt.words, nil, width: width) }
    return lines
  }

  private static func row(_ keys: String, _ words: String, _ reason: String?, width: Int) -> [Line] {
    let column = width >= 60 ? 26 : 14
    let text = words + (reason.map { " (now: \($0))" } ?? "")
    let style = reason == nil ? Look.text : Look.dim
    let head = [Span("   "), Span(keys.padded(right: column - 3), Look.statusKey), Span(" ")]
    let used = head.reduce(0) { $0 + $1.width }
    // Many keys take a line of their own.
    if used > column + 1 || width < 40 {
      let wrapper = Wrapper(width: max(1, width - 6))
      return [Line(Array(head.dropLast())).truncated(to: width)]
        + wrapper.wrap(Line(text, style)).map { $0.prefixed(by: [.blank(5)]) }
    }
    let rest = Wrapper(width: max(1, width - used - 1)).wrap(Line(text, style))
    return rest.enumerated().map { $0 == 0 ? $1.prefixed(by: head) : $1.prefixed(by: [.blank(used)]) }
  }
}
