import StetText

/// A search of the web or a page that was opened: one quiet line.
enum WebSearchView {
  static func lines(_ content: WebSearchContent, _ context: ViewContext) -> [Line] {
    let title = Line((content.action + " ", Look.dim), (Words.firstLine(content.query), Look.link))
    return [context.header(context.marker("◦", Look.dim), title, .empty)]
  }
}
