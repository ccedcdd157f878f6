import StetProtocol
import StetText

/// The preview of a compaction.
enum CompactView {
  static func lines(_ dialog: CompactDialog, _ context: ViewContext) -> [Line] {
    let lines: [Line] =
      switch dialog.phase {
      case .loading: context.wrapped("looking what it would do; nothing is touched …", Look.dim)
      case .undoing: context.wrapped("putting the history back …", Look.dim)
      case .failed(let message):
        context.wrapped("That did not work: " + message, Look.error)
          + context.wrapped("Nothing was changed by it. y compacts all the same, esc goes back.", Look.dim)
      case .ready(let use): preview(dialog, use, context)
      }
    return lines.map { $0.prefixed(by: [.blank(1)]) }
  }

  private static func preview(_ dialog: CompactDialog, _ use: StetContextUse, _ context: ViewContext)
    -> [Line]
  {
    var lines = context.wrapped(
      "The window holds about \(Words.count(use.tokens)) of \(Words.count(use.window)) tokens.", Look.strong)
    lines += ContextBar.lines(use, width: context.textWidth) + [.empty]
    let summarised = use.summarised ?? 0
    if summarised > 0 {
      lines += row(
        Sign.slim("≡"), "summarised", summarised, "answers, older calls and their outputs", context)
      lines += row(
        "✓", "kept", use.keptContext ?? 0, "prompt and project documents, as they are now", context)
      lines += row("✓", "kept", use.keptMessages ?? 0, "your messages, word for word", context)
      lines += row("✓", "kept", use.keptCalls ?? 0, "the newest calls with their outputs", context)
      lines.append(.empty)
      if !dialog.wish.isEmpty {
        lines += context.wrapped("The summary is to hold above all: " + dialog.wish, Look.text) + [.empty]
      }
      lines += context.wrapped(
        "Nothing was touched yet. y compacts; it can be undone with u here afterwards.", Look.dim)
    } else {
      lines += context.wrapped("There is nothing that a summary could replace.", Look.dim)
    }
    if use.canUndo == true {
      lines += context.wrapped("u takes the last compaction back: what it replaced is still there.", Look.dim)
    }
    return lines
  }

  private static func row(
    _ sign: String, _ verb: String, _ tokens: Int, _ what: String, _ context: ViewContext
  ) -> [Line] {
    let words = context.wrapped(
      "\(verb) \(Words.count(tokens)): \(what)", Look.text, width: context.textWidth - 2)
    return words.enumerated().map { index, line in
      line.prefixed(by: [Span(index == 0 ? sign + " " : "  ", Look.promptKey)])
    }
  }
}
