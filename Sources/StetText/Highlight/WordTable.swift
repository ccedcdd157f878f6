/// The words of a language and what they are: a hash table over at most sixteen bytes, looked up for every word of
/// every line that is shown. Longer words are not found.
struct WordTable: Sendable {
  private struct Key: Equatable, Sendable {
    var low: UInt64 = 0
    var high: UInt64 = 0

    var hash: Int {
      let mixed = (low ^ (high &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
      return Int(truncatingIfNeeded: (mixed ^ (mixed >> 32)) & 0x7FFF_FFFF)
    }
  }

  private var keys: [Key]
  private var kinds: [TokenKind]
  private let ignoresCase: Bool

  /// Each entry: a kind, and its words divided by blanks.
  init(_ entries: [(TokenKind, String)], ignoresCase: Bool = false) {
    self.ignoresCase = ignoresCase
    let words = entries.flatMap { kind, words in
      words.split(whereSeparator: \.isWhitespace).map { (kind, $0) }
    }
    var capacity = 16
    while capacity < words.count * 3 { capacity *= 2 }
    keys = Array(repeating: Key(), count: capacity)
    kinds = Array(repeating: .plain, count: capacity)
    for (kind, word) in words {
      word.withBytes { bytes in
        guard let key = key(bytes, 0..<bytes.count) else { return }
        let slot = slot(key)
        (keys[slot], kinds[slot]) = (key, kind)
      }
    }
  }

  func kind(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> TokenKind? {
    guard let key = key(bytes, range) else { return nil }
    let slot = slot(key)
    return keys[slot] == key ? kinds[slot] : nil
  }

  /// Where the key is, or the empty slot where it would be; the table is never full.
  private func slot(_ key: Key) -> Int {
    var slot = key.hash & (keys.count - 1)
    while keys[slot] != key, keys[slot] != Key() { slot = (slot + 1) & (keys.count - 1) }
    return slot
  }

  private func key(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Key? {
    guard !range.isEmpty, range.count <= 16 else { return nil }
    var key = Key()
    for (index, byte) in bytes[range].enumerated() {
      let isUpper = ignoresCase && byte >= 0x41 && byte <= 0x5A
      let value = UInt64(isUpper ? byte | 0x20 : byte)
      if index < 8 {
        key.low |= value << UInt64(index * 8)
      } else {
        key.high |= value << UInt64(index * 8 - 64)
      }
    }
    return key
  }
}
