import StetProtocol
import Testing

@testable import StetUI

/// Sessions of other agents in the picker.
@Suite struct ForeignSessionTests {
  private static let claude = ForeignSession(
    path: "/h/.claude/projects/-w/a.jsonl", threadId: "C1", program: "Claude Code",
    title: "mend the\u{1B}[2J parser",
    changedAt: 0)

  private func list(_ s: Session) -> ListDialog? {
    if case .list(let list)? = s.state.dialogs.last { list } else { nil }
  }

  private func effects(_ s: inout Session) -> [ForeignSession] {
    s.taken().compactMap { if case .importForeign(let session) = $0 { session } else { nil } }
  }

  @Test(
    "issue 9: the picker marks what other agents left here; enter brings it over and opens it, nothing else is done to it"
  )
  func picker() {
    var s = Samples.picking()
    #expect(s.taken().contains { if case .findForeign = $0 { true } else { false } })
    let before = list(s)?.rows.count ?? 0
    s.send(.foreign([Self.claude]))
    s.send(.foreign([Self.claude]))
    #expect(list(s)?.rows.count == before + 1)
    #expect(s.shows("from Claude Code") && s.shows("mend the^[[2J parser"))
    s.type("mend")
    for key in ["f", "r", "a", "d"] as [Character] { s.press(.alt(key)) }
    #expect(s.requests().isEmpty, "it is no thread yet")
    s.press(Key(.enter))
    #expect(effects(&s) == [Self.claude] && s.state.dialogs.isEmpty)
    s.send(.imported(threadId: "C1"))
    guard case .threadResume(let params)? = s.requests().first else {
      Issue.record("not opened")
      return
    }
    #expect(params.threadId == "C1")
  }

  @Test("issue 9: who has begun something else meanwhile keeps it; what is a thread already is no offer")
  func meanwhile() {
    var s = Samples.picking()
    s.send(
      .foreign([
        Self.claude, ForeignSession(path: "/x", threadId: "T5", program: "Codex", title: "t", changedAt: 1),
      ]))
    #expect(list(s)?.rows.count { $0.foreign != nil } == 1)
    s.type("mend")
    s.press(Key(.enter))
    s.type("hello")
    s.press(Key(.enter))
    _ = s.taken()
    s.send(.imported(threadId: "C1"))
    #expect(s.requests().isEmpty && s.shows("/resume lists it"))
  }

  @Test("issue 9: a server elsewhere has no files of this machine") func elsewhere() {
    var s = Samples.picking()
    s.state.environment.place = "unix:///x"
    _ = s.taken()
    s.send(.foreign([Self.claude]))
    #expect(list(s)?.rows.contains { $0.foreign != nil } == false)
  }
}
