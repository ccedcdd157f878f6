import StetTestSupport
import StetUI
import Testing

@testable import stet

/// Issue 8: leaving decides nothing, also across a restart.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct WaitingReviewJourneys {
  private static let before = (0..<30).map { "line \($0)\n" }.joined()
  private static let proposed = before.replacing("line 2\n", with: "LINE 2\n")
    .replacing("line 15\n", with: "LINE 15\n").replacing("line 27\n", with: "LINE 27\n")
  private static let kept = before.replacing("line 2\n", with: "LINE 2\n")
    .replacing("line 27\n", with: "LINE 27\n")
  private static let write = FakeModel.Step.call(
    "write", ["path": "a.txt", "content": .string(proposed), "why": "capitals read better"])

  @Test(
    "issue 8: left in the middle of a review, resumed over a restart: decisions are back and take effect",
    arguments: [(80, 24), (40, 20)])
  func restart(_ columns: Int, _ rows: Int) async throws {
    let house = House([Self.write])
    house.work.write("a.txt", Self.before)
    let app = house.open(columns: columns, rows: rows)
    try await app.expect("? help").say("capitals")
    try await app.expect("enter review").press(.enter)
    try await app.expect("capitals read better")
    app.press("y").press("n")
    try await app.expect("2 of 3 decided").press("q")
    try await app.expect("review stays open")
    // The pane is closed.
    app.terminal.send(.hangup)
    _ = try await app.exit()
    #expect(house.work.text("a.txt") == Self.before)

    house.model.extend(.text("Thanks for the review."))
    let again = house.open(.resumeLast, columns: columns, rows: rows)
    try await again.expect("a review waits").press("x", .ctrl)
    try await again.expect("2 of 3 decided").expect(.openReview).press("y")
    try await again.expect("3 of 3 decided").press(.enter)
    try await again.expect("written in 1 file").expectNo("a review waits")
    #expect(house.work.text("a.txt") == Self.kept)
    // The model learns what became of it.
    try await again.say("go on").expect("Thanks for the review.").expect("? help")
    let told = try #require(house.model.requests.last).text
    #expect(told.contains("2 accepted, 0 edited, 1 rejected"))
    try await again.quit()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }
}
