/// The colours and attributes that SGR sequences (ECMA-48 8.3.117, and xterm's 38/48) have selected.
struct SGRState {
  private let base: Style
  private var foreground: Int?
  private var background: Int?
  private var attributes: Attributes = []

  init(base: Style) { self.base = base }

  private static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "brightblack", "brightred",
    "brightgreen", "brightyellow", "brightblue", "brightmagenta", "brightcyan", "brightwhite",
  ]
  private static let scopes = names.map { Scope("ansi." + $0) }

  /// The style of text written now.
  var style: Style {
    Style(
      foreground.map { Self.scopes[$0] } ?? base.foreground,
      on: background.map { Self.scopes[$0] } ?? base.background,
      base.attributes.union(attributes))
  }

  /// Applies the parameters of one sequence; unknown ones are ignored.
  mutating func apply(_ bytes: UnsafeBufferPointer<UInt8>) {
    var parameters = Self.parameters(bytes)[...]
    while let code = parameters.popFirst() {
      switch code {
      case 0:
        foreground = nil
        background = nil
        attributes = []
      case 1: attributes.insert(.bold)
      case 2: attributes.insert(.dim)
      case 3: attributes.insert(.italic)
      case 4: attributes.insert(.underline)
      case 7: attributes.insert(.reverse)
      case 9: attributes.insert(.strikethrough)
      case 21, 22: attributes.subtract([.bold, .dim])
      case 23: attributes.remove(.italic)
      case 24: attributes.remove(.underline)
      case 27: attributes.remove(.reverse)
      case 29: attributes.remove(.strikethrough)
      case 30...37: foreground = code - 30
      case 38: foreground = Self.colour(&parameters) ?? foreground
      case 39: foreground = nil
      case 40...47: background = code - 40
      case 48: background = Self.colour(&parameters) ?? background
      case 49: background = nil
      case 90...97: foreground = code - 90 + 8
      case 100...107: background = code - 100 + 8
      default: break
      }
    }
  }

  /// More parameters than any program writes in one sequence.
  private static let maximumParameters = 64

  /// Numbers between `;` or `:`; an empty one is 0, or left out where `38:2::r:g:b` has an empty colour space.
  private static func parameters(_ bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
    var result: [Int] = []
    var value = 0
    var isEmpty = true
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case 0x30...0x39:
        value = min(value * 10 + Int(byte - 0x30), 99_999)
        isEmpty = false
      case UInt8(ascii: ";"), UInt8(ascii: ":"):
        let isColourSpace = isEmpty && index > 0 && byte == UInt8(ascii: ":")
        if !isColourSpace { result.append(value) }
        value = 0
        isEmpty = true
      default: return []
      }
      if result.count >= maximumParameters { return result }
    }
    result.append(value)
    return result
  }

  /// The parameters behind 38 or 48, as the nearest of the sixteen colours that themes define.
  private static func colour(_ parameters: inout ArraySlice<Int>) -> Int? {
    switch parameters.popFirst() {
    case 5:
      guard let index = parameters.popFirst(), index < 256 else { return nil }
      return indexed(index)
    case 2:
      guard parameters.count >= 3 else { return nil }
      let rgb = Array(parameters.prefix(3)).map { min($0, 255) }
      parameters = parameters.dropFirst(3)
      return nearest(rgb[0], rgb[1], rgb[2])
    default: return nil
    }
  }

  private static func indexed(_ index: Int) -> Int {
    if index < 16 { return index }
    if index >= 232 {
      let grey = 8 + (index - 232) * 10
      return nearest(grey, grey, grey)
    }
    let levels = [0, 95, 135, 175, 215, 255]
    let cube = index - 16
    return nearest(levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
  }

  /// By hue where there is one, else by brightness.
  private static func nearest(_ red: Int, _ green: Int, _ blue: Int) -> Int {
    let high = max(red, green, blue)
    let low = min(red, green, blue)
    if high - low < 40 {
      return high < 48 ? 0 : high < 144 ? 8 : high < 220 ? 7 : 15
    }
    let middle = (high + low) / 2
    let hue = (red > middle ? 1 : 0) + (green > middle ? 2 : 0) + (blue > middle ? 4 : 0)
    return high > 200 ? hue + 8 : hue
  }
}
