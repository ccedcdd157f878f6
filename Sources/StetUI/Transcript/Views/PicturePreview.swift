import StetText

/// A picture in half blocks: two pixels a cell, in the colours that every terminal with 256 of them has. Where there are
/// no colours, in shades.
enum PicturePreview {
  /// Cells of a preview: enough to recognise a screenshot, little enough to leave room for the talk.
  static let maxColumns = 48
  static let maxRows = 12

  /// The cells that a picture takes; nil where there is no room.
  static func size(_ facts: PictureFacts, width: Int) -> Size? {
    pixels(facts, width: width).map { Size(columns: $0.columns, rows: ($0.height + 1) / 2) }
  }

  private static func pixels(_ facts: PictureFacts, width: Int) -> (columns: Int, height: Int)? {
    // The blocks are of ambiguous width: where that is two, they would not stand together.
    guard facts.columns > 0, facts.rows > 0, width >= 8, !Width.ambiguousIsWide else { return nil }
    var columns = min(maxColumns, width, facts.columns)
    var height = max(1, facts.rows * columns / facts.columns)
    if height > maxRows * 2 {
      columns = max(1, columns * maxRows * 2 / height)
      height = maxRows * 2
    }
    return (columns, height)
  }

  static func lines(_ facts: PictureFacts, width: Int, hasColors: Bool) -> [Line] {
    guard let (columns, height) = pixels(facts, width: width) else { return [] }
    return (0..<(height + 1) / 2).map { row in
      var spans: [Span] = []
      var run = ""
      var last = Look.text
      for x in 0..<columns {
        func pixel(_ y: Int) -> Pixel? {
          guard y < height else { return nil }
          return Pixel(facts, x: x * facts.columns / columns, y: y * facts.rows / height, at: (x, y))
        }
        let (text, style) = cell(pixel(row * 2), pixel(row * 2 + 1), hasColors: hasColors)
        if style != last, !run.isEmpty {
          spans.append(Span(run, last))
          run = ""
        }
        last = style
        run += text
      }
      if !run.isEmpty { spans.append(Span(run, last)) }
      return Line(spans)
    }
  }

  private static func cell(_ top: Pixel?, _ bottom: Pixel?, hasColors: Bool) -> (String, Style) {
    let ground = Look.text.foreground
    guard hasColors else {
      let light = ((top?.light ?? 0) + (bottom?.light ?? 0)) / 2
      return ([" ", "░", "▒", "▓", "█"][min(4, light * 5 / 256)], Look.text)
    }
    switch (top, bottom) {
    case (let top?, let bottom?): return ("▀", Style(top.scope, on: bottom.scope))
    case (let top?, nil): return ("▀", Style(top.scope, on: ground))
    case (nil, let bottom?): return ("▄", Style(bottom.scope, on: ground))
    case (nil, nil): return (" ", Look.text)
    }
  }

  /// A pixel that can be seen.
  private struct Pixel {
    let scope: Scope
    let light: Int

    /// - Parameter place: where it is shown, for the dithering.
    init?(_ facts: PictureFacts, x: Int, y: Int, at place: (x: Int, y: Int)) {
      let start = (y * facts.columns + x) * 4
      guard start >= 0, start + 3 < facts.pixels.count, facts.pixels[start + 3] >= 128 else { return nil }
      let (red, green, blue) = (facts.pixels[start], facts.pixels[start + 1], facts.pixels[start + 2])
      light = (Int(red) * 30 + Int(green) * 59 + Int(blue) * 11) / 100
      let threshold = PicturePreview.thresholds[(place.y & 3) * 4 + (place.x & 3)]
      let levels = [red, green, blue].map { PicturePreview.level(Int($0), threshold) }
      scope = Scope.color(red: levels[0], green: levels[1], blue: levels[2])
    }
  }

  /// The levels of the colour cube that terminals with 256 colours have: 216 scopes at most.
  private static let levels: [Int] = [0, 95, 135, 175, 215, 255]

  /// Sixteenths of the way to the next level, spread so that neighbours differ (Bayer's matrix).
  private static let thresholds: [Int] = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]

  private static func level(_ value: Int, _ threshold: Int) -> UInt8 {
    let above = levels.firstIndex { $0 >= value } ?? levels.count - 1
    guard above > 0, levels[above] != value else { return UInt8(levels[above]) }
    let (low, high) = (levels[above - 1], levels[above])
    return UInt8((value - low) * 16 > threshold * (high - low) + (high - low) / 2 ? high : low)
  }
}

extension Scope {
  /// A colour that no theme names: a pixel's.
  static func color(red: UInt8, green: UInt8, blue: UInt8) -> Scope {
    let digits = [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return Scope("#" + digits.joined())
  }
}
