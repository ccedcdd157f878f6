import StetText

/// The draft broken into rows of a width, and where the caret stands in them.
struct ComposerLayout: Sendable {
  struct Row: Sendable {
    /// Positions of the buffer that this row shows.
    var range: Range<Int>
    var line: Line
    /// The row ends because the width ended.
    var isWrapped: Bool
  }

  private(set) var rows: [Row] = []
  private(set) var caretRow = 0
  private(set) var caretColumn = 0
  private let composer: Composer
  private let width: Int

  init(_ composer: Composer, width: Int) {
    self.composer = composer
    self.width = max(1, width)
    breakRows()
    placeCaret()
  }

  /// The buffer position in another row that is nearest to the caret's column.
  func position(rowsAway: Int) -> Int? {
    let target = caretRow + rowsAway
    guard rows.indices.contains(target) else { return nil }
    return position(row: target, column: caretColumn)
  }

  /// The buffer position at a cell, clamped to the row.
  func position(row: Int, column: Int) -> Int {
    guard rows.indices.contains(row) else { return composer.buffer.count }
    var at = 0
    for index in rows[row].range {
      let width = Self.width(of: composer.buffer.characters[index], in: composer)
      if at + width > column { return index }
      at += width
    }
    let row = rows[row]
    return row.isWrapped ? max(row.range.lowerBound, row.range.upperBound - 1) : row.range.upperBound
  }

  private mutating func breakRows() {
    let characters = composer.buffer.characters
    var start = 0
    var column = 0
    var lastBlank: Int?
    var index = 0
    while index < characters.count {
      let character = characters[index]
      if character.isNewline {
        close(start..<index, isWrapped: false)
        index += 1
        (start, column, lastBlank) = (index, 0, nil)
        continue
      }
      let cells = Self.width(of: character, in: composer)
      if column + cells > width, index > start {
        // A blank that does not fit hangs at the end of its row.
        let end = character == " " ? index + 1 : lastBlank.map { $0 + 1 } ?? index
        close(start..<end, isWrapped: true)
        (start, column, lastBlank) = (end, 0, nil)
        index = end
        continue
      }
      if character == " " { lastBlank = index }
      column += cells
      index += 1
    }
    close(start..<characters.count, isWrapped: false)
  }

  private mutating func close(_ range: Range<Int>, isWrapped: Bool) {
    var spans: [Span] = []
    var run = ""
    let selection = composer.selection
    var style = Look.composerText
    for index in range {
      let wanted = selection?.contains(index) == true ? Look.composerSelected : Look.composerText
      if wanted != style, !run.isEmpty {
        spans.append(Span(run, style))
        run = ""
      }
      style = wanted
      let character = composer.buffer.characters[index]
      if let label = composer.label(of: character) {
        if !run.isEmpty { spans.append(Span(run, style)) }
        run = ""
        spans.append(Span(label, Look.token))
      } else {
        run += Self.shown(character)
      }
    }
    if !run.isEmpty { spans.append(Span(run, style)) }
    // An empty line that is selected shows it, too.
    if range.isEmpty, let selection, selection.contains(range.lowerBound) {
      spans.append(Span(" ", Look.composerSelected))
    }
    rows.append(Row(range: range, line: Line(spans), isWrapped: isWrapped))
  }

  private mutating func placeCaret() {
    let caret = composer.buffer.caret
    let row = rows.firstIndex {
      caret < $0.range.upperBound || (caret == $0.range.upperBound && !$0.isWrapped)
    }
    caretRow = row ?? max(0, rows.count - 1)
    guard rows.indices.contains(caretRow) else { return }
    let range = rows[caretRow].range
    for index in range.lowerBound..<min(max(caret, range.lowerBound), range.upperBound) {
      caretColumn += Self.width(of: composer.buffer.characters[index], in: composer)
    }
    caretColumn = min(caretColumn, width)
  }

  private static func shown(_ character: Character) -> String {
    let character = Composer.shown(character)
    if let ascii = character.asciiValue, ascii >= 0x20, ascii < 0x7F { return String(character) }
    return Sanitizer.display(String(character))
  }

  private static func width(of character: Character, in composer: Composer) -> Int {
    if let ascii = character.asciiValue, ascii >= 0x20, ascii < 0x7F { return 1 }
    return Width.of(composer.label(of: character) ?? shown(character))
  }
}
