import StetJSON
import StetTestSupport
import Testing

/// What the user runs from the composer (U9).
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct OwnCommandJourneys {
  @Test("U9: a command behind ! runs, its output is shown, and the model sees it with the next message")
  func u9_ownCommand() async throws {
    let house = House([.text("I see forty-two.")])
    let app = house.open()
    try await app.expect(.ready).say("! echo own-$((40 + 2))")
    try await app.expect("own-42").expect(.ready)
    #expect(house.model.requests.isEmpty, "the model is not asked")
    try await app.say("what did it say?").expect("I see forty-two.").expect(.ready)
    #expect(try #require(house.model.requests.last).text.contains("own-42"))
    try await app.quit()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }
}
