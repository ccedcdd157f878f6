import StetText

/// The completion list: the chosen entry is marked and in view.
enum PopupView {
  static func lines(_ popup: Popup, width: Int, height: Int) -> [Line] {
    guard height > 0 else { return [] }
    let top = max(0, min(popup.selected - height + 1, popup.entries.count - height))
    return popup.entries.enumerated().dropFirst(top).prefix(height).map { index, entry in
      let isSelected = index == popup.selected
      let style = isSelected ? Look.popupSelected : Look.popup
      let title = Line([
        Span(isSelected ? " › " : "   ", style), Span(Words.firstLine(entry.text).padded(right: 10), style),
        Span("  " + entry.words, isSelected ? style : Style(Look.dim.foreground, on: Look.popup.foreground)),
      ])
      return title.truncated(to: width).padded(to: width, style)
    }
  }
}
