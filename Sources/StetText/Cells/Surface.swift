/// A grid of cells that lines are written to; every write is clipped, so no caller can write outside.
///
/// Whatever text is written, a cell holds only what a terminal may be sent: controls, bidi controls and unassigned
/// scalars become a picture or U+FFFD (U16). A wide glyph is drawn whole or as a blank (U18).
public struct Surface: Hashable, Sendable {
  public let size: Size
  private var cells: [Cell]
  private var links: [String] = []
  private var linkIDs: [String: UInt16] = [:]

  /// A terminal larger than this is drawn to this size: 4 million cells of 32 bytes are the most a frame may cost.
  public static let maximumColumns = 2000
  public static let maximumRows = 2000
  /// Different link targets in one frame; further ones are drawn without their link.
  static let maximumLinks = 4096

  public init(size: Size, style: Style = .text) {
    let columns = min(max(0, size.columns), Self.maximumColumns)
    let rows = min(max(0, size.rows), Self.maximumRows)
    self.size = Size(columns: columns, rows: rows)
    cells = Array(repeating: .blank(style), count: columns * rows)
  }

  public var bounds: Rect { Rect(size) }

  /// The cell at a position; a blank outside.
  public subscript(x: Int, y: Int) -> Cell {
    guard x >= 0, y >= 0, x < size.columns, y < size.rows else { return .blank() }
    return cells[y * size.columns + x]
  }

  /// The cells of a row, left to right; empty outside.
  public func row(_ y: Int) -> ArraySlice<Cell> {
    guard y >= 0, y < size.rows else { return [] }
    return cells[(y * size.columns)..<((y + 1) * size.columns)]
  }

  /// The target of a cell's link.
  public func link(_ cell: Cell) -> String? {
    cell.link == 0 || Int(cell.link) > links.count ? nil : links[Int(cell.link) - 1]
  }

  /// The rows as text, without trailing blanks.
  public var rows: [String] {
    (0..<size.rows).map { y in
      var text = ""
      var blanks = 0
      for cell in row(y) {
        if cell.base == " ", cell.isSimple {
          if cell.width > 0 { blanks += 1 }
          continue
        }
        text += String(repeating: " ", count: blanks) + cell.text
        blanks = 0
      }
      return text
    }
  }

  /// Writes a line from a position to the right, inside `clip` (the whole surface by default). Columns that the line
  /// does not reach keep what they had.
  public mutating func write(_ line: Line, at point: Point, in clip: Rect? = nil) {
    let clip = (clip ?? bounds).intersection(bounds)
    guard point.y >= clip.y, point.y < clip.maxY, !clip.isEmpty else { return }
    var x = point.x
    for span in line.spans {
      if x >= clip.maxX { return }
      x = write(span, x: x, y: point.y, from: clip.x, to: clip.maxX)
    }
  }

  /// Writes text in one style.
  public mutating func write(_ text: String, _ style: Style, at point: Point, in clip: Rect? = nil) {
    write(Line([Span(text, style)]), at: point, in: clip)
  }

  /// Writes lines below each other, beginning with the line `from`, as many as the rectangle holds.
  public mutating func place(_ lines: [Line], in rect: Rect, from: Int = 0) {
    let visible = rect.intersection(bounds)
    guard !visible.isEmpty else { return }
    for y in visible.y..<visible.maxY {
      let (index, overflow) = from.addingReportingOverflow(y - rect.y)
      guard !overflow, index >= 0, index < lines.count else { continue }
      write(lines[index], at: Point(x: rect.x, y: y), in: visible)
    }
  }

  /// Copies another surface to a position, as much of it as fits.
  public mutating func draw(_ other: Surface, at point: Point) {
    let visible = Rect(
      x: point.x, y: point.y, width: other.size.columns, height: other.size.rows
    ).intersection(bounds)
    guard !visible.isEmpty else { return }
    for y in visible.y..<visible.maxY {
      for x in visible.x..<visible.maxX {
        var cell = other[x - point.x, y - point.y]
        cell.link = other.link(cell).map { id(of: $0) } ?? 0
        // A wide glyph of which only one half fits is a blank.
        let isCut = cell.width == 2 && x + 1 == visible.maxX || cell.width == 0 && x == visible.x
        put(isCut ? .blank(cell.style) : cell, x: x, y: y)
      }
    }
  }

  /// Blanks a rectangle.
  public mutating func fill(_ rect: Rect, style: Style) {
    let rect = rect.intersection(bounds)
    guard !rect.isEmpty else { return }
    for y in rect.y..<rect.maxY {
      for x in rect.x..<rect.maxX { put(.blank(style), x: x, y: y) }
    }
  }

  /// Changes the styles in a rectangle and keeps the text, as for a selection.
  public mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
    let rect = rect.intersection(bounds)
    guard !rect.isEmpty else { return }
    for y in rect.y..<rect.maxY {
      for x in rect.x..<rect.maxX {
        let index = y * size.columns + x
        cells[index].style = change(cells[index].style)
      }
    }
  }

  private mutating func write(_ span: Span, x start: Int, y: Int, from left: Int, to right: Int) -> Int {
    let link = span.link.map { id(of: $0) } ?? 0
    return span.text.withBytes { bytes in
      var x = start
      var at = 0
      while at < bytes.count, x < right {
        let glyph = Glyph.read(bytes, at: at)
        at += glyph.length
        if glyph.width == 0 { continue }
        draw(glyph, span.style, link, x: x, y: y, from: left, to: right)
        x += glyph.width
      }
      return x
    }
  }

  private mutating func draw(
    _ glyph: Glyph, _ style: Style, _ link: UInt16, x: Int, y: Int, from left: Int, to right: Int
  ) {
    let isCut = x < left || x + glyph.width > right
    if isCut || glyph.base == 0x20 {
      for column in max(x, left)..<max(left, min(x + glyph.width, right), max(x, left)) {
        put(Cell(base: " ", style: style, width: 1, link: link), x: column, y: y)
      }
      return
    }
    let base = Unicode.Scalar(glyph.base) ?? "\u{FFFD}"
    if glyph.second != 0 {
      let second = Unicode.Scalar(glyph.second) ?? "\u{FFFD}"
      put(Cell(base: base, style: style, width: 1, link: link), x: x, y: y)
      put(Cell(base: second, marks: glyph.marks, style: style, width: 1, link: link), x: x + 1, y: y)
      return
    }
    let cell = Cell(base: base, marks: glyph.marks, style: style, width: UInt8(glyph.width), link: link)
    put(cell, x: x, y: y)
    if glyph.width == 2 { put(Cell(base: " ", style: style, width: 0, link: link), x: x + 1, y: y) }
  }

  /// Sets a cell that is known to be inside, and blanks the other half of a wide glyph that it destroys.
  private mutating func put(_ cell: Cell, x: Int, y: Int) {
    let index = y * size.columns + x
    let old = cells[index]
    if old.width == 0, cell.width != 0, x > 0, cells[index - 1].width == 2 {
      cells[index - 1] = .blank(cells[index - 1].style)
    }
    if old.width == 2, x + 1 < size.columns, cells[index + 1].width == 0 {
      cells[index + 1] = .blank(cells[index + 1].style)
    }
    cells[index] = cell
  }

  private mutating func id(of link: String) -> UInt16 {
    if let id = linkIDs[link] { return id }
    guard links.count < Self.maximumLinks else { return 0 }
    links.append(link)
    let id = UInt16(links.count)
    linkIDs[link] = id
    return id
  }
}
