import StetText

/// What an undo or redo really did, one path a line.
enum UndoResultView {
  static func lines(_ content: UndoContent, _ context: ViewContext) -> [Line] {
    var lines = context.wrapped(content.title, Look.strong)
    for row in content.rows {
      let sign = row.isRefused ? "✗ " : "✓ "
      let style = row.isRefused ? Look.rejected : Look.accepted
      let path = Line((sign, style), (context.path(row.path), Look.text))
      lines += UndoView.told(path, row.words, row.isRefused ? Look.rejected : Look.dim, context)
    }
    return context.block(lines, marker: context.marker("↶", Look.toolOk))
  }
}
