import StetText

/// What the interface asks of the terminal itself: the mouse, the user's attention, lines in the scrollback.
extension AppState {
  /// Lines of a dump: more than terminals keep in their scrollback.
  static let maxDumpLines = 20_000

  mutating func adopt(_ settings: InterfaceSettings) {
    if settings.mouse != self.settings.mouse { emit(.mouse(settings.mouse)) }
    if settings.ambiguousIsWide != self.settings.ambiguousIsWide
      || settings.hasColors != self.settings.hasColors
    {
      layOutAnew()
    }
    self.settings = settings
    environment.awaitsSettings = false
    adoptViKeys()
  }

  /// Forgets every line that was laid out: text has other widths now.
  private mutating func layOutAnew() {
    transcript.layOutAnew()
    pageCache = PageCache()
    reviewRows = ReviewRowCache()
  }

  /// Calls a user who looks elsewhere (U21).
  mutating func call(_ words: String, for occasion: InterfaceSettings.Occasion) {
    guard settings.calls, !settings.ways.isEmpty, settings.occasions?.contains(occasion) != false else {
      return
    }
    if !isPaneFocused || settings.callsWhenFocused { emit(.attention(words, by: settings.ways)) }
  }

  mutating func toggleMouse() {
    settings.mouse.toggle()
    emit(.mouse(settings.mouse))
    show(settings.mouse ? "the mouse is stet's again" : "the mouse is the terminal's: select as you like")
  }

  mutating func runDump(_ argument: String) {
    if argument == "exit" {
      settings.dumpsOnExit.toggle()
      show(
        settings.dumpsOnExit
          ? "the transcript stays in the scrollback when stet is left" : "nothing stays when stet is left")
      return
    }
    guard !transcript.isEmpty else {
      show("nothing was said yet")
      return
    }
    emit(.dump(plainTranscript()))
    show("written to the normal screen: the terminal's scrollback has it")
  }

  /// The transcript as plain lines, folded as it is shown; what is beyond the bound, or was not read, is said (U22).
  func plainTranscript() -> [String] {
    var layout = TranscriptLayout()
    var items = transcript.items
    var lines: [String] = []
    for index in items.indices.reversed() {
      // From the end, so that the bound keeps what was said last.
      lines += layout.lines(index, &items, viewContext).reversed().map { Self.plain($0) }
      if lines.count > Self.maxDumpLines { break }
    }
    let isWhole = lines.count <= Self.maxDumpLines && older.cursor == nil && !transcript.isCut
    lines = Array(lines.prefix(Self.maxDumpLines))
    if !isWhole { lines.append("… what is before: stet sessions show " + (thread?.id ?? "")) }
    return lines.reversed()
  }

  private static func plain(_ line: Line) -> String {
    var text = line.text[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
