import StetText

/// One entry in full: all the output that is kept, every line of a diff.
enum ItemPageView {
  static func lines(_ item: TranscriptItem, _ context: ViewContext) -> [Line] {
    switch item.content {
    case .command(let command):
      var lines = context.wrapped(command.command, Look.toolTitle)
      lines += context.wrapped("in " + context.path(command.directory), Look.dim) + [.empty]
      if item.output.droppedLines > 0 {
        lines.append(Line("… \(item.output.droppedLines) earlier lines are in the thread's log", Look.dim))
      }
      let wrapper = Wrapper(width: max(1, context.width - 1))
      return lines + Sanitizer.ansi(item.output.text, base: Look.toolOutput).flatMap { wrapper.wrap($0) }
    case .fileChange(let change):
      return (change.files + change.refused).flatMap { file -> [Line] in
        let title =
          FileChangeView.title(file, context).spans + [Span("  ")] + FileChangeView.counts(file.diff)
        let language = Language.forPath(file.movePath ?? file.path)
        return [Line([Span(" ")] + title)] + file.diff.lines(width: context.width, language: language) + [
          .empty
        ]
      }
    default:
      var open = item
      open.isFolded = false
      return ItemView.lines(open, context)
    }
  }
}
