import Testing

@testable import StetWorkspace

/// Short names for lines: equal for equal lines, different for different ones, and readable to a diff as lines.
@Suite struct LineNamesTests {
  private func lines(_ encoded: [UInt8]) -> [[UInt8]] {
    encoded.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
  }

  private func encode(_ sides: [String]) -> [[[UInt8]]] {
    var names = LineNames()
    return sides.map { lines(names.encode(Array($0.utf8)).bytes) }
  }

  @Test("equal lines have one name on both sides, different lines have two; a line end counts as its line's")
  func equality() {
    let sides = encode(["a\nb\na\nb\r\n", "b\na\nc\nb\r"])
    let (old, new) = (sides[0], sides[1])
    #expect(old[0] == old[2] && old[0] == new[1] && old[1] == new[0])
    #expect(Set([old[0], old[1], old[3], new[2]]).count == 4)
    #expect(old[3] == new[3], "CR is a byte of the line")
  }

  @Test("lines are counted as a diff counts them, with and without a last line end")
  func counts() {
    for (text, count) in [
      ("", 0), ("a", 1), ("a\n", 1), ("a\nb", 2), ("\n", 1), ("\n\n", 2), ("a\n\nb\n", 3),
    ] {
      var names = LineNames()
      let encoded = names.encode(Array(text.utf8))
      #expect(encoded.count == count, "\(text.debugDescription)")
      #expect(encoded.bytes.count { $0 == 0x0A } == text.utf8.count { $0 == 0x0A })
      #expect((encoded.bytes.last == 0x0A) == (text.utf8.last == 0x0A))
    }
  }

  @Test("blanks at the beginning and lines of blanks stay; a name itself has no blank, no line feed, no NUL")
  func blanks() {
    let named = encode(["  two\n\t\tabs\n   \n\nx"])[0]
    #expect(named[0].starts(with: [0x20, 0x20]) && named[0].count == 6)
    #expect(named[1].starts(with: [0x09, 0x09]) && named[1].count == 6)
    #expect(named[2] == [0x20, 0x20, 0x20] && named[3].isEmpty && named[4].count == 4)
    for name in [named[0].dropFirst(2), named[1].dropFirst(2), named[4][...]] {
      #expect(name.allSatisfy { $0 > 0x20 && $0 != 0xFF })
    }
    #expect(encode(["  a\n a\na"])[0].map(\.count) == [6, 5, 4], "what is indented anew is another line")
    #expect(Set(encode(["  a\n a\na"])[0].map { Array($0.suffix(4)) }).count == 3)
  }

  @Test(
    "many lines, long lines, NUL and bytes that are no text: as many names as different lines",
    arguments: [1, 2, 3])
  func manyLines(_ seed: Int) {
    var random = Seeded(seed)
    let long = String(repeating: " ", count: 300)
    let pool = (0..<9_000).map { number -> [UInt8] in
      switch number % 4 {
      case 0: Array("line \(number)".utf8)
      case 1: [0xFF, 0x00, UInt8(number & 0x7F | 0x80), UInt8(number >> 7 | 0x80)]
      case 2: Array((long + "\(number)").utf8)
      default: Array("\t\(number) \(String(repeating: "x", count: number % 37))".utf8)
      }
    }
    let chosen = (0..<20_000).map { _ in Int.random(in: pool.indices, using: &random) }
    let sides: [[UInt8]] = [chosen.prefix(12_000), chosen.suffix(8_000)].map { side in
      side.flatMap { pool[$0] + [0x0A] }
    }
    var names = LineNames()
    let found = sides.flatMap { side in names.encode(side).bytes.split(separator: 0x0A).map(Array.init) }
    #expect(found.count == chosen.count)
    var nameOf: [Int: [UInt8]] = [:]
    var lineOf: [[UInt8]: Int] = [:]
    var faults = 0
    for (index, name) in zip(chosen, found) {
      if let known = nameOf.updateValue(name, forKey: index), known != name { faults += 1 }
      if let known = lineOf.updateValue(index, forKey: name), pool[known] != pool[index] { faults += 1 }
    }
    #expect(faults == 0)
  }
}
