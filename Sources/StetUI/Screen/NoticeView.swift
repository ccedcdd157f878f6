import StetText

/// A word of the moment, in as many rows as it needs; what is too long even then loses its middle, never its end.
enum NoticeView {
  static func lines(_ notice: Notice, width: Int, maxRows: Int) -> [Line] {
    let style = notice.isWarning ? Look.statusWarning : Look.status
    let room = max(1, width - 1)
    func wrapped(_ text: String) -> [Line] {
      Wrapper(width: room).wrap(Line(text, style)).map { $0.prefixed(by: [.blank(1)]) }
    }
    guard maxRows > 1 else {
      return [Line([.blank(1), Span(Words.middle(notice.text, columns: room), style)])]
    }
    var columns = room * maxRows
    var lines = wrapped(notice.text)
    // Words that don't break at the edge waste some of the room.
    while lines.count > maxRows, columns > room {
      lines = wrapped(Words.middle(notice.text, columns: columns))
      columns -= max(1, room / 4)
    }
    return lines.count <= maxRows
      ? lines : [Line([.blank(1), Span(Words.middle(notice.text, columns: room), style)])]
  }
}
