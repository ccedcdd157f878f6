import StetText

/// The page of an entry beside the transcript, where there is room for both (tui.md §1).
extension AppState {
  /// From here on an entry opens beside the transcript, below it in its place.
  static let detailWidth = 160

  /// The screen on top stands beside the transcript.
  var showsDetail: Bool {
    guard size.columns >= Self.detailWidth, case .page(let page)? = dialogs.last, case .item = page.kind
    else {
      return false
    }
    return true
  }

  /// Columns of the conversation; the line between both and a blank are two more.
  var conversationColumns: Int { showsDetail ? size.columns / 2 : size.columns }

  /// Draws the conversation, and the page of an entry to its right, which has the keys.
  mutating func drawWithDetail(_ dialog: Dialog, in surface: inout Surface) {
    let whole = size
    let left = conversationColumns
    size.columns = left
    var part = Surface(size: size)
    _ = drawConversation(in: &part)
    surface.draw(part, at: Point(x: 0, y: 0))
    for y in 0..<whole.rows { surface.write(Line(Sign.slim("│"), Look.rule), at: Point(x: left, y: y)) }
    size.columns = whole.columns - left - 2
    part = Surface(size: size)
    // The keys stand in the status line already.
    _ = draw(dialog, in: &part, hasFooter: false)
    surface.draw(part, at: Point(x: left + 2, y: 0))
    size = whole
  }

  /// Shows the next or previous entry on the page.
  mutating func stepDetail(_ step: Int) {
    guard case .page(let page)? = dialogs.last, case .item(let id) = page.kind,
      let next = detailNeighbour(of: id, step)
    else { return }
    transcript.selected = next
    dialogs[dialogs.count - 1] = .page(PageDialog(.item(id: transcript.items[next].id)))
    let whole = size
    size.columns = conversationColumns
    revealSelected()
    size = whole
  }

  /// Why there is no other entry to show, or nil.
  func detailObstacle(_ step: Int) -> String? {
    guard case .page(let page)? = dialogs.last, case .item(let id) = page.kind else {
      return "this page is no entry"
    }
    return detailNeighbour(of: id, step) == nil ? "there is no further entry" : nil
  }

  /// The entry before or after one; what stands in one line is one.
  private func detailNeighbour(of id: String, _ step: Int) -> Int? {
    guard let current = transcript.position(of: id) else { return nil }
    let group = transcript.group(of: current)
    let next = step < 0 ? group.lowerBound - 1 : group.upperBound + 1
    return transcript.items.indices.contains(next) ? transcript.group(of: next).upperBound : nil
  }
}
