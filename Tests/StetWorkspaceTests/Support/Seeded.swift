/// A generator whose runs can be repeated.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> UInt64 {
    // SplitMix64.
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

  /// A text of short lines with every kind of line end, and now and then NUL-free rubbish.
  mutating func text(lines: Int) -> [UInt8] {
    let words: [[UInt8]] = [
      Array("alpha".utf8), Array("beta".utf8), Array("gamma".utf8), [], Array("  indented".utf8),
      [0xFF, 0xFE],
      Array("é".utf8), Array("}".utf8),
    ]
    let ends: [[UInt8]] = chance(50) ? [[10]] : [[10], [13, 10], [13]]
    var bytes: [UInt8] = chance(10) ? [0xEF, 0xBB, 0xBF] : []
    for _ in 0..<lines {
      bytes += words.randomElement(using: &self) ?? []
      bytes += ends.randomElement(using: &self) ?? []
    }
    if chance(30), !bytes.isEmpty { bytes.removeLast() }
    return bytes
  }

  /// Like `text`; now and then with a NUL behind git's look-ahead, so that it still counts as text.
  mutating func bytes(lines: Int) -> [UInt8] {
    var bytes = text(lines: lines)
    guard chance(15) else { return bytes }
    while bytes.count < 8_100 { bytes += Array("filler \(next() % 10)\n".utf8) }
    bytes += [65, 0, 66, 10]
    return bytes
  }

  /// The text with some lines changed, removed, added.
  mutating func edited(_ bytes: [UInt8]) -> [UInt8] {
    var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
    for _ in 0..<Int.random(in: 1...6, using: &self) {
      let index = Int.random(in: 0..<max(1, lines.count), using: &self)
      switch Int.random(in: 0..<4, using: &self) {
      case 0 where lines.count > 1: lines.remove(at: index)
      case 1: lines.insert(Array("new \(next() % 100)".utf8), at: index)
      case 2 where !lines.isEmpty: lines[index] += Array("!".utf8)
      default: lines.append([])
      }
    }
    return Array(lines.joined(separator: [10]))
  }
}
