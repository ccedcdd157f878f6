import StetText

/// A picture that the model looked at.
enum ImageView {
  static func lines(_ path: String, _ context: ViewContext) -> [Line] {
    let title = Line(("Image ", Look.toolTitle), (context.path(path), Look.strong))
    return [context.header(context.marker("▣", Look.toolOk), title, .empty)]
  }
}
