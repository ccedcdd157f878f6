import StetJSON
import StetTestSupport
import StetUI
import Testing

@testable import stet

/// Issue 8: ten hunks in four files, decided with single keys; the disk and the model agree.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct ReviewJourneys {
  /// Hunks of each file; ten lines apart, so that each is one of its own.
  private static let hunks = [("a.txt", 4), ("b.txt", 3), ("c.txt", 2), ("d.txt", 1)]

  private static func text(_ name: String, _ changed: (Int) -> String?) -> String {
    let count = hunks.first { $0.0 == name }?.1 ?? 0
    var lines: [String] = []
    for hunk in 0..<count {
      lines += (0..<10).map { "\(name) \(hunk) \($0)" }
      lines[hunk * 10 + 5] = changed(hunk) ?? "\(name) \(hunk) old"
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static var patch: String {
    var patch = "*** Begin Patch\n"
    for (name, count) in hunks {
      patch += "*** Update File: \(name)\n"
      for hunk in 0..<count {
        patch += "@@\n \(name) \(hunk) 4\n-\(name) \(hunk) old\n+\(name) \(hunk) new\n \(name) \(hunk) 6\n"
      }
    }
    return patch + "*** End Patch\n"
  }

  private func house() -> House {
    let house = House([
      .call("exec_command", ["cmd": .string("apply_patch <<'EOF'\n\(Self.patch)EOF")]),
      .text("That is what you kept."),
    ])
    for (name, _) in Self.hunks { house.work.write(name, Self.text(name) { _ in nil }) }
    return house
  }

  @Test(
    "issue 8: 7 accepted, 2 refused, one with a comment, 1 edited; disk and model agree",
    arguments: [(80, 24), (40, 20)])
  func tenHunks(_ columns: Int, _ rows: Int) async throws {
    let house = house()
    house.home.write("editor", "#!/bin/sh\nsed -i 's/new/mine/' \"$1\"\n", mode: 0o755)
    let plain = house.surroundings
    let surroundings = Surroundings(
      environment: plain.environment.merging(["VISUAL": house.home.path("editor")]) { $1 }, home: plain.home,
      directory: plain.directory)
    let app = App(
      surroundings, of: house, launch: .new(prompt: nil), size: (columns, rows), choice: .embedded)
    try await app.expect("? help").say("change them")
    try await app.expect("enter review").press(.enter)
    try await app.expect("0 of 10 decided")
    // a: yes, no with a word, yes, my own text.
    app.press("y").press("c")
    try await app.expect("comment on line").say("keep this one")
    app.press("n").press("y").press("e")
    try await app.expect("4 of 10 decided")
    // q leaves everything as it is; coming back goes on.
    app.press("q")
    try await app.expect("4 of 4 decided")
    #expect(house.work.text("a.txt") == Self.text("a.txt") { _ in nil })
    try await app.expect("enter review").press(.enter)
    try await app.expect("4 of 10 decided")
    // b: all, c: no and yes, d: yes.
    app.press("Y").press("n").press("y").press("y")
    try await app.expect("10 of 10 decided").press(.enter)
    try await app.expect("That is what you kept.").expect("? help")

    expectDecided(house)
    let told = try #require(house.model.requests.last?["input"]?.arrayValue?.last?["output"]?.stringValue)
    #expect(told.contains("7 accepted") && told.contains("1 edited") && told.contains("2 rejected"))
    #expect(told.contains("keep this one") && told.contains("a.txt 3 mine"))
    try await app.quit()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  @Test(
    "issue 8: the same on a real terminal, quit in the middle and resumed; nothing refused is ever on disk",
    arguments: [(80, 24), (40, 20)])
  func quitAndResume(_ columns: Int, _ rows: Int) async throws {
    let house = house()
    house.home.write("editor", "#!/bin/sh\nsed -i 's/new/mine/' \"$1\"\n", mode: 0o755)
    let tmux = try await Tmux(
      house.home, directory: house.work.path, columns: columns, rows: rows,
      ["VISUAL": house.home.path("editor")])
    try await tmux.expect("ready>")
    try await tmux.run("stet; echo left=$?")
    try await tmux.expect("Ask stet …")
    try await tmux.run("change them")
    try await tmux.expect("enter review")
    try await tmux.press("Enter")
    try await tmux.expect("0 of 10 decided")
    try await tmux.press("y", "c")
    try await tmux.expect("comment on line")
    try await tmux.run("keep this one")
    try await tmux.press("n", "y", "e")
    try await tmux.expect("4 of 10 decided")
    try await tmux.press("q")
    try await tmux.expect("4 of 4 decided")
    try await tmux.run("/quit")
    try await tmux.expect("left=0")
    for (name, _) in Self.hunks { #expect(house.work.text(name) == Self.text(name) { _ in nil }) }
    try await tmux.run("clear; stet resume --last; echo left=$?")
    try await tmux.expect("a review waits")
    try await tmux.press("C-x")
    try await tmux.expect("the decisions of before, and keys for more") {
      $0.contains("4 of 10 decided") && ($0.contains("y accept") || $0.contains("y n e c"))
    }
    // b: all, c: no and yes, d: yes.
    try await tmux.press("Y", "n", "y", "y")
    try await tmux.expect("10 of 10 decided")
    try await tmux.press("Enter")
    try await tmux.expect("written in 4 files")
    expectDecided(house)
    try await tmux.run("go on")
    try await tmux.expect("That is what you kept.")
    let told = try #require(house.model.requests.last).text
    #expect(told.contains("7 accepted") && told.contains("1 edited") && told.contains("2 rejected"))
    #expect(told.contains("keep this one") && told.contains("a.txt 3 mine"))
    try await tmux.run("/quit")
    try await tmux.expect("left=0")
    try await tmux.end()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  /// Seven hunks as proposed, one as the user wrote it, two as they were.
  private func expectDecided(_ house: House) {
    func line(_ name: String, _ hunks: Set<Int>) -> String {
      Self.text(name) { hunks.contains($0) ? "\(name) \($0) new" : nil }
    }
    #expect(
      house.work.text("a.txt")
        == Self.text("a.txt") { [0: "a.txt 0 new", 2: "a.txt 2 new", 3: "a.txt 3 mine"][$0] })
    #expect(house.work.text("b.txt") == line("b.txt", [0, 1, 2]))
    #expect(house.work.text("c.txt") == line("c.txt", [1]))
    #expect(house.work.text("d.txt") == line("d.txt", [0]))
  }

  @Test(
    "issue 8: a file that changes under the review is merged and shown again, never overwritten",
    arguments: [(80, 24), (40, 20)])
  func changesUnderneath(_ columns: Int, _ rows: Int) async throws {
    let house = house()
    let app = house.open(columns: columns, rows: rows)
    try await app.expect("? help").say("change them")
    try await app.expect("enter review").press(.enter)
    try await app.expect("0 of 10 decided")
    app.press("n").press("A")
    try await app.expect("10 of 10 decided")
    // The user's own editor saves a line far from every hunk.
    house.work.write("b.txt", "my own line\n" + Self.text("b.txt") { _ in nil })
    app.press(.enter)
    try await app.expect("changed on disk meanwhile")
    #expect(
      house.work.text("a.txt") == Self.text("a.txt") { _ in nil },
      "nothing is written before it is seen again")
    // What was refused is no longer part of it.
    try await app.expect("3 of 3 decided").expect("enter review").press(.enter)
    try await app.expect("(1 of 4)").expect("changed on disk meanwhile").press(.enter)
    try await app.expect("That is what you kept.").expect("? help")
    #expect(house.work.text("b.txt") == "my own line\n" + Self.text("b.txt") { "b.txt \($0) new" })
    #expect(house.work.text("a.txt") == Self.text("a.txt") { $0 == 0 ? nil : "a.txt \($0) new" })
    try await app.quit()
  }
}
