import StetProtocol
import StetText

/// The undo screen: which change, what taking it back would do to each path, and that nothing happened yet.
enum UndoView {
  /// Rows of the timeline: the rest of the screen is for what the selected one would do.
  private static let timelineRows = 5
  /// Paths on the screen, and files whose lines are: a plan may have a hundred thousand, and each frame draws all.
  static let pathLimit = 1_000
  static let diffLimit = 50

  static func title(_ undo: UndoState, width: Int) -> Line {
    let place = undo.entries.count > 1 ? "\(undo.selected + 1) of \(undo.entries.count)" : ""
    return Line.row(Line(" Undo", Look.header), Line(place, Look.headerDim), width: width)
  }

  static func lines(_ undo: UndoState, _ context: ViewContext, wall: Int) -> [Line] {
    var lines: [Line] = []
    lines += timeline(undo, context, wall: wall)
    if let entry = undo.entry {
      lines += context.wrapped(summary(entry, undo, wall: wall), Look.strong)
      if let note = entry.note { lines += context.wrapped(Words.firstLine(note), Look.dim) }
      if entry.turnId != nil { lines.append(choices(undo, context)) }
      lines.append(.empty)
    }
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

  /// The turns and undos, newest first, around the selected one.
  private static func timeline(_ undo: UndoState, _ context: ViewContext, wall: Int) -> [Line] {
    guard undo.entries.count > 1 else { return [] }
    let first = max(0, min(undo.selected - timelineRows / 2, undo.entries.count - timelineRows))
    let most = undo.entries.reduce(0) { max($0, DiffStat.lines($1.added, $1.removed)) }
    let rows = undo.entries.enumerated().dropFirst(first).prefix(timelineRows).map { index, entry in
      let isSelected = index == undo.selected
      let what = ["restore": "undo", "review": "review", "shell": "command"][entry.cause] ?? "turn"
      let left = Line(
        (isSelected ? "› " : "  ", Look.promptKey), (what, isSelected ? Look.strong : Look.text),
        ("  \(Words.plural(entry.files, "file")) +\(entry.added) −\(entry.removed) ", Look.dim))
      let bar =
        context.width >= 60 ? DiffStat.bar(added: entry.added, removed: entry.removed, most: most) : []
      return Line.row(
        Line(left.spans + bar), Line(when(entry, wall: wall), Look.dim), width: context.textWidth)
    }
    return rows + [.empty]
  }

  /// What goes back, and how to choose otherwise.
  private static func choices(_ undo: UndoState, _ context: ViewContext) -> Line {
    Line(
      ("back go: ", Look.dim), (undo.content.words, Look.strong), ("  c", Look.promptKey),
      (" other  ", Look.dim),
      ("t", Look.promptKey), (undo.isOnwards ? " this turn alone" : " all from here on", Look.dim)
    ).truncated(to: context.textWidth)
  }

  private static func when(_ entry: StetSnapshot, wall: Int) -> String {
    let age = Words.age(seconds: wall - entry.createdAtMs / 1000)
    return age == "now" ? "just now" : age + " ago"
  }

  private static func summary(_ entry: StetSnapshot, _ undo: UndoState, wall: Int) -> String {
    let when = when(entry, wall: wall)
    let what =
      entry.cause == "restore"
      ? "Redo what was undone"
      : entry.cause == "review"
        ? "Take back what a review wrote"
        : undo.isOnwards ? "Undo this turn and all after it" : "Undo what one turn changed"
    return "\(what) · \(Words.plural(entry.files, "file")) +\(entry.added) −\(entry.removed) · \(when)"
  }

  /// A path and what happens to it, below it where it does not fit beside it.
  static func told(_ path: Line, _ words: String, _ style: Style, _ context: ViewContext) -> [Line] {
    let right = Line(words, style)
    if path.width + 1 + right.width <= context.textWidth {
      return [Line.row(path, right, width: context.textWidth)]
    }
    return [path.truncated(to: context.textWidth)] + context.wrapped("  " + words, style)
  }

  /// What is said of a path alone: the one command of a whole turn is said above the list.
  private static func own(_ note: String?, besides common: String?) -> String? {
    guard let note, note != common else { return nil }
    guard let common, note.hasSuffix("; " + common) else { return note }
    return String(note.dropLast(common.count + 2))
  }

  /// What becomes of paths that changed since, and where the versions of these are.
  private static func overwriting(_ undo: UndoState, _ context: ViewContext) -> [Line] {
    if undo.overwrites {
      guard undo.overwritten > 0 else {
        return context.wrapped("Nothing more could be put back; o goes back to the safe ones.", Look.dim)
      }
      return context.wrapped(
        "\(Words.plural(undo.overwritten, "file")) of these changed since. What is there now is kept with this undo: "
          + "/redo puts it back, stet undo --kept FILE prints it. o leaves them alone.", Look.warning)
    }
    guard undo.conflicts > 0 else { return [] }
    return context.wrapped(
      "o puts back the \(undo.conflicts) left alone as well, and keeps what is there now.", Look.dim)
  }

  private static func planned(
    _ undo: UndoState, _ plan: StetSnapshotRestoreResponse, _ context: ViewContext
  ) -> [Line] {
    var lines: [Line] = []
    // Where not all fit, what is left alone is what must be seen.
    let isLong = plan.files.count > pathLimit
    let files = isLong ? plan.files.filter { $0.action == "refuse" } + undo.applicable : plan.files
    for entry in files.prefix(pathLimit) {
      let isRefused = entry.action == "refuse"
      let sign = isRefused ? "✗ " : entry.action == "none" ? "· " : "↶ "
      let style = isRefused ? Look.rejected : entry.action == "none" ? Look.dim : Look.accepted
      let path = Line((sign, style), (context.path(entry.path), Look.text))
      let isOver = !isRefused && entry.reason != nil
      lines += told(
        path, entry.intent, isRefused ? Look.rejected : isOver ? Look.warning : Look.dim, context)
      if let note = own(entry.note, besides: undo.entry?.note) {
        lines += context.wrapped("  " + Words.firstLine(note), Look.dim)
      }
    }
    if isLong {
      let words = "… and \(files.count - pathLimit) paths more; stet undo --dry-run lists all of them"
      lines += context.wrapped(words, Look.dim)
    }
    lines.append(.empty)
    for warning in plan.warnings ?? [] { lines += context.wrapped(Words.firstLine(warning), Look.warning) }
    let refused = plan.files.count { $0.action == "refuse" }
    if undo.applicable.isEmpty {
      lines += context.wrapped("Nothing can be put back safely; no file will be touched.", Look.warning)
    } else {
      let verb = undo.isRedo ? "changes" : "puts back"
      var words = "Nothing was touched yet. y \(verb) \(Words.plural(undo.applicable.count, "file"))"
      if refused > 0 { words += " and leaves \(refused) alone" }
      lines += context.wrapped(words + "; this can be undone too.", Look.dim)
    }
    lines += overwriting(undo, context)
    let shown = undo.applicable.filter { $0.diff?.isEmpty == false }
    for entry in shown.prefix(diffLimit) {
      guard let diff = entry.diff else { continue }
      lines += [.empty, Line(context.path(entry.path), Look.strong)]
      let parsed = FileDiff.parse(hunks: diff)
      lines += parsed.lines(
        width: max(1, context.width - 2), language: Language.forPath(entry.path), limit: 200)
    }
    if shown.count > diffLimit {
      lines += context.wrapped("… and the lines of \(shown.count - diffLimit) files more", Look.dim)
    }
    return lines
  }
}
