import Glibc
import StetJSON
import StetTestSupport
import StetUI
import Testing

@testable import stet

/// Drafts of several runs in one directory (U6).
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct DraftJourneys {
  private func files(_ home: TempDirectory) -> DraftFiles {
    DraftFiles(stateDirectory: home.path, directory: "/work")
  }

  private func draft(_ text: String, _ queue: [String] = []) -> Draft {
    Draft(threadId: "T", text: text, queue: queue)
  }

  @Test("U6: two runs have a draft each; the next ones take over what was left, the newest first")
  func u6_twoRuns() throws {
    let home = TempDirectory("drafts")
    let (one, two) = (files(home), files(home))
    #expect(one.takeOver().draft == nil && two.takeOver().draft == nil)
    try one.save(draft("first", ["queued"]))
    try two.save(draft("second"))
    // Both live: a third has nothing to take.
    #expect(files(home).takeOver().draft == nil)
    one.end()
    let third = files(home)
    #expect(third.takeOver().draft == draft("first", ["queued"]))
    try third.save(draft("first, longer"))
    two.end()
    third.end()
    let (fourth, fifth, elsewhere) = (
      files(home), files(home), DraftFiles(stateDirectory: home.path, directory: "/else")
    )
    #expect(elsewhere.takeOver().draft == nil)
    #expect(fourth.takeOver().draft == draft("first, longer"))
    #expect(fifth.takeOver().draft == draft("second"))
    // What was sent leaves nothing.
    try fourth.save(draft(""))
    try fifth.save(draft(""))
    fourth.end()
    fifth.end()
    #expect(home.names("drafts") == [])
  }

  @Test(
    "U6: drafts of the one file that there was before are taken over; a damaged one keeps nothing else back")
  func u6_migrated() throws {
    let home = TempDirectory("drafts")
    home.write(
      "drafts.json",
      #"{"/work":{"thread":"T","text":"old","queue":["q"]},"/else":{"thread":null,"text":"other","queue":[]}}"#
    )
    home.makeDirectory("drafts")
    home.write("drafts/bad.json", "{half")
    let run = files(home)
    let (found, faults) = run.takeOver()
    #expect(found == draft("old", ["q"]))
    let elsewhere = DraftFiles(stateDirectory: home.path, directory: "/else")
    let (other, more) = elsewhere.takeOver()
    #expect(other?.text == "other")
    // It is come to by a run that finds none of its own.
    let last = DraftFiles(stateDirectory: home.path, directory: "/third").takeOver()
    #expect(last.draft == nil)
    #expect((faults + more + last.faults).count { $0.contains("is damaged") } == 1)
    #expect(home.text("drafts/bad.json.damaged") == "{half")
    #expect(home.text("drafts.json") == nil)
  }

  @Test("U6: two programs in one directory keep a draft each, and the next two have them again")
  func u6_programs() async throws {
    let house = House()
    let (one, two) = (house.open(), house.open())
    try await one.expect(.ready).type("draft of one").expect("draft of one")
    try await two.expect(.ready).type("draft of two").expect("draft of two")
    try await one.quitWithDraft()
    try await two.quitWithDraft()
    let (three, four) = (house.open(), house.open())
    try await three.expect("draft of ")
    try await four.expect("draft of ")
    let shown = [three, four].map { app in app.text.contains("draft of one") ? 1 : 2 }.sorted()
    #expect(shown == [1, 2])
    try await three.quitWithDraft()
    try await four.quitWithDraft()
  }
}

extension App {
  /// Leaves as a closed terminal does, with the draft saved.
  fileprivate func quitWithDraft() async throws {
    try await idle()
    terminal.send(.terminate(signal: SIGTERM))
    _ = try await exit()
  }
}
