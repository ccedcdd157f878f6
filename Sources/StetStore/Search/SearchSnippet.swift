/// The part of a text that shows where a query fits.
public struct SearchSnippet: Hashable, Sendable {
  /// One line: breaks and control characters are blanks, `…` stands for what was left out.
  public let text: String
  /// Places in `text`, in UTF-16 code units.
  public let ranges: [Range<Int>]

  /// Scalars before the first place, and in all: some lines of a terminal.
  static let lead = 40
  static let length = 200

  init(_ text: FoldedText, _ places: [Range<Int>]) {
    let anchor = places.first?.lowerBound ?? 0
    let start = max(0, anchor - Self.lead)
    let end = min(
      text.scalars.count, max(start + Self.length, min(places.first?.upperBound ?? 0, start + 400)))
    var line = String.UnicodeScalarView()
    var offsets: [Int] = []
    var units = 0
    if start > 0 {
      line.append("…")
      units = 1
    }
    for scalar in text.scalars[start..<end] {
      let shown = Self.isBlank(scalar) ? " " : scalar
      offsets.append(units)
      units += UTF16.width(shown)
      line.append(shown)
    }
    offsets.append(units)
    if end < text.scalars.count { line.append("…") }
    self.text = String(line)
    ranges = places.compactMap { place in
      guard place.lowerBound < end else { return nil }
      return offsets[place.lowerBound - start]..<offsets[min(place.upperBound, end) - start]
    }
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 32 || scalar.value == 127 || (0x80..<0xA0).contains(scalar.value)
      || scalar.value == 0x2028 || scalar.value == 0x2029
  }
}
