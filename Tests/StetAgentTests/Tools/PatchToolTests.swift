import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// `apply_patch` as the freeform tool of models that have it, as a function, and in disguise.
@Suite(.timeLimit(.minutes(10)))
struct PatchToolTests {
  private static let files = ["a.txt": "one\ntwo\n", "sub/a.txt": "one\ntwo\n", "old.txt": "x\ny\n"]
  private static func patch(_ body: String) -> String { "*** Begin Patch\n\(body)\n*** End Patch" }
  private static let update = patch("*** Update File: a.txt\n@@\n-two\n+TWO")

  private func bench(
    _ steps: FakeModel.Step..., review: EditReviewMode = .off, approval: AskForApproval = .onRequest
  )
    async throws -> Workbench
  {
    try await Workbench(
      steps + [.text("done")], model: "gpt-5", files: Self.files, approval: approval, review: review)
  }

  @Test("add, update, move and delete in one patch; the answer lists them")
  func applies() async throws {
    let bench = try await bench(
      .custom(
        "apply_patch",
        Self.patch(
          "*** Add File: new/n.txt\n+n\n*** Update File: old.txt\n*** Move to: moved.txt\n@@\n x\n-y\n+z\n"
            + "*** Delete File: sub/a.txt\n*** Update File: a.txt\n@@\n-two\n+TWO")))
    try await bench.turn()
    #expect(bench.work.text("new/n.txt") == "n\n" && bench.work.text("moved.txt") == "x\nz\n")
    #expect(bench.work.text("a.txt") == "one\nTWO\n")
    #expect(!bench.work.exists("old.txt") && !bench.work.exists("sub/a.txt"))
    #expect(
      bench.output()
        == "Success. Updated the following files:\nA new/n.txt\nM moved.txt\nM a.txt\nD sub/a.txt")
    #expect(bench.changes.first?.changes.count == 4)
  }

  @Test("T4: a patch that fails in its second file writes nothing and makes no item")
  func t4_allOrNothing() async throws {
    let bench = try await bench(
      .custom(
        "apply_patch",
        Self.patch("*** Update File: a.txt\n@@\n-two\n+TWO\n*** Update File: old.txt\n@@\n-nope\n+z")))
    try await bench.turn()
    #expect(bench.work.text("a.txt") == "one\ntwo\n" && bench.changes.isEmpty)
    #expect(bench.output().contains("Failed to find expected lines in old.txt"))
  }

  @Test("T5: Add File over another file is refused, with the way to do it")
  func t5_addOverFile() async throws {
    let bench = try await bench(.custom("apply_patch", Self.patch("*** Add File: a.txt\n+new")))
    try await bench.turn()
    #expect(bench.work.text("a.txt") == "one\ntwo\n")
    #expect(bench.output().contains("Use '*** Update File: a.txt'"))
  }

  @Test("T6: fences and heredocs around a patch are taken off; one without its end is refused")
  func t6_envelope() async throws {
    let bench = try await bench(
      .custom("apply_patch", "```\n" + Self.update + "\n```"),
      .custom("apply_patch", "*** Begin Patch\n*** Update File: old.txt\n@@\n-y\n+cut o"))
    try await bench.turn()
    #expect(bench.work.text("a.txt") == "one\nTWO\n" && bench.work.text("old.txt") == "x\ny\n")
    #expect(bench.output(1, request: 2).contains("must be '*** End Patch', got: '+cut o'"))
  }

  @Test("T7: the third failed patch of a file shows it and advises to replace it with a patch")
  func t7_thirdFailure() async throws {
    let miss = FakeModel.Step.custom("apply_patch", Self.patch("*** Update File: a.txt\n@@\n-nope\n+z"))
    let bench = try await bench(miss, miss, miss)
    try await bench.turn()
    #expect(!bench.output(1, request: 3).contains("Replace the whole file"))
    #expect(
      bench.output(2, request: 3).contains(
        "with a patch that deletes it and adds it again. It reads now:\n1\tone\n2\ttwo"))
  }

  @Test("as a function {input} for models without custom tools")
  func function() async throws {
    let bench = try await Workbench(
      [.call("apply_patch", ["input": .string(Self.update)]), .text("done")], model: "gpt-4.1",
      files: Self.files)
    try await bench.turn()
    #expect(bench.work.text("a.txt") == "one\nTWO\n")
  }

  @Test("a command that is only a patch is a patch: a file change with its review, never a command")
  func heredoc() async throws {
    let script = "apply_patch <<'EOF'\n\(Self.update)\nEOF\n"
    let bench = try await bench(
      .call("exec_command", ["cmd": .string(script)]),
      .call("exec_command", ["cmd": .string(script), "workdir": "sub"]), review: .ask)
    bench.answer(["decision": "accept"], ["decision": "accept"])
    try await bench.turn()
    #expect(bench.work.text("a.txt") == "one\nTWO\n")
    #expect(bench.work.text("sub/a.txt") == "one\nTWO\n", "its paths begin in the command's directory")
    #expect(bench.commands.isEmpty && bench.changes.count == 2)
    #expect(bench.requests.allSatisfy { $0["stet"]?["files"]?.arrayValue?.count == 1 })
  }

  @Test("a patch behind cd, with a directory of its own")
  func heredocInDirectory() async throws {
    let bench = try await bench(
      .call("exec_command", ["cmd": .string("cd sub && apply_patch <<'EOF'\n\(Self.update)\nEOF")]))
    try await bench.turn()
    #expect(bench.work.text("sub/a.txt") == "one\nTWO\n" && bench.work.text("a.txt") == "one\ntwo\n")
  }

  @Test("a rename can be refused and its content accepted: it lands under the old name")
  func refusedRename() async throws {
    let bench = try await bench(
      .custom("apply_patch", Self.patch("*** Update File: old.txt\n*** Move to: moved.txt\n@@\n x\n-y\n+z")),
      review: .ask)
    bench.answer { [work = bench.work] request in
      let file = request["stet"]?["files"]?[0] ?? .null
      #expect(file["kind"] == "move" && file["movePath"]?.stringValue == work.path("moved.txt"))
      return [
        [
          "decision": [
            "stetReview": [
              "files": [["path": file["path"] ?? .null, "decision": "accept", "rename": "reject"]]
            ]
          ]
        ]
      ]
    }
    try await bench.turn()
    #expect(bench.work.text("old.txt") == "x\nz\n" && !bench.work.exists("moved.txt"))
    #expect(bench.output().contains("hunk 1 REJECTED, not on disk. (the move to moved.txt)"))
  }
}
