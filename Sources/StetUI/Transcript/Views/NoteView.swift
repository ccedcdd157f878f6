import StetText

/// A word of the interface itself: a warning, that a turn was stopped.
enum NoteView {
  static func lines(_ content: NoteContent, _ context: ViewContext) -> [Line] {
    switch content.kind {
    case .info:
      context.block(context.wrapped(content.text, Look.dim), marker: context.marker("·", Look.dim))
    case .warning:
      context.block(context.wrapped(content.text, Look.warning), marker: context.marker("!", Look.warning))
    case .stopped:
      context.block(context.wrapped(content.text, Look.warning), marker: context.marker("■", Look.warning))
    }
  }
}
