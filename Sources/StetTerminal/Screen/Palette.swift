import StetUI

/// Theme colours as ncurses colour numbers, degraded to what the terminal shows.
struct Palette {
  let depth: ColorDepth
  /// How many colours the terminal has, at depth `basic`.
  var colors = 16

  /// The number for ncurses; -1 is the terminal's own. Above 255, only at depth `direct`, it is 0xRRGGBB.
  func number(_ color: ThemeColor) -> Int32 {
    switch (color, depth) {
    case (.terminalDefault, _), (_, .none): return -1
    case (.index(let index), .direct), (.index(let index), .indexed256): return Int32(index)
    case (.index(let index), .basic): return basic(index < 16 ? index : Self.nearest16(Self.rgb(of: index)))
    case (.rgb(let red, let green, let blue), .direct):
      let value = Int32(red) << 16 | Int32(green) << 8 | Int32(blue)
      // The darkest blues share their numbers with the palette: one step of green nobody sees.
      return value < 256 ? value | 0x100 : value
    case (.rgb(let red, let green, let blue), .indexed256):
      return Int32(Self.nearest256(RGB(red, green, blue)))
    case (.rgb(let red, let green, let blue), .basic): return basic(Self.nearest16(RGB(red, green, blue)))
    }
  }

  /// With eight colours the bright ones are the plain ones; the difference is told by attributes elsewhere.
  private func basic(_ index: UInt8) -> Int32 { Int32(colors >= 16 ? index : index & 7) }

  struct RGB {
    var red: Int, green: Int, blue: Int

    init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
      (self.red, self.green, self.blue) = (Int(red), Int(green), Int(blue))
    }

    /// Squared distance, weighted as the eye does (Riemersma's "redmean").
    func distance(_ other: RGB) -> Int {
      let mean = (red + other.red) / 2
      let (r, g, b) = (red - other.red, green - other.green, blue - other.blue)
      return ((512 + mean) * r * r) >> 8 + 4 * g * g + ((767 - mean) * b * b) >> 8
    }
  }

  private static let steps: [UInt8] = [0, 95, 135, 175, 215, 255]

  /// xterm's colours 0…15; users change them, so they only serve to choose.
  private static let basic: [RGB] = [
    RGB(0, 0, 0), RGB(205, 0, 0), RGB(0, 205, 0), RGB(205, 205, 0), RGB(0, 0, 238), RGB(205, 0, 205),
    RGB(0, 205, 205), RGB(229, 229, 229), RGB(127, 127, 127), RGB(255, 0, 0), RGB(0, 255, 0),
    RGB(255, 255, 0),
    RGB(92, 92, 255), RGB(255, 0, 255), RGB(0, 255, 255), RGB(255, 255, 255),
  ]

  /// What an index looks like: the basic colours, the 6×6×6 cube, the grey ramp.
  static func rgb(of index: UInt8) -> RGB {
    let index = Int(index)
    if index < 16 { return basic[index] }
    if index >= 232 {
      let grey = UInt8(8 + 10 * (index - 232))
      return RGB(grey, grey, grey)
    }
    let cube = index - 16
    return RGB(steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6])
  }

  /// Among the cube and the greys only: the first 16 are the user's.
  static func nearest256(_ color: RGB) -> UInt8 { nearest(color, in: 16...255) }

  static func nearest16(_ color: RGB) -> UInt8 { nearest(color, in: 0...15) }

  private static func nearest(_ color: RGB, in range: ClosedRange<UInt8>) -> UInt8 {
    range.min { rgb(of: $0).distance(color) < rgb(of: $1).distance(color) } ?? range.lowerBound
  }
}
