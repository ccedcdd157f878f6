import StetText

/// A terminal as a value: fed with what a program sends, it says what a user would see and which modes are on.
///
/// It knows what xterm, tmux and the like have in common (ECMA-48 and DEC private modes). What it does not know is
/// noted in `unknown`, so a test sees when a program sends something new.
public struct VTScreen: Sendable {
  public struct Look: Hashable, Sendable {
    /// SGR parameters of the colours as they were sent, "" for the default.
    public var foreground = ""
    public var background = ""
    /// SGR numbers of the attributes.
    public var attributes: Set<Int> = []

    public init(foreground: String = "", background: String = "", attributes: Set<Int> = []) {
      self.foreground = foreground
      self.background = background
      self.attributes = attributes
    }
  }

  public struct Cell: Hashable, Sendable {
    /// "" for the right half of a wide glyph.
    public var text = " "
    public var look = Look()
    public var link = ""
  }

  public private(set) var size: Size
  public private(set) var grid: [[Cell]]
  public internal(set) var cursor = Point(x: 0, y: 0)
  /// DEC private modes that are on.
  public internal(set) var modes = freshModes
  /// A fresh terminal wraps lines (7) and shows its cursor (25).
  public static let freshModes: Set<Int> = [7, 25]
  /// How deep the stack of kitty's keyboard modes is.
  public internal(set) var keyboardDepth = 0
  public internal(set) var otherKeys = 0
  public internal(set) var titleDepth = 0
  public internal(set) var title = ""
  public internal(set) var bells = 0
  /// Bodies of the strings (OSC, DCS, APC) that are not a title or a link.
  public internal(set) var strings: [String] = []
  public internal(set) var unknown: [String] = []
  public internal(set) var look = Look()
  /// Whether erased cells get the current background (`bce`).
  public let erasesWithBackground: Bool

  var link = ""
  var region: ClosedRange<Int>
  private var saved = (cursor: Point(x: 0, y: 0), look: Look())
  private var normal: (grid: [[Cell]], cursor: Point)?
  private var wraps = false
  var inserts = false
  private var pending: [UInt8] = []

  public init(size: Size, erasesWithBackground: Bool = true) {
    self.size = size
    self.erasesWithBackground = erasesWithBackground
    grid = Array(repeating: Array(repeating: Cell(), count: size.columns), count: size.rows)
    region = 0...(size.rows - 1)
  }

  /// The rows without trailing blanks.
  public var rows: [String] {
    grid.map { row in
      var text = row.map(\.text).joined()
      while text.last == " " { text.removeLast() }
      return text
    }
  }

  public var text: String { rows.joined(separator: "\n") }

  /// Reads bytes, cut anywhere.
  public mutating func feed(_ bytes: [UInt8]) {
    let buffer = pending + bytes
    var at = 0
    while at < buffer.count {
      guard let length = read(buffer, at) else { break }
      at += length
    }
    pending = Array(buffer[at...])
  }

  /// The window becomes another size; what was on it is no longer to be relied on.
  public mutating func resize(_ size: Size) {
    self.size = size
    let mess = Cell(text: "#", look: Look(), link: "")
    grid = Array(repeating: Array(repeating: mess, count: size.columns), count: size.rows)
    region = 0...(size.rows - 1)
    cursor = Point(x: 0, y: 0)
  }

  // MARK: reading

  private mutating func read(_ buffer: [UInt8], _ at: Int) -> Int? {
    switch buffer[at] {
    case 0x1B: return readEscape(buffer, at)
    case 0x07: bells += 1
    case 0x08: move(to: Point(x: cursor.x - 1, y: cursor.y))
    case 0x0A: lineFeed()
    case 0x0D: move(to: Point(x: 0, y: cursor.y))
    // Padding, and shifts between character sets.
    case 0x00, 0x0E, 0x0F: break
    case 0..<0x20: unknown.append("control \(buffer[at])")
    default:
      let length = buffer[at] < 0x80 ? 1 : buffer[at] < 0xE0 ? 2 : buffer[at] < 0xF0 ? 3 : 4
      guard at + length <= buffer.count else { return nil }
      for scalar in String(decoding: buffer[at..<at + length], as: UTF8.self).unicodeScalars { put(scalar) }
      return length
    }
    return 1
  }

  private mutating func readEscape(_ buffer: [UInt8], _ at: Int) -> Int? {
    guard at + 1 < buffer.count else { return nil }
    switch buffer[at + 1] {
    case UInt8(ascii: "["):
      guard let end = buffer[(at + 2)...].firstIndex(where: { (0x40...0x7E).contains($0) }) else {
        return nil
      }
      control(String(decoding: buffer[(at + 2)..<end], as: UTF8.self), Character(Unicode.Scalar(buffer[end])))
      return end - at + 1
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"):
      for end in (at + 2)..<buffer.count {
        let isST = buffer[end] == 0x1B && end + 1 < buffer.count && buffer[end + 1] == UInt8(ascii: "\\")
        if isST && buffer[end - 1] == 0x1B { continue }
        if isST || (buffer[end] == 7 && buffer[at + 1] == UInt8(ascii: "]")) {
          string(String(decoding: buffer[(at + 2)..<end], as: UTF8.self))
          return end - at + (isST ? 2 : 1)
        }
      }
      return nil
    case UInt8(ascii: "7"): saved = (cursor, look)
    case UInt8(ascii: "8"): (cursor, look, wraps) = (saved.cursor, saved.look, false)
    case UInt8(ascii: "D"): lineFeed()
    case UInt8(ascii: "E"):
      move(to: Point(x: 0, y: cursor.y))
      lineFeed()
    case UInt8(ascii: "M"): reverseLineFeed()
    case UInt8(ascii: "\\"), UInt8(ascii: "="), UInt8(ascii: ">"): break
    // Which character sets are which: everything here is UTF-8.
    case UInt8(ascii: "("), UInt8(ascii: ")"): return at + 2 < buffer.count ? 3 : nil
    default: unknown.append("escape \(buffer[at + 1])")
    }
    return 2
  }

  private mutating func string(_ body: String) {
    if body.hasPrefix("2;") {
      title = String(body.dropFirst(2))
    } else if body.hasPrefix("8;;") {
      link = String(body.dropFirst(3))
    } else {
      strings.append(body)
    }
  }

  // MARK: the picture

  var blank: Cell {
    Cell(text: " ", look: Look(background: erasesWithBackground ? look.background : ""), link: "")
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = Width.of(scalar)
    if width == 0 {
      let x = max(0, wraps ? size.columns - 1 : cursor.x - 1)
      let base = grid[cursor.y][x].text.isEmpty && x > 0 ? x - 1 : x
      grid[cursor.y][base].text.unicodeScalars.append(scalar)
      return
    }
    if wraps || cursor.x + width > size.columns {
      move(to: Point(x: 0, y: cursor.y))
      lineFeed()
    }
    if inserts { shift(by: width, deleting: false) }
    clearHalves(cursor.y, cursor.x..<min(size.columns, cursor.x + width))
    grid[cursor.y][cursor.x] = Cell(text: String(Character(scalar)), look: look, link: link)
    if width == 2 { grid[cursor.y][cursor.x + 1] = Cell(text: "", look: look, link: link) }
    if cursor.x + width >= size.columns {
      cursor.x = size.columns - 1
      wraps = modes.contains(7)
    } else {
      cursor.x += width
    }
  }

  /// A wide glyph of which one half is overwritten loses the other.
  private mutating func clearHalves(_ y: Int, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    if grid[y][range.lowerBound].text.isEmpty, range.lowerBound > 0 {
      grid[y][range.lowerBound - 1].text = " "
    }
    if range.upperBound < size.columns, grid[y][range.upperBound].text.isEmpty {
      grid[y][range.upperBound].text = " "
    }
  }

  mutating func erase(_ y: Int, _ range: Range<Int>) {
    guard grid.indices.contains(y) else { return }
    let range = range.clamped(to: 0..<size.columns)
    clearHalves(y, range)
    for x in range { grid[y][x] = blank }
  }

  mutating func move(to point: Point) {
    wraps = false
    cursor = Point(x: min(max(0, point.x), size.columns - 1), y: min(max(0, point.y), size.rows - 1))
  }

  mutating func scroll(_ lines: ClosedRange<Int>, up: Bool, by count: Int) {
    for _ in 0..<min(count, lines.count) {
      let fresh = Array(repeating: blank, count: size.columns)
      grid.remove(at: up ? lines.lowerBound : lines.upperBound)
      grid.insert(fresh, at: up ? lines.upperBound : lines.lowerBound)
    }
  }

  mutating func shift(by count: Int, deleting: Bool) {
    var row = grid[cursor.y]
    let count = min(count, size.columns - cursor.x)
    clearHalves(cursor.y, cursor.x..<cursor.x)
    if deleting {
      row.removeSubrange(cursor.x..<cursor.x + count)
      row += Array(repeating: blank, count: count)
    } else {
      row.insert(contentsOf: Array(repeating: blank, count: count), at: cursor.x)
      row.removeLast(count)
    }
    grid[cursor.y] = row
  }

  private mutating func lineFeed() {
    wraps = false
    if cursor.y == region.upperBound {
      scroll(region, up: true, by: 1)
    } else {
      cursor.y = min(cursor.y + 1, size.rows - 1)
    }
  }

  private mutating func reverseLineFeed() {
    wraps = false
    if cursor.y == region.lowerBound {
      scroll(region, up: false, by: 1)
    } else {
      cursor.y = max(0, cursor.y - 1)
    }
  }

  mutating func alternate(_ isOn: Bool) {
    if isOn, normal == nil {
      normal = (grid, cursor)
      grid = Array(repeating: Array(repeating: Cell(), count: size.columns), count: size.rows)
    } else if !isOn, let normal {
      if normal.grid.count == size.rows, normal.grid[0].count == size.columns { grid = normal.grid }
      move(to: normal.cursor)
      self.normal = nil
    }
  }
}
