import StetText

/// Which part of the conversation screen is where. In a small pane the decoration goes first (U13).
struct ConversationLayout {
  /// Below this size only what has the focus is shown.
  static let comfortable = Size(columns: 40, rows: 8)
  /// Below this size nothing useful fits.
  static let smallest = Size(columns: 20, rows: 4)

  var header = Rect(x: 0, y: 0, width: 0, height: 0)
  var topRule = Rect(x: 0, y: 0, width: 0, height: 0)
  var transcript = Rect(x: 0, y: 0, width: 0, height: 0)
  var prompt = Rect(x: 0, y: 0, width: 0, height: 0)
  var bottomRule = Rect(x: 0, y: 0, width: 0, height: 0)
  var strip = Rect(x: 0, y: 0, width: 0, height: 0)
  var composer = Rect(x: 0, y: 0, width: 0, height: 0)
  var status = Rect(x: 0, y: 0, width: 0, height: 0)
  /// Lines of the prompt and rows of the composer, laid out once.
  var promptLines = PromptLines()
  var statusLines: [Line] = []
  var composerLayout: ComposerLayout

  init(_ state: AppState) {
    let size = state.size
    composerLayout = ComposerLayout(state.composer, width: state.composerWidth)
    let isSmall = size.columns < Self.comfortable.columns || size.rows < Self.comfortable.rows
    if let prompt = state.prompts.current {
      promptLines = PromptView.lines(prompt, state, width: size.columns)
    }
    if isSmall, state.promptHasKeys {
      prompt = Rect(x: 0, y: 0, width: size.columns, height: size.rows)
      return
    }
    var parts = Parts()
    if size.rows >= Self.comfortable.rows { statusLines = StatusLine.lines(state) }
    parts.status = statusLines.count
    parts.composer = min(composerLayout.rows.count, max(1, size.rows / 3))
    if !isSmall {
      parts.header = 1
      parts.topRule = size.rows >= 12 ? 1 : 0
      parts.bottomRule = size.rows >= 10 ? 1 : 0
      parts.strip = state.stripLine(width: size.columns) == nil ? 0 : 1
    }
    let free = size.rows - parts.chrome
    // The prompt leaves a little of the conversation in view, but its keys always fit.
    let kept = free >= 12 ? 3 : 0
    parts.prompt = min(promptLines.count, max(0, free - kept))
    place(parts, size)
  }

  private struct Parts {
    var header = 0
    var topRule = 0
    var prompt = 0
    var bottomRule = 0
    var strip = 0
    var composer = 0
    var status = 0

    /// Rows of everything but transcript and prompt.
    var chrome: Int { header + topRule + bottomRule + strip + composer + status }
  }

  private mutating func place(_ parts: Parts, _ size: Size) {
    var y = 0
    func rect(_ height: Int) -> Rect {
      defer { y += height }
      return Rect(x: 0, y: y, width: size.columns, height: max(0, height))
    }
    header = rect(parts.header)
    topRule = rect(parts.topRule)
    transcript = rect(max(0, size.rows - parts.chrome - parts.prompt))
    prompt = rect(parts.prompt)
    bottomRule = rect(parts.bottomRule)
    strip = rect(parts.strip)
    composer = rect(parts.composer)
    status = rect(parts.status)
  }
}
