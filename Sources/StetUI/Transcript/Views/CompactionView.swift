import StetText

/// The point where older conversation was replaced by a summary for the model.
enum CompactionView {
  static func lines(_ context: ViewContext) -> [Line] {
    let words = " context compacted "
    let side = max(0, (context.width - Width.of(words)) / 2)
    let dashes = String(repeating: Sign.slim("┄"), count: side)
    return [Line((dashes, Look.rule), (words, Look.dim), (dashes, Look.rule)).truncated(to: context.width)]
  }
}
