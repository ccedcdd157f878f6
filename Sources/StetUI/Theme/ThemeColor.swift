/// A colour as a theme names it. The painter degrades it to what the terminal can show.
public enum ThemeColor: Hashable, Sendable {
  /// 24-bit colour.
  case rgb(red: UInt8, green: UInt8, blue: UInt8)
  /// One of the 256 indexed colours; 0…15 are the terminal's own.
  case index(UInt8)
  /// The terminal's default foreground or background.
  case terminalDefault

  /// Reads `#rrggbb`, `#rgb`, an index `0`…`255`, a basic name (`red`, `bright-blue`) or `default`.
  public init?(parsing text: String) {
    if text.hasPrefix("#") {
      let digits = text.dropFirst().map { $0.hexDigitValue }
      guard digits.allSatisfy({ $0 != nil }) else { return nil }
      let values = digits.compactMap { $0 }
      switch values.count {
      case 6:
        self = .rgb(
          red: UInt8(values[0] * 16 + values[1]), green: UInt8(values[2] * 16 + values[3]),
          blue: UInt8(values[4] * 16 + values[5]))
      case 3:
        self = .rgb(
          red: UInt8(values[0] * 17), green: UInt8(values[1] * 17), blue: UInt8(values[2] * 17))
      default: return nil
      }
    } else if let index = UInt8(text) {
      self = .index(index)
    } else if text == "default" || text == "none" {
      self = .terminalDefault
    } else if let position = Self.names.firstIndex(of: text.replacingHyphens) {
      self = .index(UInt8(position))
    } else {
      return nil
    }
  }

  /// The names of the terminal's 16 colours in index order.
  public static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "brightblack", "brightred", "brightgreen", "brightyellow", "brightblue", "brightmagenta", "brightcyan",
    "brightwhite",
  ]
}

extension String {
  /// `bright-red`, `bright_red` and `brightred` are one name.
  fileprivate var replacingHyphens: String { filter { $0 != "-" && $0 != "_" } }
}
