import StetProtocol
import StetText

/// The undo screen: which change, what taking it back would do to each path, and that nothing happened yet.
enum UndoView {
  static func title(_ undo: UndoState, width: Int) -> Line {
    let place = undo.entries.count > 1 ? "\(undo.selected + 1) of \(undo.entries.count)" : ""
    return Line.row(Line(" Undo", Look.header), Line(place, Look.headerDim), width: width)
  }

  static func lines(_ undo: UndoState, _ context: ViewContext, wall: Int) -> [Line] {
    var lines: [Line] = []
    if let entry = undo.entry { lines += context.wrapped(summary(entry, wall: wall), Look.strong) + [.empty] }
    switch undo.phase {
    case .loadingList: lines += context.wrapped("looking for changes …", Look.dim)
    case .nothing: lines += context.wrapped("This thread has changed no file that can be put back.", Look.dim)
    case .planning: lines += context.wrapped("looking what it would do; nothing is touched …", Look.dim)
    case .applying: lines += context.wrapped("putting the files back …", Look.dim)
    case .failed(let message):
      lines += context.wrapped("That did not work: " + message, Look.error)
      lines += context.wrapped("No file was changed by it. esc goes back.", Look.dim)
    case .planned(let plan): lines += planned(undo, plan, context)
    }
    return lines.map { $0.prefixed(by: [.blank(1)]) }
  }

  private static func summary(_ entry: StetSnapshot, wall: Int) -> String {
    let age = Words.age(seconds: wall - entry.createdAtMs / 1000)
    let when = age == "now" ? "just now" : age + " ago"
    let what = entry.cause == "restore" ? "Redo what was undone" : "Undo what one turn changed"
    return "\(what) · \(Words.plural(entry.files, "file")) +\(entry.added) −\(entry.removed) · \(when)"
  }

  private static func planned(
    _ undo: UndoState, _ plan: StetSnapshotRestoreResponse, _ context: ViewContext
  ) -> [Line] {
    var lines: [Line] = []
    for entry in plan.files {
      let isRefused = entry.action == "refuse"
      let sign = isRefused ? "✗ " : entry.action == "none" ? "· " : "↶ "
      let style = isRefused ? Look.rejected : entry.action == "none" ? Look.dim : Look.accepted
      let path = Line((sign, style), (context.path(entry.path), Look.text))
      lines.append(
        Line.row(path, Line(entry.intent, isRefused ? Look.rejected : Look.dim), width: context.textWidth))
    }
    lines.append(.empty)
    let refused = plan.files.count { $0.action == "refuse" }
    if undo.applicable.isEmpty {
      lines += context.wrapped("Nothing can be put back safely; no file will be touched.", Look.warning)
    } else {
      let verb = undo.isRedo ? "changes" : "puts back"
      var words = "Nothing was touched yet. y \(verb) \(Words.plural(undo.applicable.count, "file"))"
      if refused > 0 { words += " and leaves \(refused) alone" }
      lines += context.wrapped(words + "; this can be undone too.", Look.dim)
    }
    for entry in undo.applicable {
      guard let diff = entry.diff, !diff.isEmpty else { continue }
      lines += [.empty, Line(context.path(entry.path), Look.strong)]
      let parsed = FileDiff.parse(hunks: diff)
      lines += parsed.lines(
        width: max(1, context.width - 2), language: Language.forPath(entry.path), limit: 200)
    }
    return lines
  }
}
