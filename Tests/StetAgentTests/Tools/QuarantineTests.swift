import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// What commands leave at protected places: moved away, told, and asked about.
@Suite(.timeLimit(.minutes(10))) struct QuarantineTests {
  private static let make: JSONValue = ["cmd": "mkdir -p sub/.vscode && echo x > sub/.vscode/tasks.json"]

  private func bench(_ answer: String?) async throws -> Workbench {
    let bench = try await Workbench([.call("exec_command", Self.make), .text("done")])
    bench.sink.takeHunkReviews()
    let answers: JSONValue = answer.map { ["quarantine_1": ["answers": [.string($0)]]] } ?? [:]
    bench.answer(["answers": answers])
    try await bench.turn()
    return bench
  }

  @Test("S6: the user is asked what becomes of it, and put back it stays protected")
  func s6_restore() async throws {
    let bench = try await bench("Put it back")
    let question = try #require(bench.requests.first?["questions"]?[0]?["question"]?.stringValue)
    #expect(question.contains("sub/.vscode") && question.contains("/quarantine/"))
    #expect(bench.work.text("sub/.vscode/tasks.json") == "x\n")
    #expect(bench.output().contains("the user looked at it and put it back"))
    #expect(bench.harness.warnings.contains { $0.contains("It was moved to") })
  }

  @Test(
    "S6: deleted it is gone; left, skipped or answered with nonsense it stays in quarantine",
    arguments: ["Delete it", "Leave it in quarantine", nil, "whatever"])
  func s6_others(_ answer: String?) async throws {
    let bench = try await bench(answer)
    #expect(!bench.work.exists("sub/.vscode"))
    let folder = "quarantine/" + bench.thread
    let kept = bench.harness.home.names(folder).flatMap { bench.harness.home.names("\(folder)/\($0)") }
    #expect(kept == (answer == "Delete it" ? [] : [".vscode"]))
    #expect(bench.output().contains("sub/.vscode is a protected path"))
  }

  @Test("S6: a client that can't be asked gets the warning with the path, and under never nobody is asked")
  func s6_plainClient() async throws {
    let plain = try await Workbench([.call("exec_command", Self.make), .text("done")])
    try await plain.turn()
    #expect(plain.requests.isEmpty && plain.harness.warnings.contains { $0.contains("sub/.vscode") })
    let never = try await Workbench([.call("exec_command", Self.make), .text("done")], approval: .never)
    never.sink.takeHunkReviews()
    try await never.turn()
    #expect(never.requests.isEmpty && !never.work.exists("sub/.vscode"))
  }
}
