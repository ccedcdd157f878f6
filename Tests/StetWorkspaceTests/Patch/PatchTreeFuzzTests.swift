import StetTestSupport
import StetWorkspace
import Testing

/// Random trees on disk, random edits of them as patches; what must come out is made without a patch.
struct PatchTreeFuzzTests {
  /// A tree before and after, and the patch between the two.
  private struct Change {
    var before: [String: [UInt8]] = [:]
    var after: [String: [UInt8]] = [:]
    var sections: [[UInt8]] = []
    /// The way back.
    var reverse: [[UInt8]] = []

    var patch: [UInt8] { Self.patch(sections) }

    static func patch(_ sections: [[UInt8]]) -> [UInt8] {
      Array("*** Begin Patch\n".utf8) + sections.flatMap { $0 } + Array("*** End Patch\n".utf8)
    }
  }

  /// Unique lines: a patch without line numbers can't tell equal places apart.
  private func file(_ name: Int, _ random: inout Seeded) -> [UInt8] {
    (0..<Int.random(in: 1...25, using: &random)).flatMap { line in
      Array("\(name).\(line) \(random.chance(20) ? "\t é" : "word") \(random.next() % 7)\n".utf8)
    }
  }

  private func update(_ path: String, to target: String?, _ old: [UInt8], _ new: [UInt8]) throws -> [UInt8] {
    var out = Array("*** Update File: \(path)\n".utf8)
    if let target { out += Array("*** Move to: \(target)\n".utf8) }
    let diff = try unifiedDiff(old: old, new: new, context: 3)
    for line in diff.utf8.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
      out += (line.starts(with: "@@".utf8) ? Array("@@".utf8) : Array(line)) + [10]
    }
    return out
  }

  private func add(_ path: String, _ bytes: [UInt8]) -> [UInt8] {
    Array("*** Add File: \(path)\n".utf8)
      + bytes.split(separator: 10).flatMap { [UInt8(ascii: "+")] + $0 + [10] }
  }

  private func delete(_ path: String) -> [UInt8] { Array("*** Delete File: \(path)\n".utf8) }

  private func change(_ random: inout Seeded) throws -> Change {
    var change = Change()
    for number in 0..<Int.random(in: 2...7, using: &random) {
      let path = "\(random.chance(40) ? "d\(number % 3)/" : "")f\(number)"
      let bytes = file(number, &random)
      let edited = random.edited(bytes)
      let isEdit = edited != bytes && edited.last == 10
      switch Int.random(in: 0..<5, using: &random) {
      case 0:
        change.after[path] = bytes
        change.sections.append(add(path, bytes))
        change.reverse.append(delete(path))
      case 1:
        change.before[path] = bytes
        change.sections.append(delete(path))
        change.reverse.append(add(path, bytes))
      case 2 where isEdit:
        change.before[path] = bytes
        change.after["moved/\(number)"] = edited
        change.sections.append(try update(path, to: "moved/\(number)", bytes, edited))
        change.reverse.append(try update("moved/\(number)", to: path, edited, bytes))
      case 3 where isEdit:
        change.before[path] = bytes
        change.after[path] = edited
        change.sections.append(try update(path, to: nil, bytes, edited))
        change.reverse.append(try update(path, to: nil, edited, bytes))
      default:
        change.before[path] = bytes
        change.after[path] = bytes
      }
    }
    change.sections.shuffle(using: &random)
    return change
  }

  private func tree(_ files: [String: [UInt8]]) -> TempDirectory {
    let place = TempDirectory("patch")
    place.makeDirectory("work")
    for (path, bytes) in files { place.write("work/" + path, bytes: bytes) }
    return place
  }

  private func files(_ place: TempDirectory) throws -> [String: [UInt8]] {
    try DiskTree.read(place.path("work")).compactMapValues { node in
      if case .file(let bytes, _) = node { Array(bytes) } else { nil }
    }
  }

  private func apply(_ patch: [UInt8], to place: TempDirectory) throws {
    try PatchRun(root: place.path("work"), journal: place.path("journal")).apply(patch)
  }

  @Test(
    "T4: a patch of several files makes the tree that it was made from, and its reverse takes it back",
    arguments: 0..<30)
  func t4_roundTrip(_ seed: Int) throws {
    var random = Seeded(seed)
    let change = try change(&random)
    guard !change.sections.isEmpty else { return }
    let place = tree(change.before)
    try apply(change.patch, to: place)
    #expect(try files(place) == change.after)
    try apply(Change.patch(change.reverse), to: place)
    #expect(try files(place) == change.before)
  }

  @Test(
    "T4: with one section that does not fit, nothing of a patch is written, wherever it stands",
    arguments: 0..<30)
  func t4_allOrNothing(_ seed: Int) throws {
    var random = Seeded(seed)
    let change = try change(&random)
    let place = tree(change.before)
    let broken = [
      "*** Update File: nowhere\n@@\n-a\n+b\n", "*** Delete File: nowhere\n",
      change.before.keys.sorted().first.map { "*** Update File: \($0)\n@@\n-no such line\n+x\n" },
      change.before.keys.sorted().last.map { "*** Add File: \($0)\n+another\n" },
    ].compactMap { $0 }
    for section in broken {
      var sections = change.sections
      sections.insert(Array(section.utf8), at: Int.random(in: 0...sections.count, using: &random))
      // Where another section has deleted it before, an Add is meant.
      guard (try? apply(Change.patch(sections), to: place)) != nil else {
        #expect(try files(place) == change.before, "\(section)")
        continue
      }
      #expect(section.hasPrefix("*** Add File"), "\(section)")
      return
    }
  }

  @Test("T4: a damaged patch writes all that its sections say or nothing", arguments: 0..<30)
  func t4_mutations(_ seed: Int) throws {
    var random = Seeded(seed)
    for _ in 0..<6 {
      let change = try change(&random)
      var bytes = change.patch
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch random.next() % 4 {
        case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(contentsOf: Array("@*+- \n".utf8).shuffled(using: &random).prefix(2), at: index)
        default: bytes = Array(bytes[..<max(1, index)])
        }
      }
      let memory = MemoryTree(change.before.mapValues { FileState.regular($0) })
      let place = tree(change.before)
      do {
        try apply(bytes, to: place)
      } catch {
        #expect(try files(place) == change.before, "a refusal wrote something")
        continue
      }
      // The same by the pure function: what the disk has is what was proposed.
      let wanted = try memory.patched(bytes: bytes).mapValues(\.bytes)
      let plain = Set(wanted.keys).allSatisfy {
        !$0.contains("..") && !$0.contains("//") && !$0.contains("./")
      }
      if plain { #expect(try files(place) == wanted) }
    }
  }
}
