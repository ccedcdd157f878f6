/// Texts that break careless code.
let hardTexts = [
  "", " ", "plain", "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}", "👩‍👩‍👧‍👦👍🏽🇩🇪🇫🇷", "👍\u{200D}", "\u{200D}👍",
  "a\u{200D}b", "क्‍ष",
  "می‌خواهم", "\u{1B}[31mred\u{1B}[0m", "\u{1B}]0;title\u{7}", "\u{9B}31m", "a\u{202E}b\u{202C}c",
  "\u{2066}x\u{2069}",
  "\u{FEFF}bom", "zero\u{200B}width", "soft\u{AD}hyphen", "tag\u{E0041}\u{E0042}", "\u{FFFE}\u{FFFF}",
  "\u{10FFFF}",
  "日本語、中文。", "\u{301}leading", "\u{0}\u{1}\u{7F}", "a\r\nb", "\t\tx", "🏴\u{E0067}\u{E0062}\u{E007F}",
  "\u{1100}\u{1161}\u{11A8}",
  "\u{115F}\u{1160}\u{3164}", "❤️‍🔥", "1️⃣2️⃣", "葛\u{E0100}飾", "\u{1FAE8}\u{1FAE9}", "ﷺ", "\u{2028}\u{2029}",
  "x\u{FE00}",
]

/// A small generator, so that a failure can be repeated.
struct Random: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

/// Texts of scalars from every part of Unicode that misbehaves.
func randomTexts(seed: UInt64, count: Int) -> [String] {
  var random = Random(seed: seed)
  let ranges: [ClosedRange<UInt32>] = [
    0x20...0x7E, 0x20...0x7E, 0x0...0x1F, 0x80...0xFF, 0x300...0x36F, 0x600...0x6FF, 0x900...0x97F,
    0x1100...0x11FF,
    0x2000...0x206F, 0x2600...0x27BF, 0x3000...0x30FF, 0x4E00...0x4EFF, 0xFE00...0xFE0F, 0x1F1E6...0x1F1FF,
    0x1F3FB...0x1F3FF, 0x1F400...0x1F64F, 0xE0000...0xE007F, 0xE0100...0xE01EF, 0x200C...0x200D,
  ]
  return (0..<count).map { _ in
    var text = ""
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      let range = ranges[Int.random(in: 0..<ranges.count, using: &random)]
      if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
