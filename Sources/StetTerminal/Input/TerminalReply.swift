/// What a terminal answered to a question of ours; never a key.
public enum TerminalReply: Hashable, Sendable {
  /// The background colour (OSC 11), each part 0…1.
  case background(red: Double, green: Double, blue: Double)
  /// Pixels of a cell.
  case cell(width: Int, height: Int)
  /// kitty's graphics are understood.
  case kittyGraphics
  /// Device attributes: the terminal has read every question before it.
  case attributes(hasSixel: Bool)

  /// Whether text on that background should be light (ITU-R BT.709 luma below a half).
  public var isDark: Bool? {
    guard case .background(let red, let green, let blue) = self else { return nil }
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5
  }

  /// Reads the body of an application command (`Gi=31;OK`).
  init?(applicationCommand body: ArraySlice<UInt8>) {
    guard String(decoding: body, as: UTF8.self) == "Gi=\(TerminalModes.graphicsQuestion);OK" else {
      return nil
    }
    self = .kittyGraphics
  }

  /// Reads the body of an operating system command (`11;rgb:1e1e/1e1e/1e1e`).
  init?(operatingSystemCommand body: ArraySlice<UInt8>) {
    let text = String(decoding: body, as: UTF8.self)
    guard text.hasPrefix("11;") else { return nil }
    let colour = text.dropFirst(3)
    let parts: [Substring]
    if colour.hasPrefix("rgb:") || colour.hasPrefix("rgba:") {
      parts = colour.drop { $0 != ":" }.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    } else if colour.hasPrefix("#"), (colour.count - 1) % 3 == 0 {
      let length = (colour.count - 1) / 3
      parts = (0..<3).map { colour.dropFirst(1 + $0 * length).prefix(length) }
    } else {
      return nil
    }
    let values = parts.prefix(3).compactMap { part -> Double? in
      guard (1...4).contains(part.count), let value = Int(part, radix: 16) else { return nil }
      return Double(value) / Double((1 << (4 * part.count)) - 1)
    }
    guard values.count == 3 else { return nil }
    self = .background(red: values[0], green: values[1], blue: values[2])
  }
}
