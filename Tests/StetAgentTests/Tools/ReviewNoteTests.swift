import StetProtocol
import StetTestSupport
import Synchronization
import Testing

@testable import StetAgent

/// Why an edit is made, as the reviewer sees it, and which hunks need which (review.md A5).
@Suite("review.md A5: notes of the agent", .timeLimit(.minutes(10)))
struct ReviewNoteTests {
  private static let new = ReviewTests.old.replacing("line 2\n", with: "LINE 2\n")
    .replacing("line 18\n", with: "LINE 18\n")

  private func file(_ script: FakeModel.Step) async throws -> JSONValue {
    let bench = try await Workbench(
      [script, .text("done")], files: ["a.txt": ReviewTests.old], review: .ask)
    let seen = Mutex<[JSONValue]>([])
    bench.answer { request in
      seen.withLock { $0.append(request["stet"]?["files"]?[0] ?? .null) }
      return [["decision": "accept"]]
    }
    try await bench.turn()
    return try #require(seen.withLock { $0.first })
  }

  private static func call(_ why: String?) -> FakeModel.Piece {
    var arguments: JSONObject = ["path": "a.txt", "content": .string(new)]
    if let why { arguments["why"] = .string(why) }
    return .call("write", .object(arguments))
  }

  @Test("what the call says is the note; hunks that need others name them")
  func given() async throws {
    let file = try await file(
      .respond([.text("I'll change it."), Self.call("capitals; hunk 2 needs hunk 1")]))
    #expect(file["note"] == "capitals; hunk 2 needs hunk 1")
    let hunks = file["hunks"]?.arrayValue ?? []
    #expect(hunks.map { $0["requires"]?.arrayValue ?? [] } == [[], [hunks[0]["hunkId"] ?? .null]])
  }

  @Test("without it the agent's last paragraph before the call is")
  func words() async throws {
    let file = try await file(
      .respond([.text("I looked around.\n\nNow I'll write\nthem in capitals."), Self.call(nil)]))
    #expect(file["note"] == "Now I'll write them in capitals.")
  }

  @Test("words before a command are about the command, not about the edit after it")
  func notOfACommand() async throws {
    let items: [ThreadItem] = [
      .agentMessage(.init(id: "m", text: "Let me look.")),
      .fileChange(.init(id: "one", changes: [], status: .completed)),
      .fileChange(.init(id: "two", changes: [], status: .inProgress)),
      .reasoning(.init(id: "r")), .fileChange(.init(id: "three", changes: [], status: .inProgress)),
    ]
    #expect(ChangeReason.words(before: "two", in: items) == "Let me look.")
    #expect(ChangeReason.words(before: "three", in: items) == nil)
  }

  @Test("a number that is no hunk, and a hunk that needs itself, mean nothing")
  func links() {
    #expect(HunkLinks.needed(by: "needs hunk 2", count: 3) == [0: [1], 2: [1]])
    #expect(HunkLinks.needed(by: "Hunk 3 needs hunk 1, and hunk 2 needs hunk 9", count: 3) == [2: [0]])
    #expect(HunkLinks.needed(by: "hunk 1 needs hunk 1; needs care", count: 2).isEmpty)
    #expect(HunkLinks.needed(by: "needs hunk", count: 2).isEmpty)
    #expect(HunkLinks.needed(by: nil, count: 2).isEmpty)
  }
}
