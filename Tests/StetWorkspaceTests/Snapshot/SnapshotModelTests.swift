import Glibc
import StetTestSupport
import StetWorkspace
import Testing

/// Random interleavings of turns of two threads, edits of the user and restores.
struct SnapshotModelTests {
  /// Every line that the user wrote, wherever it is.
  private func userLines(_ fixture: SnapshotFixture) throws -> [String] {
    var lines: [String] = []
    for case (let path, .file(let bytes, _)) in try DiskTree.read(fixture.root) {
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix("user") {
        lines.append("\(path): \(line)")
      }
    }
    return lines.sorted()
  }

  private func edited(_ text: String, _ word: String, _ random: inout Seeded) -> String {
    var lines = text.split(separator: "\n").map(String.init)
    let place = Int.random(in: 0...lines.count, using: &random)
    if random.chance(60) || place == lines.count {
      lines.insert("\(word) \(random.next() % 1000)", at: place)
    } else if !lines[place].hasPrefix("user") {
      lines[place] = "\(word) \(random.next() % 1000)"
    }
    return lines.map { $0 + "\n" }.joined()
  }

  @Test("no restore loses a line of the user's, and its redo is the identity", arguments: 0..<12)
  func interleavings(_ seed: Int) throws {
    var random = Seeded(seed)
    let fixture = try SnapshotFixture()
    let files = fixture.directory
    for name in ["a", "b"] { files.write(name, (1...12).map { "line \($0)\n" }.joined()) }
    for step in 0..<30 {
      let name = ["a", "b", "dir/c", "dir/d"].randomElement(using: &random) ?? "a"
      switch random.next() % 4 {
      case 0, 1:
        let text = random.chance(10) ? nil : edited(files.text(name) ?? "", "agent", &random)
        try fixture.turn("\(step)", thread: random.chance(50) ? "t" : "u", [name: text])
      case 2:
        if random.chance(15) {
          unlink(files.path(name))
        } else {
          files.write(name, edited(files.text(name) ?? "", "user", &random))
        }
      default:
        try restore(fixture, step, &random)
      }
    }
  }

  private func restore(_ fixture: SnapshotFixture, _ step: Int, _ random: inout Seeded) throws {
    let turns = try fixture.store.list().filter { $0.cause != .restore && $0.state == .active }
    guard let turn = turns.randomElement(using: &random) else { return }
    let scopes: [UndoScope] = [.last(thread: turn.thread), .turn(turn.key), .through(turn.key)]
    let plan = try fixture.store.plan(scopes.randomElement(using: &random) ?? .turn(turn.key))
    let before = try DiskTree.read(fixture.root)
    let mine = try userLines(fixture)
    guard let done = try fixture.store.apply(plan, as: fixture.key("undo \(step)")) else {
      #expect(try DiskTree.read(fixture.root) == before)
      return
    }
    // The agent's own turn may have deleted a user's line, which then comes back: none may go.
    #expect(Set(mine).isSubset(of: try userLines(fixture)))
    for entry in plan.refused {
      let path = String(entry.path.dropFirst(fixture.root.count + 1))
      #expect(try DiskTree.read(fixture.root)[path] == before[path])
    }
    if random.chance(60) {
      let redo = try fixture.store.plan(.record(done.id))
      #expect(redo.refused.isEmpty)
      _ = try fixture.store.apply(redo, as: fixture.key("redo \(step)"))
      #expect(try DiskTree.read(fixture.root) == before)
    }
  }
}
