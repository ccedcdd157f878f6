/// Finds the known key that an unknown one was probably meant to be.
enum NearestKey {
  /// Longer keys are not compared: no known one is near them, and the work grows with the square.
  private static let maximumLength = 64

  /// The candidate within a third of the key's length in edits, or one that contains it; nil if none is near.
  static func find(_ key: String, among candidates: some Sequence<String>) -> String? {
    guard !key.isEmpty, key.utf8.count <= maximumLength else { return nil }
    let wanted = normal(key)
    let sorted = candidates.sorted()
    let limit = max(1, wanted.count / 3)
    var near: (key: String, distance: Int)?
    for candidate in sorted {
      let other = normal(candidate)
      // Every byte more or less is an edit; most candidates need no closer look.
      guard abs(other.count - wanted.count) <= limit else { continue }
      let distance = distance(wanted, other)
      if distance <= limit, distance < near?.distance ?? .max { near = (candidate, distance) }
    }
    if let near { return near.key }
    guard wanted.count >= 4 else { return nil }
    let text = String(decoding: wanted, as: UTF8.self)
    return sorted.filter { $0.hasSuffix("_\(text)") || $0.hasPrefix("\(text)_") }.min { $0.count < $1.count }
  }

  /// `modelProvider` and `model-provider` are near to `model_provider`.
  private static func normal(_ key: String) -> [UInt8] {
    var result: [UInt8] = []
    for byte in key.utf8 {
      if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) {
        if let last = result.last, last != UInt8(ascii: "_") { result.append(UInt8(ascii: "_")) }
        result.append(byte | 0x20)
      } else {
        result.append(byte == UInt8(ascii: "-") ? UInt8(ascii: "_") : byte)
      }
    }
    return result
  }

  /// Insertions, deletions, substitutions and swaps of neighbours.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before = [Int](repeating: 0, count: b.count + 1)
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1] + [Int](repeating: 0, count: b.count)
      for j in 0..<b.count {
        let same = a[i] == b[j]
        row[j + 1] = min(previous[j] + (same ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          row[j + 1] = min(row[j + 1], before[j - 1] + 1)
        }
      }
      before = previous
      previous = row
    }
    return previous[b.count]
  }
}
