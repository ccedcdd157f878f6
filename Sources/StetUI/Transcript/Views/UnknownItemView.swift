import StetText

/// An item of a kind that this version does not know: its name, and its content when unfolded.
enum UnknownItemView {
  static let openLines = 200

  static func lines(_ type: String, _ text: String, _ item: TranscriptItem, _ context: ViewContext) -> [Line]
  {
    let marker = context.marker(item.folded ? "▸" : "▾", Look.dim)
    let head = context.header(marker, Line(Words.firstLine(type), Look.dim), .empty)
    guard !item.folded else { return [head] }
    let body = context.wrapped(String(text.prefix(20_000)), Look.toolOutput).prefix(openLines)
    return [head] + body.map { $0.prefixed(by: [.blank(context.indent)]) }
  }
}
