import StetText

/// The transcript's keys: moving, folding, copying.
extension AppState {
  mutating func perform(_ command: TranscriptCommand, _ key: Key) {
    older.isGoingToStart = command == .first && older.cursor != nil
    switch command {
    case .next: select(by: 1)
    case .previous: select(by: -1)
    case .first:
      older.retry()
      goToFirstEntry()
    case .last:
      transcript.selected = transcript.items.indices.last
      transcript.layout.follow()
    case .fold:
      if let selected = transcript.selected { transcript.toggleFold(selected) }
      revealSelected()
    case .foldAll: transcript.toggleAllFolds()
    case .open: if let item = selectedItem { dialogs.append(.page(PageDialog(.item(id: item.id)))) }
    case .diff: runDiff("")
    case .copy: copySelected()
    case .copyBlock: copyBlock()
    case .undo, .timeline: openUndo()
    case .edit: editMessage()
    case .outside: askOutside()
    case .toComposer: toComposer()
    case .typeInComposer:
      toComposer()
      if let character = key.typed { composer.type(character) }
      noteDraftChange()
    case .pageUp: scrollTranscript(by: -max(1, transcriptRows - 2))
    case .pageDown: scrollTranscript(by: max(1, transcriptRows - 2))
    case .halfPageUp: scrollTranscript(by: -max(1, transcriptRows / 2))
    case .halfPageDown: scrollTranscript(by: max(1, transcriptRows / 2))
    }
  }

  mutating func toComposer() {
    focus = .composer
    transcript.selected = nil
  }

  private mutating func select(by step: Int) {
    guard let last = transcript.items.indices.last else { return }
    let current = transcript.selected ?? last
    // From one line to the next: a group is one.
    let group = transcript.group(of: current)
    let next = step < 0 ? group.lowerBound + step : group.upperBound + step
    transcript.selected = min(max(0, next), last)
    transcript.settleSelection()
    if step < 0 { older.retry() }
    revealSelected()
  }

  private mutating func copySelected() {
    guard let selected = transcript.selected, transcript.items.indices.contains(selected) else { return }
    let texts = transcript.items[transcript.group(of: selected)].map(\.copyText)
    emit(.copy(texts.joined(separator: "\n")))
  }

  private mutating func copyBlock() {
    guard let item = selectedItem else { return }
    guard let block = item.blockText else {
      show("this entry has no command or code block")
      return
    }
    emit(.copy(block))
  }

  /// Puts an earlier message into the composer; sending it starts a new turn.
  private mutating func editMessage() {
    guard case .user(let content) = selectedItem?.content else { return }
    guard composer.isEmpty else {
      show("the composer holds a draft · send or clear it first")
      return
    }
    toComposer()
    composer.replace(withMessage: content.text)
    noteDraftChange()
  }

  // MARK: Scrolling

  var viewContext: ViewContext {
    ViewContext(
      width: size.columns, now: now, directory: thread?.directory ?? environment.directory,
      home: environment.home, hasColors: settings.hasColors)
  }

  /// The layout and the items change together: both are taken out, so that neither is copied.
  mutating func withTranscript<Result>(
    _ body: (inout TranscriptLayout, inout [TranscriptItem], ViewContext) -> Result
  ) -> Result {
    let context = viewContext
    return transcript.withLayout { body(&$0, &$1, context) }
  }

  mutating func scrollTranscript(by lines: Int) {
    older.isGoingToStart = false
    if lines < 0 { older.retry() }
    let height = transcriptRows
    withTranscript { $0.scroll(by: lines, height: height, &$1, $2) }
  }

  mutating func revealSelected() {
    guard let selected = transcript.selected else { return }
    let height = transcriptRows
    withTranscript { $0.reveal(selected, height: height, &$1, $2) }
  }

  mutating func visibleTranscriptRows(height: Int) -> [TranscriptLayout.Row] {
    withTranscript { $0.rows(height: height, &$1, $2) }
  }
}

extension TranscriptItem {
  /// The logical text of an entry: no wraps, no gutters (U19).
  var copyText: String {
    switch content {
    case .user(let content): content.text
    case .agent: markdown.source
    case .reasoning(let content): content.text
    case .command(let content): content.command + "\n" + Sanitizer.plain(output.text)
    case .fileChange(let content): content.files.map(\.copyText).joined(separator: "\n")
    case .plan(let content):
      content.isText ? markdown.source : content.steps.map(\.text).joined(separator: "\n")
    case .tool(let content): content.tool + " " + content.arguments + "\n" + content.result
    case .webSearch(let content): content.query
    case .image(let image): image.path
    case .review(let content): content.text
    case .compaction: "context compacted"
    case .error(let content): [content.message, content.details].compactMap { $0 }.joined(separator: "\n")
    case .note(let content): content.text
    case .undo(let content):
      ([content.title] + content.rows.map { $0.path + ": " + $0.words }).joined(separator: "\n")
    case .unknown(_, let text): text
    }
  }

  /// The command, or the last code block.
  var blockText: String? {
    switch content {
    case .command(let content): content.command
    case .agent: MarkdownDocument(markdown.source).codeBlocks.last
    default: nil
    }
  }
}

extension FileChangeContent.File {
  /// The path and the diff's lines with their signs.
  fileprivate var copyText: String {
    let lines = diff.hunks.flatMap(\.lines).map { line in
      switch line.kind {
      case .plus: "+" + line.text
      case .minus: "-" + line.text
      case .context: " " + line.text
      case .noNewline: "\\ No newline at end of file"
      }
    }
    return ([path] + lines).joined(separator: "\n")
  }
}
