import StetText

/// A picture that the model looked at: where it is, how large, and what it looks like.
enum ImageView {
  static func lines(_ content: ImageContent, _ item: TranscriptItem, _ context: ViewContext) -> [Line] {
    let title = Line(("Image ", Look.toolTitle), (context.path(content.path), Look.strong))
    let facts = content.facts.map { Line(words($0), Look.dim) } ?? .empty
    let header = context.header(context.marker("▣", Look.toolOk), title, facts)
    guard let facts = content.facts, !item.folded else { return [header] }
    let preview = PicturePreview.lines(facts, width: context.textWidth, hasColors: context.hasColors)
    return [header] + preview.map { $0.prefixed(by: [.blank(context.indent)]) }
  }

  private static func words(_ facts: PictureFacts) -> String {
    let size = facts.width > 0 && facts.height > 0 ? "\(facts.width)×\(facts.height) " : ""
    return size + facts.kind + "  " + Words.size(bytes: facts.bytes)
  }
}
