import CNcurses
import StetText
import StetUI

/// Turns frames into the bytes that change the terminal's picture, and only that (U12).
///
/// Rows that are as they were are not touched; of the others ncurses sends the cells that differ. A frame that
/// changes nothing is no bytes. A frame stands between synchronised-update brackets, so a terminal that knows them never
/// shows half of it; only what is typed at the cursor goes without. One at a time in a process, and one thread.
public final class FramePainter {
  private let screen: CursesScreen
  private let showsLinks: Bool
  private var shown: Surface?
  private var theme: Theme?
  private var title: String?
  private var cursorIsVisible: Bool?
  private var cursorRow: Int?
  /// ncurses set the scroll region for the size it began with, and a resize may leave any other.
  private var regionIsUnknown = true
  private var patterns: [Style: Pattern] = [:]
  /// Rows with something that ncurses does not know.
  private var overlaidRows: Set<Int> = []
  private var cells: [cchar_t] = []
  private var ambiguousIsWide = Width.ambiguousIsWide
  private var pen = Pen()
  private var pictures: [FramePicture] = []
  /// Pictures that the terminal keeps.
  private var stored: Set<Int> = []

  private struct Pattern {
    var cell = cchar_t()
    var isStruckOut = false
  }

  /// Bytes of a change in the cursor's row alone that need no brackets, which would be more than the change: a terminal
  /// reads them at once.
  private static let smallChange = 40

  /// Longest pane title; what tmux and window managers show is far shorter.
  private static let maxTitle = 200

  /// `term` is the terminal's name for depths without a built-in entry.
  public init(
    term: String, depth: ColorDepth, size: Size, showsLinks: Bool = true
  ) throws(TerminalError) {
    screen = try CursesScreen(term: term, depth: depth, size: size)
    self.showsLinks = showsLinks
  }

  /// The bytes that make the terminal show the frame. The hardware cursor ends at the frame's cursor (U10).
  public func paint(_ frame: Frame, theme: Theme) -> [UInt8] {
    let surface = frame.surface
    if surface.size.columns == 0 || surface.size.rows == 0 { return [] }
    let hidden = hide(besides: frame, isWhole: theme != self.theme)
    if surface.size != screen.size {
      screen.resize(surface.size)
      shown = nil
      regionIsUnknown = true
    }
    if ambiguousIsWide != Width.ambiguousIsWide {
      // The terminal has moved what stood behind such characters.
      ambiguousIsWide.toggle()
      forgetPicture()
    }
    if theme != self.theme {
      self.theme = theme
      patterns = [:]
      shown = nil
    }
    var overlay = FrameOverlay(palette: screen.palette, theme: theme, showsLinks: showsLinks)
    var isElsewhere = shown == nil
    for y in 0..<surface.size.rows where shown.map({ !surface.shows(row: y, as: $0) }) ?? true {
      let needsOverlay = place(surface, row: y)
      if y != frame.cursor?.y || y != cursorRow { isElsewhere = true }
      if overlaidRows.remove(y) != nil {
        // What the overlay wrote is unknown to ncurses: the row is to be written anew.
        wredrawln(stet_stdscr(), Int32(y), 1)
      }
      if needsOverlay {
        overlaidRows.insert(y)
        overlay.add(surface, row: y)
      }
    }
    update(cursor: frame.cursor)
    cursorRow = frame.cursor?.y
    shown = surface
    var bytes = economised(screen.output()) + overlay.bytes
    bytes = hidden + bytes + show(frame.pictures)
    bytes += titleChange(frame.title)
    if bytes.isEmpty || !isElsewhere && hidden.isEmpty && !regionIsUnknown && bytes.count <= Self.smallChange
    {
      return bytes
    }
    if regionIsUnknown { bytes = TerminalModes.wholeRegion + bytes }
    regionIsUnknown = false
    return TerminalModes.beginUpdate + bytes + TerminalModes.endUpdate
  }

  /// Takes away what is not in the next frame, or stands elsewhere in it.
  private func hide(besides frame: Frame, isWhole: Bool) -> [UInt8] {
    let isWhole = isWhole || shown == nil || shown?.size != frame.surface.size
    let gone = pictures.filter { isWhole || !frame.pictures.contains($0) }
    guard !gone.isEmpty else { return [] }
    pictures.removeAll { gone.contains($0) }
    if gone.contains(where: { $0.drawing.hide.isEmpty }) {
      // Only writing over it takes it away, and blanks over blanks are not written.
      pictures = []
      forgetPicture()
    }
    return gone.flatMap(\.drawing.hide)
  }

  /// Shows what is not on the screen yet.
  private func show(_ wanted: [FramePicture]) -> [UInt8] {
    var bytes: [UInt8] = []
    for picture in wanted where !pictures.contains(picture) {
      if stored.insert(picture.drawing.id).inserted { bytes += picture.drawing.store }
      let place = "\u{1B}7\u{1B}[\(picture.place.y + 1);\(picture.place.x + 1)H"
      bytes += Array(place.utf8) + picture.drawing.show + Array("\u{1B}8".utf8)
    }
    pictures = wanted
    return bytes
  }

  /// The next frame is written whole: the terminal's picture is unknown.
  public func forgetPicture() {
    shown = nil
    cursorIsVisible = nil
    pen.forget()
    regionIsUnknown = true
    clearok(stet_curscr(), true)
  }

  /// The bytes that go to the alternate screen, with the last picture if there was one.
  public func enter() -> [UInt8] {
    doupdate()
    return AmbiguousCells.place(screen.output())
  }

  /// The bytes that leave the alternate screen.
  public func leave() -> [UInt8] {
    endwin()
    let bytes = pictures.flatMap(\.drawing.hide) + pen.putDown() + screen.output()
    // The terminal may keep pictures of the screen that is left, or not.
    (pictures, stored) = ([], [])
    forgetPicture()
    return bytes
  }

  private func economised(_ bytes: [UInt8]) -> [UInt8] {
    AmbiguousCells.place(screen.isBuiltIn ? pen.economise(bytes) : bytes)
  }

  /// Hands a row to ncurses; true if it has what only an overlay can show.
  private func place(_ surface: Surface, row y: Int) -> Bool {
    cells.removeAll(keepingCapacity: true)
    var style: Style?
    var pattern = Pattern()
    var needsOverlay = false
    for cell in surface.row(y) where cell.width != 0 {
      if cell.style != style {
        style = cell.style
        pattern = self.pattern(cell.style)
      }
      if pattern.isStruckOut || (showsLinks && cell.link != 0) { needsOverlay = true }
      var next = pattern.cell
      if cell.width == 2, Width.isAmbiguous(cell.base) {
        Self.fill(&next, [AmbiguousCells.filler] + cell.scalars)
      } else if cell.isSimple {
        next.chars.0 = wchar_t(bitPattern: cell.base.value)
      } else {
        Self.fill(&next, cell.scalars)
      }
      cells.append(next)
    }
    wmove(stet_stdscr(), Int32(y), 0)
    wadd_wchnstr(stet_stdscr(), cells, Int32(cells.count))
    return needsOverlay
  }

  private static func fill(_ cell: inout cchar_t, _ scalars: [Unicode.Scalar]) {
    withUnsafeMutableBytes(of: &cell.chars) { bytes in
      let chars = bytes.bindMemory(to: wchar_t.self)
      for (index, scalar) in scalars.prefix(chars.count).enumerated() {
        chars[index] = wchar_t(bitPattern: scalar.value)
      }
    }
  }

  private func pattern(_ style: Style) -> Pattern {
    if let pattern = patterns[style] { return pattern }
    guard let theme else { return Pattern() }
    let look = theme.resolve(style)
    let pattern = Pattern(cell: screen.pattern(look), isStruckOut: look.attributes.contains(.strikethrough))
    patterns[style] = pattern
    return pattern
  }

  private func update(cursor: Point?) {
    let size = screen.size
    let place = cursor.flatMap { Rect(size).contains($0) ? $0 : nil }
    let changes = cursorIsVisible != (place != nil)
    cursorIsVisible = place != nil
    if changes { curs_set(place == nil ? 0 : 1) }
    if let place { wmove(stet_stdscr(), Int32(place.y), Int32(place.x)) }
    wnoutrefresh(stet_stdscr())
    doupdate()
  }

  private func titleChange(_ new: String?) -> [UInt8] {
    guard let new, new != title else { return [] }
    title = new
    return TerminalModes.title(String(TerminalModes.printable(new).prefix(Self.maxTitle)))
  }
}

extension Surface {
  /// Whether a row looks the same on another surface of this size; link numbers are private to each.
  func shows(row y: Int, as other: Surface) -> Bool {
    let (old, new) = (other.row(y), row(y))
    guard old == new else { return false }
    return !zip(old, new).contains { $0.link != 0 && other.link($0) != link($1) }
  }
}
