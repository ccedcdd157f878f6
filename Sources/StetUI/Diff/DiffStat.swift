import StetText

/// Added and removed lines as a bar of plus and minus signs, as `git diff --stat` draws it.
enum DiffStat {
  /// Signs of the largest change in a list: more are not told apart at a glance.
  static let widest = 12

  /// Lines that a change touches; a server may say any number.
  static func lines(_ added: Int, _ removed: Int) -> Int {
    min(max(0, added), 1 << 40) + min(max(0, removed), 1 << 40)
  }

  /// - Parameter most: lines of the largest change that stands in the same list; up to `widest` each line is a sign.
  static func bar(added: Int, removed: Int, most: Int, cells: Int = widest) -> [Span] {
    let (added, removed) = (max(0, added), max(0, removed))
    let total = Double(added) + Double(removed)
    guard total > 0, cells > 1 else { return [] }
    let scale = min(1, Double(cells) / max(total, Double(most)))
    let kinds = (added > 0 ? 1 : 0) + (removed > 0 ? 1 : 0)
    let length = max(kinds, min(cells, Int((total * scale).rounded())))
    var plus = Int((Double(length) * Double(added) / total).rounded())
    // What is there is seen, however little it is.
    if added > 0 { plus = max(1, plus) }
    if removed > 0 { plus = min(length - 1, plus) }
    return [
      Span(String(repeating: "+", count: plus), Style(Look.plus.foreground, on: Look.text.foreground)),
      Span(
        String(repeating: "−", count: length - plus), Style(Look.minus.foreground, on: Look.text.foreground)),
    ].filter { $0.width > 0 }
  }
}
