import Logging
import StetClient
import StetProtocol
import StetTestSupport
import StetUI
import Testing

@testable import stet

/// A thread of some hundred turns: it opens at its end, and all of it can be reached.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct LongThreadJourneys {
  private static let turns = 150

  /// Leaves a thread of many turns behind, made by another client.
  private func grow(_ house: House) async throws {
    let backend = Backend(
      house.surroundings, log: LogFile.logger(home: house.surroundings.home, label: "growing"))
    let ended = Watched(0)
    let client = AppClient(
      backend.connect(),
      events: AppClient.Events(onNotification: { note in
        if case .turnCompleted = note { ended.change { $0 += 1 } }
      }))
    _ = try await client.initialize(
      clientInfo: ClientInfo(name: "grower", version: "1", title: nil), capabilities: nil)
    let thread = try await client.call(ThreadStartParams(cwd: house.work.path)).thread.id
    for number in 1...Self.turns {
      _ = try await client.call(
        TurnStartParams(threadId: thread, input: [.text("question \(number).")]))
      #expect(await ended.until { $0 == number })
    }
    client.close()
    await backend.shutdown()
  }

  @Test("U15: a long thread opens at its end, is read upwards page by page, and g reaches its beginning")
  func u15_longThread() async throws {
    let house = House((1...Self.turns).map { .text("answer \($0).") } + [.text("one more.")])
    try await grow(house)
    let app = house.open(.resumeLast)
    try await app.expect("answer \(Self.turns).").expect(.ready)
    // Upwards through the first pages: nothing is skipped where they meet.
    var seen: Set<Int> = []
    while !seen.contains(Self.turns - 70) {
      for number in 1...Self.turns where app.text.contains("answer \(number).") { seen.insert(number) }
      try await app.press(.pageUp).idle()
    }
    #expect(Set((Self.turns - 70)...Self.turns).subtracting(seen).isEmpty)
    try await app.press(.escape).press("g").expect("question 1.").expect("answer 1.")
    try await app.press("G").expect("answer \(Self.turns).")
    try await app.press("i").say("and now?").expect("one more.").quit()
  }

  @Test("U27: /export writes the whole thread into a new file, and leaves one alone that is there")
  func u27_export() async throws {
    let house = House([.text("An *answer*.")])
    let app = house.open()
    try await app.expect(.ready).say("a question").expect("An answer.").expect(.ready)
    try await app.say("/export thread.md").expect("written to")
    let text = try #require(house.work.text("thread.md"))
    #expect(text.contains("## User\n\na question") && text.contains("## Agent\n\nAn *answer*."))
    house.work.write("mine.md", "mine")
    try await app.say("/export mine.md").expect("not exported")
    #expect(house.work.text("mine.md") == "mine")
    try await app.quit()
  }
}
