import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// "Accept for the session": for the files that were accepted, under no more than was against them then (S4).
@Suite(.timeLimit(.minutes(10)))
struct SessionEditTests {
  private static func patch(_ a: String, _ b: String) -> FakeModel.Step {
    .custom(
      "apply_patch",
      "*** Begin Patch\n*** Add File: \(a)\n+\(a)\n*** Add File: \(b)\n+\(b)\n*** End Patch")
  }
  private static func write(_ path: String, _ text: String) -> FakeModel.Step {
    .call("write", ["path": .string(path), "content": .string(text)])
  }

  private func turn(_ bench: Workbench, _ sandbox: SandboxPolicy) async throws {
    let params = TurnStartParams(threadId: bench.thread, input: [.text("more")], sandboxPolicy: sandbox)
    let turn: TurnStartResponse = try await bench.harness.call {
      bench.harness.agent.turnStart(params, reply: $0)
    }
    _ = await bench.harness.ended(turn.turn.id)
    bench.harness.checkInvariants()
  }

  @Test("S6: an edit of the hooks that a repository's configuration names is asked about")
  func s6_redirectedHooks() async throws {
    let bench = try await Workbench(
      [Self.write(".husky/pre-commit", "evil"), Self.write("plain", "text"), .text("done")])
    bench.work.write(".git/HEAD", "ref: refs/heads/main\n")
    bench.work.write(".git/config", "[core]\n\thooksPath = .husky\n")
    bench.work.write(".husky/pre-commit", "old")
    bench.answer(["decision": "decline"])
    try await bench.turn()
    #expect(bench.requests.count == 1, "\(bench.requests)")
    #expect(bench.requests.first?["reason"]?.stringValue?.contains("holds hooks") == true)
    #expect(bench.work.text(".husky/pre-commit") == "old" && bench.work.text("plain") == "text")
  }

  @Test("S4: of a review that accepts one file and rejects another, only the accepted one is remembered")
  func s4_rejectedFile() async throws {
    let bench = try await Workbench(
      [
        Self.patch("a.txt", "b.txt"),
        .custom("apply_patch", "*** Begin Patch\n*** Delete File: a.txt\n*** End Patch"),
        .custom("apply_patch", "*** Begin Patch\n*** Add File: b.txt\n+b\n*** End Patch"), .text("done"),
      ], model: "gpt-5", review: .ask)
    bench.answer { request in
      let files = request["stet"]?["files"]?.arrayValue ?? []
      let decided = files.map { file -> JSONValue in
        let isFirst = file["path"]?.stringValue?.hasSuffix("a.txt") == true
        return [
          "path": file["path"] ?? .null, "baseHash": file["baseHash"] ?? .null,
          "decision": isFirst ? "accept" : "reject",
        ]
      }
      let review: JSONValue = ["files": .array(decided), "remember": "session"]
      return [["decision": ["stetReview": review]], ["decision": "decline"]]
    }
    try await bench.turn()
    // a.txt was written and deleted without another question, b.txt was asked about twice.
    #expect(bench.requests.count == 2)
    #expect(!bench.work.exists("a.txt") && !bench.work.exists("b.txt"))
    #expect(bench.changes.map(\.status) == [.completed, .completed, .declined])
  }

  @Test(
    "S4: what was accepted while the workspace could be written is asked about when the sandbox is read-only")
  func s4_laterReadOnly() async throws {
    let bench = try await Workbench(
      [
        Self.write("a.txt", "1"), Self.write("a.txt", "2"), .text("one"), Self.write("a.txt", "3"),
        .text("two"), Self.write("a.txt", "4"), .text("three"),
      ], review: .ask)
    bench.answer(["decision": "acceptForSession"], ["decision": "decline"])
    try await bench.turn()
    #expect(bench.work.text("a.txt") == "2" && bench.requests.count == 1)
    try await turn(bench, .readOnly(networkAccess: false))
    #expect(bench.work.text("a.txt") == "2" && bench.requests.count == 2)
    #expect(bench.requests.last?["reason"]?.stringValue == "the sandbox is read-only")
    // What was accepted still is.
    try await turn(bench, .workspaceWrite(.init()))
    #expect(bench.work.text("a.txt") == "4" && bench.requests.count == 2)
  }

  @Test("S4: what was accepted although the sandbox is read-only holds there")
  func s4_readOnly() async throws {
    let bench = try await Workbench(
      [Self.write("a.txt", "1"), Self.write("a.txt", "2"), .text("one")], sandbox: .readOnly)
    bench.answer(["decision": "acceptForSession"])
    try await bench.turn()
    #expect(bench.work.text("a.txt") == "2")
  }

  @Test("S4: in a read-only sandbox the question says what else is against a place; less was not accepted")
  func s4_readOnlyAndProtected() async throws {
    let bench = try await Workbench(
      [
        Self.write(".vscode/tasks.json", "1"), .text("one"), Self.write(".vscode/tasks.json", "2"),
        .text("two"),
      ],
      sandbox: .readOnly)
    bench.answer(["decision": "acceptForSession"])
    try await bench.turn()
    #expect(
      bench.requests.last?["reason"]?.stringValue == "the sandbox is read-only, and .vscode is protected")
    // All of it was told, so it holds where less is against the place.
    try await turn(bench, .workspaceWrite(.init()))
    #expect(bench.work.text(".vscode/tasks.json") == "2" && bench.requests.count == 1)
    let approvals = SessionApprovals()
    approvals.accept([SessionApprovals.Path(path: "/w/.vscode/a", concern: .readOnly)])
    #expect(!approvals.accepts([SessionApprovals.Path(path: "/w/.vscode/a", concern: .place)]))
  }

  @Test("S6: the places of a protected edit begin at the protected name")
  func s6_protectedPlaces() {
    #expect(EditApproval.protectedPlaces(["/home/u/w/AGENTS.md"]) == ["/home/u/w/AGENTS.md"])
    #expect(
      EditApproval.protectedPlaces(["/w/a.txt", "/w/.git/hooks/x"]) == [
        "/w/.git", "/w/.git/hooks", "/w/.git/hooks/x",
      ])
    // A bare repository that these edits make.
    let bare = ["HEAD", "objects/a", "refs/a", "config"].map { "/w/bare/\($0)" }
    #expect(EditApproval.protectedPlaces(bare).contains("/w/bare/config"))
    #expect(!EditApproval.protectedPlaces(bare).contains("/w"))
  }

  @Test("S4: a name that only looks the same is another file, and less was accepted than asked")
  func s4_bytes() {
    let approvals = SessionApprovals()
    func path(_ name: String, _ concern: SessionApprovals.Path.Concern = []) -> SessionApprovals.Path {
      SessionApprovals.Path(path: name, concern: concern)
    }
    approvals.accept([path("/w/caf\u{e9}.txt", .place)])
    #expect(approvals.accepts([path("/w/caf\u{e9}.txt")]))
    #expect(!approvals.accepts([path("/w/cafe\u{301}.txt")]))
    #expect(!approvals.accepts([path("/w/caf\u{e9}.txt", .readOnly)]))
    approvals.accept([path("/w/caf\u{e9}.txt", [.place, .readOnly]), path("/w/caf\u{e9}.txt")])
    #expect(approvals.all.paths.count == 1 && approvals.accepts([path("/w/caf\u{e9}.txt", .readOnly)]))
  }
}
