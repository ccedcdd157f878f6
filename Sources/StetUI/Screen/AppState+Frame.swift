import StetText

extension AppState {
  /// The picture of this moment. Lays out only what is visible; marks the prompt it shows as painted (U2).
  /// - Parameter size: the terminal's size; any, also 0×0.
  public mutating func frame(size: Size, now: Instant) -> Frame {
    self.size = Size(columns: max(0, size.columns), rows: max(0, size.rows))
    self.now = max(now, self.now)
    paintedAt = self.now
    var surface = Surface(size: self.size)
    var cursor: Point?
    framePictures = []
    if dialogs.last != nil, !showsDetail { pictures.show([], now: self.now) }
    if size.columns < ConversationLayout.smallest.columns || size.rows < ConversationLayout.smallest.rows {
      surface.write(Line("pane too small", Look.dim), at: Point(x: 0, y: 0))
    } else if let dialog = dialogs.last, showsDetail {
      drawWithDetail(dialog, in: &surface)
    } else if let dialog = dialogs.last {
      cursor = draw(dialog, in: &surface)
    } else {
      cursor = drawConversation(in: &surface)
    }
    return Frame(surface: surface, cursor: cursor, title: paneTitle, pictures: framePictures)
  }

  private var paneTitle: String? {
    guard settings.setsTitle, !environment.awaitsSettings else { return nil }
    let title = thread.map(\.title) ?? ""
    let mark = prompts.current != nil ? "? " : isWorking ? "… " : ""
    return mark + (title.isEmpty ? "stet" : "stet · " + Width.truncate(title, columns: 60))
  }

  mutating func drawConversation(in surface: inout Surface) -> Point? {
    let layout = ConversationLayout(self)
    if layout.header.height > 0 { surface.write(HeaderView.line(self), at: layout.header.origin) }
    drawRule(layout.topRule, in: &surface, words: olderWords(width: layout.topRule.width))
    drawTranscript(layout.transcript, in: &surface)
    drawRule(layout.bottomRule, in: &surface, words: bottomWords)
    if let strip = stripLine(width: layout.strip.width), layout.strip.height > 0 {
      surface.write(strip, at: layout.strip.origin)
    }
    var cursor = drawComposer(layout, in: &surface)
    if layout.status.height > 0 { surface.place(layout.statusLines, in: layout.status) }
    if let field = drawPrompt(layout, in: &surface) { cursor = field }
    drawPopup(above: layout.composer, in: &surface)
    return cursor
  }

  private var bottomWords: String {
    (composer.vi?.words ?? "") + (transcript.layout.isAtTail ? "" : " ↓ more below ")
  }

  private func drawRule(_ rect: Rect, in surface: inout Surface, words: String) {
    guard rect.height > 0 else { return }
    surface.write(Line(String(repeating: Sign.slim("─"), count: rect.width), Look.rule), at: rect.origin)
    if !words.isEmpty, rect.width > Width.of(words) + 4 {
      let x = rect.width - Width.of(words) - 2
      surface.write(Line(words, Look.dim), at: Point(x: x, y: rect.y))
    }
  }

  private mutating func drawTranscript(_ rect: Rect, in surface: inout Surface) {
    transcriptRows = rect.height
    guard rect.height > 0 else { return }
    if transcript.isEmpty {
      surface.place(StartView.lines(self, width: rect.width), in: rect)
      return
    }
    let rows = visibleTranscriptRows(height: rect.height)
    defer { drawPictures(rows, in: rect, &surface) }
    for (index, row) in rows.enumerated() {
      let y = rect.y + index
      surface.write(row.line, at: Point(x: 0, y: y), in: rect)
      if focus == .transcript, row.item == transcript.selected, !row.line.spans.isEmpty {
        surface.write(Line(Sign.slim("▌"), Look.userPrefix), at: Point(x: 0, y: y), in: rect)
      }
    }
  }

  private func drawComposer(_ layout: ConversationLayout, in surface: inout Surface) -> Point? {
    let rect = layout.composer
    guard rect.height > 0 else { return nil }
    let rows = layout.composerLayout.rows
    let top = max(0, min(layout.composerLayout.caretRow - rect.height + 1, rows.count - rect.height))
    let isWide = rect.width >= 30
    let indent = isWide ? 3 : 2
    for offset in 0..<rect.height {
      let y = rect.y + offset
      let bar = composer.vi?.isCommanding == true ? ":" : Sign.slim("┃")
      let sign = isWide ? " \(bar) " : "\(bar) "
      surface.write(Line(sign, focus == .composer ? Look.composerPrompt : Look.dim), at: Point(x: 0, y: y))
      guard rows.indices.contains(top + offset) else { continue }
      surface.write(rows[top + offset].line, at: Point(x: indent, y: y), in: rect)
    }
    if composer.isEmpty {
      surface.write(Line("Ask stet …", Look.placeholder), at: Point(x: indent, y: rect.y), in: rect)
    }
    guard focus == .composer else { return nil }
    let x = min(indent + layout.composerLayout.caretColumn, rect.width - 1)
    return Point(x: x, y: rect.y + min(layout.composerLayout.caretRow - top, rect.height - 1))
  }

  /// Draws the prompt; its caret if it asks for text. What is on the screen now counts as painted.
  private mutating func drawPrompt(_ layout: ConversationLayout, in surface: inout Surface) -> Point? {
    guard layout.prompt.height > 0, let prompt = prompts.current else { return nil }
    let lines = layout.promptLines
    let top = prompts.current.map { min($0.scroll, lines.maxScroll(height: layout.prompt.height)) } ?? 0
    prompts.updateCurrent { current in
      current.scroll = top
      if current.paintedAt == nil { current.paintedAt = now }
    }
    for (offset, line) in lines.window(height: layout.prompt.height, from: top).enumerated() {
      let y = layout.prompt.y + offset
      surface.fill(Rect(x: 0, y: y, width: layout.prompt.width, height: 1), style: Look.promptText)
      surface.write(line, at: Point(x: 0, y: y), in: layout.prompt)
    }
    guard prompt.field != nil, let caret = lines.caret else { return nil }
    let y = layout.prompt.maxY - lines.foot.count + caret.y
    guard y >= layout.prompt.y else { return nil }
    return Point(x: min(caret.x, layout.prompt.width - 1), y: y)
  }

  private func drawPopup(above rect: Rect, in surface: inout Surface) {
    guard let popup, !popup.entries.isEmpty, rect.y > 1 else { return }
    let lines = PopupView.lines(popup, width: rect.width, height: min(Popup.maxRows, rect.y - 1))
    let y = rect.y - lines.count
    for (offset, line) in lines.enumerated() {
      surface.fill(Rect(x: 0, y: y + offset, width: rect.width, height: 1), style: Look.popup)
      surface.write(line, at: Point(x: 0, y: y + offset))
    }
  }
}
