import StetTerminal
import StetTestSupport
import StetText
import StetUI
import Testing

/// The tests that have an ncurses screen: there is one at a time.
@Suite(.serialized) enum ScreenTests {}

/// A painter, the terminal it paints on, and a theme whose looks can be checked.
struct PainterRig {
  let painter: FramePainter
  var screen: VTScreen
  var lastBytes: [UInt8] = []

  static let theme = Theme(
    name: "rig", isDark: true,
    styles: [
      "text": ThemeStyle(.rgb(red: 200, green: 200, blue: 200), on: .rgb(red: 20, green: 20, blue: 30)),
      "plain": ThemeStyle(.terminalDefault, on: .terminalDefault),
      "red": ThemeStyle(.index(1), on: .rgb(red: 0, green: 0, blue: 12)),
      "bright": ThemeStyle(.index(12), on: .index(200), .bold),
      "loud": ThemeStyle(.rgb(red: 255, green: 0, blue: 255), [.italic, .underline]),
      "dim": ThemeStyle(nil, [.dim]),
      "gone": ThemeStyle(nil, [.strikethrough]),
    ])

  init(
    depth: ColorDepth = .direct, term: String = "xterm-256color", columns: Int = 40, rows: Int = 12,
    erasesWithBackground: Bool = true
  ) throws {
    let size = Size(columns: columns, rows: rows)
    painter = try FramePainter(term: term, depth: depth, size: size)
    screen = VTScreen(size: size, erasesWithBackground: erasesWithBackground)
    screen.feed(painter.enter())
  }

  mutating func paint(_ surface: Surface, cursor: Point? = nil, title: String? = nil, theme: Theme = theme) {
    lastBytes = painter.paint(Frame(surface: surface, cursor: cursor, title: title), theme: theme)
    screen.feed(lastBytes)
  }

  /// A surface with one line in each row.
  static func surface(_ rows: [String], columns: Int = 40, count: Int = 12, style: Style = "text") -> Surface
  {
    var surface = Surface(size: Size(columns: columns, rows: count), style: style)
    for (y, row) in rows.enumerated() { surface.write(row, style, at: Point(x: 0, y: y)) }
    return surface
  }

  /// The first difference between what is shown and what was asked for; nil if there is none.
  func difference(from surface: Surface) -> String? {
    var looks: [Style: VTScreen.Look] = [:]
    for y in 0..<surface.size.rows {
      for x in 0..<surface.size.columns {
        let (want, have) = (surface[x, y], screen.grid[y][x])
        if want.text != have.text {
          return "\(x),\(y): \(want.text.debugDescription) is \(have.text.debugDescription)"
        }
        let look = looks[want.style] ?? Self.look(want)
        looks[want.style] = look
        if look != have.look { return "\(x),\(y): \(look) is \(have.look)" }
        if want.width > 0, (surface.link(want) ?? "") != have.link {
          return "\(x),\(y): link \(surface.link(want) ?? "") is \(have.link)"
        }
      }
    }
    return screen.unknown.isEmpty ? nil : "unknown: \(screen.unknown)"
  }

  /// What a cell must look like at depth `direct`.
  private static func look(_ cell: Cell) -> VTScreen.Look {
    let style = theme.resolve(cell.style)
    var attributes: Set<Int> = []
    let codes: [(Attributes, Int)] = [
      (.bold, 1), (.dim, 2), (.italic, 3), (.underline, 4), (.reverse, 7), (.strikethrough, 9),
    ]
    for (attribute, code) in codes where style.attributes.contains(attribute) { attributes.insert(code) }
    return VTScreen.Look(
      foreground: color(style.foreground, 30, 90, 38), background: color(style.background, 40, 100, 48),
      attributes: attributes)
  }

  private static func color(_ color: ThemeColor, _ plain: Int, _ bright: Int, _ extended: Int) -> String {
    switch color {
    case .terminalDefault: return ""
    case .index(let index) where index < 8: return "\(plain + Int(index))"
    case .index(let index) where index < 16: return "\(bright + Int(index) - 8)"
    case .index(let index): return "\(extended);5;\(index)"
    case .rgb(let red, let green, let blue):
      return "\(extended);2;\(red);\(red == 0 && green == 0 ? 1 : green);\(blue)"
    }
  }
}

extension Style: ExpressibleByUnicodeScalarLiteral {}
extension Style: ExpressibleByExtendedGraphemeClusterLiteral {}
extension Style: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(Scope(value)) }
}
