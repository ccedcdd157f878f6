import StetProtocol
import StetText
import Testing

@testable import StetUI

/// Foreign text in every place that shows any: nothing of it reaches the terminal raw (U16).
@Suite("U16: hostile text", .timeLimit(.minutes(10))) struct HostileTextTests {
  private static let sequences = [
    "\u{1B}[31mred\u{1B}[0m", "\u{1B}[2J\u{1B}[H\u{1B}c", "\u{1B}]52;c;ZXZpbA==\u{7}",
    "\u{1B}]0;evil\u{1B}\\",
    "\u{1B}]8;;https://evil.example\u{1B}\\click\u{1B}]8;;\u{1B}\\",
    "\u{1B}P$q\u{1B}\\\u{1B}_Gi=1;AAAA\u{1B}\\\u{1B}^x\u{1B}\\",
    "\u{9B}2J\u{9D}52;c;AAAA\u{9C}\u{90}x\u{9C}\u{85}",
  ]

  private static let characters = [
    "a\u{202E}b\u{2066}c\u{200F}\u{061C}d", "a\u{0}b\u{0}",
    "a\u{8}\u{8}b\u{7}\u{7F}\u{C}\u{B}\r\nover\rwritten\ttab",
    "a\u{2028}b\u{2029}c", "\u{200B}\u{FEFF}\u{E0041}\u{E007F}\u{FE0F}x", "\u{10FFFD}\u{100000}\u{E000}",
    String(decoding: [0x61, 0xFF, 0xC0, 0x80, 0xED, 0xA0, 0x80], as: UTF8.self),
  ]

  private static let corpus: [(name: String, text: String)] = [
    ("sequences", sequences.joined(separator: " ")), ("characters", characters.joined(separator: " ")),
    ("first of all", sequences.reversed().joined() + characters.joined()), ("cut sequence", "\u{1B}["),
    ("marks", "e" + String(repeating: "\u{301}", count: 10_000)),
    ("long", String(repeating: "x", count: 40_000)),
    ("wide", String(repeating: "漢\u{1F468}\u{200D}\u{1F469}", count: 300)),
    ("lines", String(repeating: "\n", count: 1_000)),
  ]

  /// Marks that may stand on one glyph in one cell: what ncurses keeps of them.
  private static let maxMarks = 4

  private func fault(_ frame: Frame) -> String? {
    for y in 0..<frame.surface.size.rows {
      var columns = 0
      for cell in frame.surface.row(y) {
        columns += Int(cell.width)
        if cell.scalars.count > Self.maxMarks + 1 {
          return "row \(y): \(cell.scalars.count) scalars in a cell"
        }
        for scalar in cell.scalars where Self.isForbidden(scalar) {
          return "row \(y): U+\(String(scalar.value, radix: 16))"
        }
      }
      if columns != frame.surface.size.columns { return "row \(y): \(columns) columns" }
    }
    let title = frame.title ?? ""
    return title.unicodeScalars.contains(where: Self.isForbidden) ? "title \(title.debugDescription)" : nil
  }

  /// Controls, and what changes the order or the meaning of what stands beside it.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF,
      0xE0000...0xE007F:
      true
    default: false
    }
  }

  @Test("U16: each place shows what is harmless in it, and nothing raw", arguments: HostilePlace.all)
  func u16_places(_ place: HostilePlace) {
    var plain = place.show("Zq9 words")
    #expect(plain.shows("Zq9") || plain.shows("Zq "), "the place shows no foreign text")
    #expect(fault(plain.frame()) == nil)
    for (name, text) in Self.corpus {
      var s = place.show(name == "first of all" ? text : "Zq9" + text)
      if let fault = fault(s.frame()) { Issue.record("\(name): \(fault)") }
      s.size = .init(columns: 40, rows: 12)
      if let fault = fault(s.frame()) { Issue.record("\(name), narrow: \(fault)") }
      for effect in s.taken() {
        if case .attention(let words, _) = effect {
          #expect(!words.unicodeScalars.contains(where: Self.isForbidden), "\(name)")
        }
      }
      guard name != "long", !s.state.transcript.isEmpty else { continue }
      let dumped = s.state.plainTranscript()
      let isRaw = dumped.contains { $0.unicodeScalars.contains { $0 != "\n" && Self.isForbidden($0) } }
      #expect(!isRaw, "\(name): the transcript as it is dumped")
    }
  }
}
