import StetWorkspace
import Testing

/// Random files, patches made from random edits of them, and mutations of those.
struct PatchFuzzTests {
  /// The patch of an edit, from the hunks of its diff; nil where the format can't say it.
  private func patch(_ base: [UInt8], _ wanted: [UInt8]) throws -> [UInt8] {
    var out = Array("*** Begin Patch\n*** Update File: f\n".utf8)
    let diff = try unifiedDiff(old: base, new: wanted, context: 3)
    for line in diff.utf8.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
      out += line.starts(with: "@@".utf8) ? Array("@@".utf8) : Array(line)
      out.append(10)
    }
    return out + Array("*** End Patch\n".utf8)
  }

  @Test("a patch made of an edit's diff makes that edit", arguments: 0..<40)
  func roundTrip(_ seed: Int) throws {
    var random = Seeded(seed)
    for _ in 0..<20 {
      // Unique lines: a patch without line numbers can't tell equal places apart.
      var base: [UInt8] = []
      for index in 0..<Int.random(in: 1...30, using: &random) {
        base += Array("\(index) \(random.next() % 9)\n".utf8)
      }
      let wanted = random.edited(base)
      guard wanted != base, wanted.last == 10 || wanted.isEmpty else { continue }
      let tree = MemoryTree(["f": FileState.regular(base)])
      let result = try tree.patched(bytes: patch(base, wanted))
      #expect(result["f"]?.bytes == wanted)
    }
  }

  @Test(
    "a mutated patch is applied or refused, never a crash, and a refusal changes nothing", arguments: 0..<40)
  func mutations(_ seed: Int) throws {
    var random = Seeded(seed)
    for _ in 0..<40 {
      let base = random.text(lines: 12)
      let tree = MemoryTree(["f": FileState.regular(base), "g": FileState.regular(random.text(lines: 3))])
      var bytes = try patch(base, random.edited(base))
      for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch random.next() % 4 {
        case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: index)
        case 2:
          bytes.insert(contentsOf: Array("@*+- \n\\".utf8).shuffled(using: &random).prefix(2), at: index)
        default: bytes.append(contentsOf: bytes[index...].prefix(30))
        }
      }
      do {
        let files = try tree.patched(bytes: bytes)
        #expect(files["g"] == tree.files["g"])
      } catch let error as WorkspaceError {
        #expect(!error.message.isEmpty)
      }
    }
  }

  @Test("a replacement that is refused or done keeps everything around it", arguments: 0..<40)
  func replacements(_ seed: Int) throws {
    var random = Seeded(seed)
    for _ in 0..<40 {
      let base = random.text(lines: 10)
      let lines = base.split(separator: 10).map(Array.init)
      guard let line = lines.randomElement(using: &random) else { continue }
      let old = random.chance(50) ? [32] + line : line
      guard let text = String(validating: old, as: UTF8.self), !text.isEmpty else { continue }
      guard
        let result = try? EditReplacement.propose(
          base, old: text, new: "REPLACED", replaceAll: random.chance(50))
      else { continue }
      let marker = Array("REPLACED".utf8)
      let count = (0..<result.bytes.count).filter { result.bytes[$0...].starts(with: marker) }.count
      #expect(count == result.replacements)
      let kept = result.bytes.count - count * marker.count
      #expect(kept <= base.count)
    }
  }
}
