import StetText

/// A change of files: one header a file with counts and verdict, the diff below it.
enum FileChangeView {
  /// Diff rows a file shows by itself, and unfolded; the diff page shows all.
  static let previewRows = 24
  static let openRows = 400
  /// With more files than this the headers alone are shown until somebody unfolds them.
  static let previewFiles = 30

  static func lines(_ content: FileChangeContent, _ item: TranscriptItem, _ context: ViewContext) -> [Line] {
    var lines: [Line] = []
    for file in content.files {
      lines.append(header(file, content.state, item, context))
      if !item.folded, !isShownByPrompt(content, item),
        item.isFolded != nil || content.files.count <= previewFiles
      {
        lines += body(file, item, context)
      }
    }
    if !content.refused.isEmpty, item.isFolded == false {
      let title = Line("refused, not on disk:", Look.rejected)
      lines.append(title.prefixed(by: [.blank(context.indent)]))
      for file in content.refused {
        lines.append(header(file, .declined, item, context))
        lines += body(file, item, context)
      }
    }
    if lines.isEmpty {
      lines = [context.header(context.marker("▾", Look.dim), Line("Edit", Look.toolTitle), .empty)]
    }
    return lines
  }

  /// A proposal of one hunk is shown whole by the question that asks for it.
  private static func isShownByPrompt(_ content: FileChangeContent, _ item: TranscriptItem) -> Bool {
    guard content.state == .proposed, item.isFolded == nil, content.files.count == 1 else { return false }
    return content.files.allSatisfy { $0.diff.hunks.count == 1 }
  }

  private static func header(
    _ file: FileChangeContent.File, _ state: FileChangeContent.State, _ item: TranscriptItem,
    _ context: ViewContext
  ) -> Line {
    let marker = context.marker(item.folded ? "▸" : "▾", tone(state))
    return context.header(marker, title(file, context), facts(file, state, context))
  }

  static func title(_ file: FileChangeContent.File, _ context: ViewContext) -> Line {
    let verb =
      switch file.kind {
      case .add: "Create "
      case .delete: "Delete "
      case .update: file.movePath == nil ? "Edit " : "Move "
      }
    let target = file.movePath.map { " → " + context.path($0) } ?? ""
    return Line((verb, Look.toolTitle), (context.path(file.path), Look.strong), (target, Look.strong))
  }

  private static func facts(
    _ file: FileChangeContent.File, _ state: FileChangeContent.State, _ context: ViewContext
  ) -> Line {
    var pieces: [Span] = counts(file.diff)
    func add(_ words: String, _ style: Style) {
      if !pieces.isEmpty { pieces.append(Span("  ")) }
      pieces.append(Span(words, style))
    }
    if let verdict = file.verdict {
      switch verdict.tone {
      case .good: add(verdict.words, Look.accepted)
      case .mixed: add(verdict.words, Look.undecided)
      case .bad: add(verdict.words, Look.rejected)
      }
    } else {
      switch state {
      case .proposed: add("proposed", Look.undecided)
      case .applied: add("✓", Look.accepted)
      case .declined: add("✗ declined", Look.rejected)
      case .failed: add("✗ failed", Look.toolFailed)
      case .stopped: add("stopped", Look.warning)
      }
    }
    return Line(pieces)
  }

  /// `+3 −1` with the signs' colours.
  static func counts(_ diff: FileDiff) -> [Span] { counts(added: diff.added, removed: diff.removed) }

  static func counts(added: Int, removed: Int) -> [Span] {
    var spans: [Span] = []
    if added > 0 {
      spans.append(Span("+\(added)", Style(Look.plus.foreground, on: Look.text.foreground)))
    }
    if removed > 0 {
      if !spans.isEmpty { spans.append(Span(" ")) }
      spans.append(Span("−\(removed)", Style(Look.minus.foreground, on: Look.text.foreground)))
    }
    return spans
  }

  private static func body(
    _ file: FileChangeContent.File, _ item: TranscriptItem, _ context: ViewContext
  ) -> [Line] {
    let limit = item.isFolded == false ? openRows : previewRows
    let indent = context.width >= 50 ? context.indent : 0
    let language = Language.forPath(file.movePath ?? file.path)
    return file.diff.lines(width: max(1, context.width - indent), language: language, limit: limit)
      .map { $0.prefixed(by: indent > 0 ? [.blank(indent)] : []) }
  }

  private static func tone(_ state: FileChangeContent.State) -> Style {
    switch state {
    case .proposed: Look.toolRunning
    case .applied: Look.toolOk
    case .declined, .failed, .stopped: Look.toolFailed
    }
  }
}
