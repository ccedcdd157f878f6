import StetText
import StetUI

/// What ncurses cannot put into a cell: hyperlinks (OSC 8) and struck-out text. The cells are written a second time,
/// after the frame, between save and restore of the cursor.
struct FrameOverlay {
  private(set) var bytes: [UInt8] = []
  private let palette: Palette
  private let theme: Theme
  private let showsLinks: Bool

  /// Longer targets are not links anybody follows; terminals drop them too.
  private static let maxTarget = 2048

  init(palette: Palette, theme: Theme, showsLinks: Bool) {
    self.palette = palette
    self.theme = theme
    self.showsLinks = showsLinks
  }

  /// Adds the runs of one row.
  mutating func add(_ surface: Surface, row y: Int) {
    var run: [Cell] = []
    var start = 0
    for (x, cell) in surface.row(y).enumerated() {
      if let first = run.first, first.style == cell.style, first.link == cell.link {
        run.append(cell)
      } else {
        write(run, x: start, y: y, on: surface)
        (run, start) = ([cell], x)
      }
    }
    write(run, x: start, y: y, on: surface)
  }

  private mutating func write(_ run: [Cell], x: Int, y: Int, on surface: Surface) {
    guard let first = run.first else { return }
    let look = theme.resolve(first.style)
    let target = showsLinks ? surface.link(first).flatMap(Self.safe) : nil
    guard target != nil || look.attributes.contains(.strikethrough) else { return }
    var text = "\u{1B}7\u{1B}[\(y + 1);\(x + 1)H\u{1B}[0\(sgr(look))m"
    if let target { text += "\u{1B}]8;;\(target)\u{1B}\\" }
    for (column, cell) in run.enumerated() {
      text += cell.text
      // The cursor is behind the two columns, whatever the terminal made of them.
      if cell.width == 2, Width.isAmbiguous(cell.base) { text += "\u{1B}[\(y + 1);\(x + column + 3)H" }
    }
    if target != nil { text += "\u{1B}]8;;\u{1B}\\" }
    bytes += Array((text + "\u{1B}8").utf8)
  }

  /// A target of printable ASCII only; nothing else may stand in an OSC 8.
  private static func safe(_ target: String) -> String? {
    guard !target.isEmpty, target.utf8.count <= maxTarget else { return nil }
    return target.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? target : nil
  }

  private func sgr(_ look: ResolvedStyle) -> String {
    var text = ""
    let codes: [(Attributes, Int)] = [
      (.bold, 1), (.dim, 2), (.italic, 3), (.underline, 4), (.reverse, 7), (.strikethrough, 9),
    ]
    for (attribute, code) in codes where look.attributes.contains(attribute) { text += ";\(code)" }
    return text + color(palette.number(look.foreground), plain: 30, bright: 90, extended: 38)
      + color(palette.number(look.background), plain: 40, bright: 100, extended: 48)
  }

  private func color(_ number: Int32, plain: Int32, bright: Int32, extended: Int32) -> String {
    switch number {
    case ..<0: ""
    case ..<8: ";\(plain + number)"
    case ..<16: ";\(bright + number - 8)"
    case ..<256: ";\(extended);5;\(number)"
    default: ";\(extended);2;\(number >> 16);\(number >> 8 & 255);\(number & 255)"
    }
  }
}
