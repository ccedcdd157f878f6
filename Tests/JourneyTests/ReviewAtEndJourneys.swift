import StetJSON
import StetTestSupport
import StetUI
import Testing

@testable import stet

/// Issue 8: review at the end of the turn: edits land, the turn finishes, then all of it is reviewed.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct ReviewAtEndJourneys {
  private static let before = (0..<30).map { "line \($0)\n" }.joined()
  private static let once = before.replacing("line 2\n", with: "LINE 2\n")
  private static let twice = once.replacing("line 27\n", with: "LINE 27\n")

  private static func write(_ text: String, _ why: String) -> FakeModel.Step {
    .call("write", ["path": "a.txt", "content": .string(text), "why": .string(why)])
  }

  @Test(
    "issue 8: a mode given as the first thing holds: edits land, then the turn is reviewed, and a refusal is rolled back",
    arguments: [(80, 24), (40, 20)])
  func fromTheStart(_ columns: Int, _ rows: Int) async throws {
    let house = House([
      Self.write(Self.once, "the **first** capital"), Self.write(Self.twice, "the second capital"),
      .text("Both are capitals."), .text("I see."),
    ])
    house.work.write("a.txt", Self.before)
    let app = house.open(columns: columns, rows: rows)
    // Typed before there is a thread, as fast as a user can.
    app.say("/mode review-at-end").say("capitals")
    try await app.expect("Both are capitals.").expect("a review waits: 2 hunks")
    #expect(house.work.text("a.txt") == Self.twice, "edits land without a question")
    app.press("x", .ctrl)
    try await app.expect("ON DISK").expect("why: the first capital").expect(.openReview)
    app.press("y").press("n")
    try await app.expect("2 of 2 decided").press(.enter)
    try await app.expect("rolled back in 1 file").expectNo("a review waits")
    #expect(house.work.text("a.txt") == Self.once)
    try await app.say("go on").expect("I see.").expect("? help")
    let told = try #require(house.model.requests.last).text
    #expect(told.contains("1 accepted, 0 edited, 1 rejected") && told.contains("LINE 27"))
    try await app.quit()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }
}
