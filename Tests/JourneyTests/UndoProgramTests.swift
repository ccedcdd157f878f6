import Glibc
import StetProcess
import StetTestSupport
import Testing

/// `stet undo` as a user runs it: the built program, in a directory where `stet exec` worked.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct UndoProgramTests {
  private func stet(_ house: ExecHouse, _ arguments: String...) async throws -> ExecRunResult {
    let session = try ProcessSession.start(
      Command(
        argv: [Program.folder + "/stet"] + arguments, cwd: house.work.path,
        environment: Program.environment(home: house.house.home), stdin: .null, errors: .separate))
    return try await house.result(of: session)
  }

  private func worked() async throws -> ExecHouse {
    let house = ExecHouse(
      .call("exec_command", ["cmd": "sed -i s/one/ONE/ a.txt; rm b.txt; mkdir -p made/deep"]), .text("done"))
    house.work.write("a.txt", "one\n")
    house.work.write("b.txt", "b\n")
    let run = try await house.exec("--sandbox", "danger-full-access", "go")
    #expect(run.code == 0, "\(run.log)")
    #expect(house.work.text("a.txt") == "ONE\n" && !house.work.exists("b.txt"))
    return house
  }

  @Test("stet undo shows, puts back, and redoes what a run changed; then forgets it")
  func undo() async throws {
    let house = try await worked()
    let list = try await stet(house, "undo", "--list")
    #expect(list.code == 0 && list.output.contains("3 files") && list.output.contains("changed while `sed"))
    let dry = try await stet(house, "undo", "--dry-run")
    #expect(dry.code == 0 && dry.output.hasSuffix("Nothing was touched.\n"), "\(dry.output)")
    let rows = dry.output.split(separator: "\n").map(String.init)
    #expect(rows.contains { $0.hasPrefix("write  ") && $0.contains("/a.txt  (changed while `sed") })
    #expect(rows.contains { $0.hasPrefix("recreate  ") && $0.contains("/b.txt") })
    #expect(rows.contains { $0.hasPrefix("delete  ") && $0.hasSuffix("/made/deep") })
    #expect(house.work.text("a.txt") == "ONE\n")
    let done = try await stet(house, "undo", "--yes")
    #expect(done.code == 0, "\(done.log)")
    #expect(house.work.text("a.txt") == "one\n" && house.work.text("b.txt") == "b\n")
    #expect(!house.work.exists("made"))
    let redo = try await stet(house, "undo", "--redo", "--yes")
    #expect(redo.code == 0, "\(redo.log)")
    #expect(
      house.work.text("a.txt") == "ONE\n" && !house.work.exists("b.txt") && house.work.exists("made/deep"))
    let usage = try await stet(house, "undo", "--usage")
    #expect(usage.code == 0 && usage.output.contains(" of 5.0 GB, "), "\(usage.output)")
    let purge = try await stet(house, "undo", "--purge", "--yes")
    #expect(purge.code == 0 && purge.output.hasPrefix("Freed "))
    let nothing = try await stet(house, "undo", "--yes")
    #expect(nothing.code != 0 && house.work.text("a.txt") == "ONE\n")
  }

  @Test("stet undo leaves what the user changed since alone, says why, and asks where nobody can answer")
  func refusals() async throws {
    let house = try await worked()
    house.work.write("a.txt", "the user's\n")
    let asked = try await stet(house, "undo")
    #expect(asked.code != 0 && asked.log.contains("--yes") && !house.work.exists("b.txt"))
    let done = try await stet(house, "undo", "--yes")
    #expect(done.code == 0 && done.output.contains("left alone (changed since)"), "\(done.output)")
    #expect(house.work.text("a.txt") == "the user's\n" && house.work.text("b.txt") == "b\n")
  }

  @Test(
    "stet undo --overwrite puts back what the user changed since, --kept prints theirs, --redo brings it back"
  )
  func overwrite() async throws {
    let house = try await worked()
    house.work.write("a.txt", "the user's\n")
    let dry = try await stet(house, "undo", "--dry-run")
    #expect(dry.output.contains("--overwrite puts back what changed since"), "\(dry.output)")
    let done = try await stet(house, "undo", "--overwrite", "--yes")
    #expect(done.code == 0 && done.output.contains("write (changed since)  "), "\(done.output)\(done.log)")
    #expect(done.output.contains("stet undo --kept FILE"))
    #expect(house.work.text("a.txt") == "one\n" && house.work.text("b.txt") == "b\n")
    let kept = try await stet(house, "undo", "--kept", "./a.txt")
    #expect(kept.code == 0 && kept.output == "the user's\n", "\(kept.log)")
    let none = try await stet(house, "undo", "--kept", "other.txt")
    #expect(none.code != 0 && none.log.contains("No undo of this thread wrote"), "\(none.log)")
    let redo = try await stet(house, "undo", "--redo", "--yes")
    #expect(redo.code == 0 && house.work.text("a.txt") == "the user's\n" && !house.work.exists("b.txt"))
  }

  @Test(
    "kill -9 in the middle of an edit of many files: the next run, of that thread or of a new one, finds all of it or none",
    arguments: [["resume", "--last", "go on"], ["--sandbox", "danger-full-access", "go on"]])
  func killedInEdit(_ next: [String]) async throws {
    let names = (10..<70).map { "f\($0)" }
    let patch =
      "*** Begin Patch\n"
      + names.map { "*** Update File: \($0)\n@@\n-old\n+new\n" }.joined() + "*** End Patch"
    // The first run may come to its second step before it is killed.
    let look = FakeModel.Step.call("exec_command", ["cmd": "true"])
    let house = ExecHouse(
      .call("exec_command", ["cmd": .string("apply_patch <<'EOF'\n\(patch)\nEOF")]), look, look, .text("one"),
      .text("two"))
    for name in names { house.work.write(name, "old\n") }
    let run = try house.start(["--sandbox", "danger-full-access", "go"])
    try await eventually("a file is written") {
      names.contains { house.work.text($0) == "new\n" } ? () : nil
    }
    kill(run.pid, SIGKILL)
    _ = await run.waitForExit()
    let isHalf = Set(names.map { house.work.text($0) }).count > 1
    let done = try await house.result(of: house.start(next))
    #expect(done.code == 0, "\(done.log)")
    if isHalf { #expect(done.log.contains("stet was killed while it wrote files; as before again: f")) }
    let states = Set(names.map { house.work.text($0) })
    #expect(states.count == 1, "\(states)")
    #expect(house.work.names().allSatisfy { !$0.hasPrefix(".stet-") })
  }

  @Test("kill -9 in the middle of a command: the next run of the thread says what can't be undone, once")
  func killed() async throws {
    let house = ExecHouse(
      .call("exec_command", ["cmd": "touch started; while [ -e started ]; do sleep 0.1; done"]), .text("one"),
      .text("two"))
    house.work.write("a.txt", "one\n")
    let run = try house.start(["--sandbox", "danger-full-access", "go"])
    try await eventually("the command runs") { house.work.exists("started") ? () : nil }
    kill(run.pid, SIGKILL)
    _ = await run.waitForExit()
    unlink(house.work.path("started"))
    let next = try await house.exec("resume", "--last", "go on")
    #expect(next.log.contains("stet was killed in a turn that ran `touch started"), "\(next.log)")
    #expect(next.log.contains("can't be undone"))
    let third = try await house.exec("resume", "--last", "and on")
    #expect(!third.log.contains("stet was killed"))
  }

  @Test(
    "stet undo --thread --to: shows, then puts back a turn and all after it; --purge --thread forgets that one alone"
  )
  func threadAndTurn() async throws {
    let house = ExecHouse(
      .call("exec_command", ["cmd": "echo 1 > a.txt"]), .text("one"),
      .call("exec_command", ["cmd": "echo 2 > a.txt; echo 2 > b.txt"]), .text("two"),
      .call("exec_command", ["cmd": "echo other > c.txt"]), .text("three"))
    house.work.write("a.txt", "0\n")
    let first = try await house.exec("--json", "--sandbox", "danger-full-access", "go")
    #expect(first.code == 0, "\(first.log)")
    let started = try first.events.first { $0["type"]?.stringValue == "thread.started" }
    let thread = try #require(started?["thread_id"]?.stringValue)
    #expect(try await house.exec("resume", thread, "go on").code == 0)
    // The newest thread of the directory is another one.
    #expect(try await house.exec("--sandbox", "danger-full-access", "go").code == 0)
    let list = try await stet(house, "undo", "--thread", thread, "--list")
    let rows = list.output.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
    #expect(list.code == 0 && rows.count == 2, "\(list.output)\(list.log)")
    let oldest = try #require(rows.last)
    let dry = try await stet(house, "undo", "--thread", thread, "--to", oldest, "--dry-run")
    #expect(dry.code == 0 && dry.output.contains("/a.txt") && dry.output.contains("/b.txt"), "\(dry.log)")
    #expect(dry.output.hasSuffix("Nothing was touched.\n") && !dry.output.contains("/c.txt"))
    #expect(house.work.text("a.txt") == "2\n" && house.work.exists("b.txt"))
    let wrong = try await stet(house, "undo", "--thread", thread, "--to", "nosuch", "--yes")
    #expect(wrong.code != 0 && wrong.log.contains("--list"))
    let done = try await stet(house, "undo", "--thread", thread, "--to", oldest, "--yes")
    #expect(done.code == 0, "\(done.log)")
    #expect(house.work.text("a.txt") == "0\n" && !house.work.exists("b.txt"))
    #expect(house.work.text("c.txt") == "other\n")
    // Two turns, their undo, and the turn of the other thread.
    let usage = try await stet(house, "undo", "--usage")
    #expect(usage.output.hasSuffix(", 4 turns and undos\n"), "\(usage.output)")
    let show = try await stet(house, "undo", "--purge", "--thread", thread, "--dry-run")
    #expect(show.output == "This would forget the snapshots of \(thread).\n")
    let purge = try await stet(house, "undo", "--purge", "--thread", thread, "--yes")
    #expect(purge.code == 0 && purge.output.hasPrefix("Freed "), "\(purge.log)")
    let left = try await stet(house, "undo", "--usage")
    #expect(left.output.hasSuffix(", 1 turns and undos\n"), "\(left.output)")
    let other = try await stet(house, "undo", "--yes")
    #expect(other.code == 0 && !house.work.exists("c.txt"), "\(other.log)")
  }

  @Test("stet exec says what undo does not cover")
  func limits() async throws {
    let house = ExecHouse(
      .call("exec_command", ["cmd": "echo more >> big"]), .text("done"),
      settings: "[snapshot]\nfile_bytes = 100")
    house.work.write("big", String(repeating: "x", count: 5_000))
    let run = try await house.exec("--sandbox", "danger-full-access", "go")
    #expect(run.code == 0 && run.log.contains("outside undo") && run.log.contains("big"), "\(run.log)")
    let done = try await stet(house, "undo", "--yes")
    #expect(done.output.contains("left alone (over the limits of undo)"), "\(done.output)")
  }
}
