import StetText

/// The keys that work now, from the table of bindings, as many as fit.
enum FooterView {
  static func keys(_ contexts: [KeyContext], _ state: AppState, room: Int) -> [Span] {
    var spans: [Span] = []
    var columns = 0
    var used: Set<Key> = []
    for context in contexts {
      for binding in Keymap.standard.bindings(in: context) {
        guard let words = binding.footer, let key = binding.keys.first, !used.contains(key) else { continue }
        guard binding.unavailable(state) == nil, !isDropped(binding, state) else { continue }
        used.insert(key)
        // Where the words do not fit, the key alone still tells.
        let gap = spans.isEmpty ? 0 : room < 60 ? 1 : 2
        let isShort = context == .review && room < 60
        let piece =
          [Span(key.description, Look.statusKey)] + (isShort ? [] : [Span(" " + words, Look.status)])
        let own = gap + piece.reduce(0) { $0 + $1.width }
        if columns + own > room { return spans }
        if gap > 0 { spans.append(Span(String(repeating: " ", count: gap), Look.status)) }
        spans += piece
        columns += own
      }
    }
    return spans
  }

  /// In the smallest panes a review shows its three deciding keys only (review.md A5).
  private static func isDropped(_ binding: Binding, _ state: AppState) -> Bool {
    guard binding.context == .review, state.isTinyReview else { return false }
    return ![.review(.accept), .review(.reject), .review(.leave)].contains(binding.action)
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
