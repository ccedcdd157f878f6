import Glibc
import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// `edit` and `write` without hunk review: Codex's behaviour, where only what the sandbox forbids is asked about.
@Suite(.timeLimit(.minutes(10)))
struct EditTests {
  private static let edit: JSONValue = ["path": "a.txt", "old_string": "two", "new_string": "TWO"]
  private static let files = ["a.txt": "one\ntwo\nthree\n"]
  private static let asked = [
    "status active", "started fileChange", "status active waitingOnApproval",
    "request item/fileChange/requestApproval", "resolved", "status active",
  ]

  @Test("an edit in the workspace is written at once: started, completed, the turn's diff")
  func writes() async throws {
    let bench = try await Workbench([.call("edit", Self.edit), .text("done")], files: Self.files)
    chmod(bench.work.path("a.txt"), 0o755)
    try await bench.turn()
    #expect(
      bench.flow == [
        "status active", "started fileChange", "completed fileChange", "status idle",
        "turn/completed completed",
      ])
    let order = bench.harness.order(after: "turn")
    let end = try #require(order.firstIndex(of: "completed fileChange"))
    #expect(order[end + 1] == "turn/diff/updated")
    #expect(bench.work.text("a.txt") == "one\nTWO\nthree\n")
    #expect(bench.output() == "Edited a.txt")
    let item = try #require(bench.changes.first)
    #expect(item.status == .completed && item.stet == nil)
    #expect(item.changes.map(\.path) == [bench.work.path("a.txt")])
    #expect(item.changes.first?.diff.contains("-two\n+TWO\n") == true)
    var status = stat()
    #expect(stat(bench.work.path("a.txt"), &status) == 0 && status.st_mode & 0o777 == 0o755)
  }

  @Test("T4: write makes folders, keeps CRLF, byte order mark aside, and refuses what is no file")
  func t4_write() async throws {
    let bench = try await Workbench(
      [
        .call("write", ["path": "new/deep/b.txt", "content": "b\n"]),
        .call("write", ["path": "crlf.txt", "content": "x\ny\n"]),
        .call("write", ["path": "new", "content": "x"]),
        .call("write", ["path": "a.txt", "content": "one\ntwo\nthree\n"]), .text("done"),
      ], files: Self.files.merging(["crlf.txt": "a\r\nb\r\n"]) { $1 })
    try await bench.turn()
    #expect(bench.work.text("new/deep/b.txt") == "b\n")
    #expect(bench.work.text("crlf.txt") == "x\r\ny\r\n")
    #expect(bench.output(0, request: 4) == "Created new/deep/b.txt")
    #expect(bench.output(1, request: 4) == "Wrote crlf.txt (its line ends are CRLF and were kept)")
    #expect(bench.output(2, request: 4) == "new is a directory, not a file\nName a file.")
    #expect(bench.output(3, request: 4) == "No change: the files hold that content already.")
    #expect(bench.changes.count == 2, "what fails before it is proposed makes no item")
  }

  @Test("T2: no place and many places are errors that show where; a single fuzzy place is taken")
  func t2_places() async throws {
    let bench = try await Workbench(
      [
        .call("edit", ["path": "a.txt", "old_string": "x = 1\ny = 2", "new_string": "x = 3"]),
        .call("edit", ["path": "a.txt", "old_string": "same", "new_string": "other"]),
        .call("edit", ["path": "a.txt", "old_string": "nowhere to be", "new_string": "x"]),
        .call("edit", ["path": "none.txt", "old_string": "a", "new_string": "b"]), .text("done"),
      ], files: ["a.txt": "if true {\n    x = 1\n    y = 2\n}\nsame\nsame\n"])
    try await bench.turn()
    #expect(bench.work.text("a.txt") == "if true {\n    x = 3\n}\nsame\nsame\n")
    #expect(bench.output(1, request: 4).contains("found 2 times, at lines 4, 5"))
    #expect(bench.output(2, request: 4).hasPrefix("old_string is not in the file"))
    #expect(
      bench.output(3, request: 4)
        == "none.txt does not exist\nLook for it with list_dir, or make it with write.")
  }

  @Test("T3: a file that changed since the model saw it is not edited; the model gets the difference")
  func t3_changedOnDisk() async throws {
    let gate = Gate()
    let bench = try await Workbench(
      [
        .call("read_file", ["path": "a.txt"]), .respond([.gate(gate), .call("edit", Self.edit)]),
        .call("edit", Self.edit), .text("done"),
      ], files: Self.files)
    let turn = try await bench.harness.begin(bench.thread, "go")
    await bench.harness.model.untilRequests(2)
    bench.work.write("a.txt", "zero\none\ntwo\nthree\n")
    gate.open()
    _ = await bench.harness.ended(turn.id)
    let stale = bench.output(1, request: 2)
    #expect(stale.hasPrefix("a.txt changed on disk since you last saw it; nothing was written."))
    #expect(stale.contains("+zero\n one\n"))
    #expect(bench.work.text("a.txt") == "zero\none\nTWO\nthree\n", "the second try knows the file")
    #expect(bench.changes.count == 1)
  }

  @Test("T7: the third failed edit of a file, however it is spelled, advises to write it and shows it")
  func t7_thirdFailure() async throws {
    func miss(_ path: String) -> FakeModel.Step {
      .call("edit", ["path": .string(path), "old_string": "never there at all", "new_string": "x"])
    }
    let bench = try await Workbench(
      [miss("a.txt"), miss("./a.txt"), miss("sub/../a.txt"), .text("done")],
      files: Self.files.merging(["sub/x": ""]) { $1 })
    try await bench.turn()
    #expect(!bench.output(1, request: 3).contains("Replace the whole file"))
    let third = bench.output(2, request: 3)
    #expect(
      third.contains("Replace the whole file with the tool write. It reads now:\n1\tone\n2\ttwo\n3\tthree"))
  }

  @Test("S9: a link on the way out of the workspace asks with the real target, in edits and in patches")
  func s9_linkedFolder() async throws {
    let outside = TempDirectory("outside", in: Workbench.build)
    outside.write("sub/a.txt", "one\ntwo\n")
    let patch = "*** Begin Patch\n*** Add File: link/sub/new.txt\n+x\n*** End Patch"
    for (model, call) in [
      ("mock-model", FakeModel.Step.call("write", ["path": "link/sub/a.txt", "content": "x"])),
      ("gpt-5", .custom("apply_patch", patch)),
    ] {
      let bench = try await Workbench([call, .text("done")], model: model)
      #expect(symlink(outside.path("sub"), bench.work.path("deep")) == 0)
      #expect(symlink(outside.path, bench.work.path("link")) == 0)
      bench.answer(["decision": "decline"])
      try await bench.turn()
      let reason = bench.requests.first?["reason"]?.stringValue ?? ""
      let file = model == "gpt-5" ? "new.txt" : "a.txt"
      #expect(reason == "\(outside.path)/sub/\(file) lies outside of the workspace")
      #expect(outside.text("sub/a.txt") == "one\ntwo\n" && !outside.exists("sub/new.txt"))
    }
  }

  @Test("S9: outside the workspace is asked about, by the real path of a link; accepted, it is written")
  func s9_outsideAsks() async throws {
    let outside = TempDirectory("outside", in: Workbench.build)
    outside.write("a.txt", "one\ntwo\n")
    let bench = try await Workbench([.call("edit", Self.edit), .text("done")])
    #expect(symlink(outside.path("a.txt"), bench.work.path("a.txt")) == 0)
    bench.answer(["decision": "accept"])
    try await bench.turn()
    #expect(bench.flow == Self.asked + ["completed fileChange", "status idle", "turn/completed completed"])
    #expect(
      bench.requests.first?["reason"]?.stringValue == "\(outside.path)/a.txt lies outside of the workspace")
    #expect(outside.text("a.txt") == "one\nTWO\n")
  }

  @Test("accepted for the session holds for the path, also outside; another path is asked about")
  func session() async throws {
    let outside = TempDirectory("outside", in: Workbench.build)
    func write(_ name: String, _ text: String) -> FakeModel.Step {
      .call("write", ["path": .string(outside.path(name)), "content": .string(text)])
    }
    let bench = try await Workbench([write("a", "1"), write("a", "2"), write("b", "3"), .text("done")])
    bench.answer(["decision": "acceptForSession"], ["decision": "decline"])
    try await bench.turn()
    #expect(outside.text("a") == "2" && !outside.exists("b"))
    #expect(bench.changes.map(\.status) == [.completed, .completed, .declined])
  }

  @Test(
    "S6: protected places are asked about at any depth, also when they are not there",
    arguments: [
      ".git/hooks/pre-commit", "deep/.vscode/tasks.json", ".envrc", "AGENTS.md", "sub/CLAUDE.md",
      ".codex/config.toml", ".bare/config", ".bare/hooks/pre-commit", "deep/store.git/hooks/x",
      ".bare/worktrees/one/config.worktree", "becomes/refs/x", "config",
    ])
  func s6_protected(_ path: String) async throws {
    let bench = try await Workbench([.call("write", ["path": .string(path), "content": "x"]), .text("done")])
    for place in [".bare", "deep/store.git", "."] {
      bench.work.write("\(place)/HEAD", "ref: refs/heads/main\n")
      bench.work.makeDirectory("\(place)/objects")
      bench.work.makeDirectory("\(place)/refs")
    }
    bench.work.write(".bare/worktrees/one/HEAD", "ref: refs/heads/one\n")
    bench.work.write(".bare/worktrees/one/commondir", "../..\n")
    bench.work.write("becomes/HEAD", "ref: refs/heads/main\n")
    bench.work.makeDirectory("becomes/objects")
    bench.work.write("becomes/config", "[core]\nfsmonitor = x\n")
    bench.answer(["decision": "decline"])
    try await bench.turn()
    #expect(bench.requests.count == 1 && !bench.work.exists(path))
  }

  @Test("S6: a patch can't make a git directory with settings unasked; a plain config is written")
  func s6_gitDirectoryByPatch() async throws {
    func add(_ names: String...) -> FakeModel.Step {
      .call(
        "apply_patch",
        [
          "input": .string(
            "*** Begin Patch\n" + names.map { "*** Add File: \($0)\n+x\n" }.joined() + "*** End Patch")
        ])
    }
    let bench = try await Workbench(
      [add("a/config", "a/hooks/x"), add("b/HEAD", "b/objects/x", "b/refs/x", "b/config"), .text("done")],
      model: "gpt-4.1")
    bench.answer(["decision": "decline"])
    try await bench.turn()
    #expect(bench.work.exists("a/config") && bench.work.exists("a/hooks/x"))
    #expect(bench.requests.count == 1 && !bench.work.exists("b"))
  }

  @Test("a read-only sandbox asks for every edit; under never it is refused without an item")
  func readOnly() async throws {
    let bench = try await Workbench(
      [.call("edit", Self.edit), .text("done")], files: Self.files, sandbox: .readOnly)
    bench.answer(["decision": "accept"])
    try await bench.turn()
    #expect(bench.work.text("a.txt") == "one\nTWO\nthree\n")
    let never = try await Workbench(
      [.call("edit", Self.edit), .text("done")], files: Self.files, sandbox: .readOnly, approval: .never)
    try await never.turn()
    #expect(
      never.work.text("a.txt") == "one\ntwo\nthree\n" && never.changes.isEmpty && never.requests.isEmpty)
    #expect(never.output().hasPrefix("The edit was not made: the sandbox is read-only"))
  }

  @Test("decline: nothing is written, the model hears what is on disk, the turn goes on; cancel ends it")
  func declineAndCancel() async throws {
    for decision in ["decline", "cancel"] {
      let bench = try await Workbench(
        [.call("edit", Self.edit), .text("done")], files: Self.files, approval: .untrusted)
      bench.answer(["decision": .string(decision)])
      let turn = try await bench.turn()
      #expect(bench.work.text("a.txt") == "one\ntwo\nthree\n")
      #expect(bench.changes.map(\.status) == [.declined])
      #expect(turn.status == (decision == "cancel" ? .interrupted : .completed))
      if decision == "decline" {
        #expect(
          bench.flow == Self.asked + ["completed fileChange", "status idle", "turn/completed completed"])
        #expect(
          bench.output().contains("a.txt: NOT changed (rejected). Do not propose it again unless asked."))
      }
    }
  }

  @Test("an interrupt while an edit waits for its answer: nothing is written, the item is closed")
  func interruptWhileAsked() async throws {
    let bench = try await Workbench([.call("edit", Self.edit)], files: Self.files, review: .ask)
    let turn = try await bench.harness.begin(bench.thread, "go")
    await bench.untilRequest()
    try await bench.harness.interrupt(bench.thread)
    #expect(await bench.harness.ended(turn.id).status == .interrupted)
    #expect(bench.changes.map(\.status) == [.declined])
    #expect(bench.work.text("a.txt") == "one\ntwo\nthree\n")
    bench.harness.checkInvariants()
  }
}
