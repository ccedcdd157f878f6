import StetText

extension AppState {
  /// Draws a full screen: a title line, the body, a line of keys. Returns where the caret is.
  mutating func draw(_ dialog: Dialog, in surface: inout Surface, hasFooter: Bool = true) -> Point? {
    let hasChrome = size.rows >= ConversationLayout.comfortable.rows
    let isSliver = isReviewOpen && isTinyReview
    let top = hasChrome && !isSliver ? 2 : 0
    let footer = hasFooter && (hasChrome || isSliver) ? dialogFooter() : []
    let bottom = footer.count
    let body = Rect(x: 0, y: top, width: size.columns, height: max(0, size.rows - top - bottom))
    if top > 0 {
      surface.write(dialogTitle(dialog), at: Point(x: 0, y: 0))
      surface.write(secondLine(dialog), at: Point(x: 0, y: 1))
    }
    surface.place(footer, in: Rect(x: 0, y: size.rows - bottom, width: size.columns, height: bottom))
    switch dialog {
    case .list(let list): return drawList(list, in: body, &surface)
    case .page(let page): drawPage(page, in: body, &surface)
    case .queue(let queue): drawQueue(queue, in: body, &surface)
    case .undo(let undo): drawUndo(undo, in: body, &surface)
    case .compact(let compact): drawCompact(compact, in: body, &surface)
    case .permissions(let permissions): return drawPermissions(permissions, in: body, &surface)
    case .outside(let command): surface.place(OutsideView.lines(command, viewContext), in: body)
    case .review: return drawReview(in: body, &surface)
    }
    return nil
  }

  private func dialogTitle(_ dialog: Dialog) -> Line {
    let width = max(1, size.columns - 1)
    switch dialog {
    case .list(let list):
      return Line.row(
        Line(" " + list.title, Look.header), Line("\(list.visible.count)", Look.headerDim), width: width)
    case .page(let page):
      let last = min(page.top + page.pageRows, page.lineCount)
      let place = page.lineCount > page.pageRows ? "\(last)/\(page.lineCount)" : ""
      return Line.row(Line(" " + pageTitle(page), Look.header), Line(place, Look.headerDim), width: width)
    case .queue: return Line(" Queued messages", Look.header)
    case .undo(let undo): return UndoView.title(undo, width: width)
    case .compact: return Line(" Compact the conversation", Look.header)
    case .permissions(let permissions):
      return Line.row(
        Line(" Permissions", Look.header), Line("\(permissions.rows.count)", Look.headerDim), width: width)
    case .outside: return Line(" Run it outside the sandbox?", Look.header)
    case .review: return review.map { ReviewView.title($0, viewContext) } ?? .empty
    }
  }

  /// A rule; in a narrow review the facts that do not fit beside the path.
  private func secondLine(_ dialog: Dialog) -> Line {
    if case .review = dialog, size.columns < ReviewView.narrow, let review {
      return ReviewView.facts(review)
    }
    return Line(String(repeating: Sign.slim("─"), count: size.columns), Look.rule)
  }

  /// The keys that work now, or a word of the moment in as many rows as it needs.
  private func dialogFooter() -> [Line] {
    var spans: [Span] = []
    if isWorking, prompts.current == nil { spans = [Span("working · ", Look.status)] }
    let used = spans.reduce(1) { $0 + $1.width }
    if let notice {
      if used + Width.of(notice.text) > size.columns {
        let rows = size.rows >= 12 ? StatusLine.maxRows : 1
        return NoticeView.lines(notice, width: size.columns, maxRows: rows)
      }
      spans.append(Span(notice.text, notice.isWarning ? Look.statusWarning : Look.status))
    } else {
      spans += FooterView.keys(contexts, self, room: size.columns - used - 1)
    }
    return [Line([Span(" ")] + spans).truncated(to: size.columns)]
  }

  // MARK: Lists

  private mutating func drawList(_ list: ListDialog, in rect: Rect, _ surface: inout Surface) -> Point? {
    guard rect.height > 0 else { return nil }
    let sign = list.renaming != nil ? " = " : list.hits != nil ? " / " : " › "
    let filter = Line((sign, Look.promptKey), (Sanitizer.display(list.filter.text), Look.composerText))
    surface.write(filter, at: rect.origin, in: rect)
    let caret = 3 + Width.of(Sanitizer.display(String(list.filter.characters.prefix(list.filter.caret))))
    let rows = rect.inset(top: 1)
    updateListRows(rows.height)
    let visible = list.visible
    if visible.isEmpty {
      let words = list.rows.isEmpty ? list.placeholder : "nothing matches"
      surface.place(viewContext.wrapped(words, Look.dim).map { $0.prefixed(by: [.blank(3)]) }, in: rows)
    }
    let height = list.hits == nil ? 1 : 2
    let count = max(1, rows.height / height)
    let top = max(0, min(list.selected - count / 2, visible.count - count))
    for (offset, row) in visible.dropFirst(top).prefix(count).enumerated() {
      let isSelected = top + offset == list.selected
      let y = rows.y + offset * height
      surface.write(listRow(row, isSelected: isSelected, width: rect.width), at: Point(x: 0, y: y), in: rows)
      if height > 1, let preview = row.preview {
        let line = Line([.blank(4), Span(preview, Look.dim)]).truncated(to: max(1, rect.width - 1))
        surface.write(line, at: Point(x: 0, y: y + 1), in: rows)
      }
      if isSelected {
        surface.restyle(Rect(x: 0, y: y, width: rect.width, height: 1)) { $0.on(Look.selection) }
      }
    }
    return Point(x: min(caret, rect.width - 1), y: rect.y)
  }

  private func listRow(_ row: ListDialog.Row, isSelected: Bool, width: Int) -> Line {
    let mark = (isSelected ? "›" : " ") + (row.isCurrent ? Sign.slim("•") : " ")
    let title = Line(
      (" \(mark) ", Look.promptKey), (Sanitizer.display(row.title), isSelected ? Look.strong : Look.text))
    let facts = Line(Sanitizer.display(row.facts), Look.dim).truncated(to: max(8, width / 2))
    return Line.row(title, facts, width: max(1, width - 1)).padded(to: width)
  }

  private mutating func updateListRows(_ height: Int) {
    guard case .list(var list) = dialogs.last else { return }
    list.pageRows = max(1, height)
    dialogs[dialogs.count - 1] = .list(list)
  }

  private func drawQueue(_ queue: QueueDialog, in rect: Rect, _ surface: inout Surface) {
    let top = max(0, min(queue.selected - rect.height / 2, outbox.queue.count - rect.height))
    for (offset, text) in outbox.queue.dropFirst(top).prefix(max(0, rect.height)).enumerated() {
      let index = top + offset
      let isSelected = index == queue.selected
      let line = Line(
        (isSelected ? " › " : "   ", Look.promptKey), ("\(index + 1)  ", Look.dim),
        (Words.firstLine(text), isSelected ? Look.strong : Look.text))
      surface.write(
        line.truncated(to: rect.width).padded(to: rect.width), at: Point(x: 0, y: rect.y + offset), in: rect)
    }
  }

  // MARK: Compaction

  private mutating func drawCompact(_ compact: CompactDialog, in rect: Rect, _ surface: inout Surface) {
    let lines = CompactView.lines(compact, viewContext)
    let top = min(compact.top, max(0, lines.count - rect.height))
    updateCompact { $0.top = top }
    surface.place(lines, in: rect, from: top)
  }

  // MARK: Permissions

  private func drawPermissions(_ state: PermissionsState, in rect: Rect, _ surface: inout Surface) -> Point? {
    let (lines, selected, caret) = PermissionsView.lines(state, viewContext, width: rect.width)
    let last = selected?.upperBound ?? 0
    let top = state.field == nil ? max(0, last - rect.height) : 0
    surface.place(lines, in: rect, from: top)
    return caret.map { Point(x: $0.x, y: rect.y + $0.y - top) }
  }

  // MARK: Undo

  private mutating func drawUndo(_ undo: UndoState, in rect: Rect, _ surface: inout Surface) {
    let lines = UndoView.lines(undo, viewContext, wall: environment.wallClock + now.milliseconds / 1000)
    let top = min(undo.top, max(0, lines.count - rect.height))
    updateUndo { $0.top = top }
    surface.place(lines, in: rect, from: top)
  }
}
