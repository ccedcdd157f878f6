import StetText

/// The keys that work now, from the table of bindings, as many as fit.
enum FooterView {
  static func keys(_ contexts: [KeyContext], _ state: AppState) -> [Span] {
    var spans: [Span] = []
    var used: Set<Key> = []
    for context in contexts {
      for binding in Keymap.standard.bindings(in: context) {
        guard let words = binding.footer, let key = binding.keys.first, !used.contains(key) else { continue }
        guard binding.unavailable(state) == nil else { continue }
        used.insert(key)
        if !spans.isEmpty { spans.append(Span("  ", Look.status)) }
        spans.append(Span(key.description, Look.statusKey))
        spans.append(Span(" " + words, Look.status))
      }
    }
    return spans
  }

  /// The keys of one context as rows of a prompt.
  static func rows(_ context: KeyContext, _ state: AppState, width: Int) -> [Line] {
    var rows: [Line] = []
    var row: [Span] = []
    var used = 0
    for binding in Keymap.standard.bindings(in: context) {
      guard let words = binding.footer, let key = binding.keys.first, binding.unavailable(state) == nil else {
        continue
      }
      let piece = [Span(key.description, Look.promptKey), Span(" " + words, Look.promptText)]
      let own = piece.reduce(0) { $0 + $1.width }
      if used > 0, used + 2 + own > width {
        rows.append(Line(row))
        (row, used) = ([], 0)
      }
      if used > 0 { row.append(Span("  ", Look.promptText)) }
      row += piece
      used += own + (used > 0 ? 2 : 0)
    }
    if !row.isEmpty { rows.append(Line(row)) }
    return rows
  }
}
