import StetProtocol
import Testing

@testable import StetUI

/// A connection that is lost in the middle of a turn and comes back; a server that never says a word.
@Suite("protocol.md §7.3: coming back") struct ComingBackTests {
  private func facts(isReturn: Bool = false, seen: Int? = nil) -> ServerFacts {
    var facts = ServerFacts(serverVersion: "1.0", hunkReview: true, snapshots: true)
    facts.place = "unix:///run/stet.sock"
    facts.isStet = true
    facts.isReturn = isReturn
    if let seen { facts.seen = [Session.threadId: seen] }
    return facts
  }

  private func begin() -> Session {
    var s = Session()
    s.send(.connected(facts()))
    s.send(.setup(.ready))
    s.reply(.threadStart, Session.startResponse())
    s.startTurn()
    s.user("do it")
    s.start(Session.command("make", process: "1"))
    s.output("step 1\n")
    s.start(.agentMessage(.init(id: "m1", text: "")))
    s.stream("half a ")
    return s
  }

  private func lose(_ s: inout Session) {
    s.send(.clientClosed("the connection was cut", .trying))
    _ = s.taken()
  }

  private func resumed(_ s: Session) -> ThreadResumeParams? {
    s.requests().compactMap { if case .threadResume(let params) = $0 { params } else { nil } }.last
  }

  private func reply(_ s: inout Session, complete: Bool, turns: [Turn] = []) {
    var response = Session.resumeResponse(Session.thread())
    response.initialTurnsPage = TurnsPage(data: turns)
    response.stet = StetResumeState(lastSeq: 40, replayed: complete ? 3 : 0, complete: complete)
    s.reply(.threadResume, response)
  }

  @Test("what was seen of another life of the server is not asked for by number")
  func anotherLife() {
    var same = facts(isReturn: true)
    same.epoch = "a"
    same.recall([Session.threadId: 17], ofEpoch: "a")
    #expect(same.seen == [Session.threadId: 17])
    var another = facts(isReturn: true)
    another.epoch = "b"
    another.recall([Session.threadId: 17], ofEpoch: "a")
    var s = begin()
    lose(&s)
    s.send(.connected(another))
    let params = resumed(s)
    #expect(params != nil && params?.stet?.afterSeq == nil)
  }

  @Test("what is said while the thread is being joined again is sent when it is open, not before")
  func saidEarly() {
    func started(_ requests: [ClientRequest]) -> Int {
      requests.count { if case .turnStart = $0 { true } else { false } }
    }
    var s = begin()
    lose(&s)
    s.send(.connected(facts(isReturn: true)))
    s.type("and then?")
    s.press(Key(.enter))
    #expect(started(s.requests()) == 0 && s.shows("and then?"))
    reply(&s, complete: false)
    #expect(started(s.requests()) == 1)
  }

  @Test("what was missed is asked for by number, and what was open goes on where it stopped")
  func replay() {
    var s = begin()
    lose(&s)
    #expect(s.shows("Trying to come back"))
    #expect(s.shows("stopped"))
    s.send(.connected(facts(isReturn: true, seen: 17)))
    let params = resumed(s)
    #expect(params?.stet?.afterSeq == 17)
    #expect(params?.excludeTurns == true && params?.initialTurnsPage != nil)
    reply(&s, complete: true)
    #expect(s.state.turn?.id == "U1")
    #expect(s.shows("Nothing is missing."))
    #expect(!s.shows("Disconnected"))
    s.stream("sentence.")
    s.output("step 2\n")
    #expect(s.shows("half a sentence."))
    #expect(s.shows("step 1"))
    #expect(s.shows("step 2"))
    s.complete(Session.command("make", status: .completed, output: "step 1\nstep 2\n", exit: 0, ms: 9))
    s.complete(.agentMessage(.init(id: "m1", text: "half a sentence.")))
    s.endTurn()
    #expect(s.state.transcript.items.allSatisfy { $0.isFinal })
    #expect(s.state.turn == nil)
  }

  @Test("what can't be told again is loaded anew") func anew() {
    var s = begin()
    lose(&s)
    s.send(.connected(facts(isReturn: true, seen: 17)))
    let turn = Session.turn("U1", .completed, [.agentMessage(.init(id: "m1", text: "The whole answer."))])
    reply(&s, complete: false, turns: [turn])
    #expect(s.shows("The whole answer."))
    #expect(!s.shows("half a"))
    #expect(s.state.turn == nil)
  }

  @Test("a server that counts anew is not asked by number") func counted() {
    var s = begin()
    lose(&s)
    s.send(.connected(facts(isReturn: true)))
    #expect(resumed(s)?.stet?.afterSeq == nil)
  }

  @Test(
    "a message that had arrived before the connection was lost is not given back as well",
    arguments: [true, false])
  func arrived(_ complete: Bool) {
    var s = Session()
    s.send(.connected(facts()))
    s.send(.setup(.ready))
    s.reply(.threadStart, Session.startResponse())
    s.type("build it")
    s.press(Key(.enter))
    lose(&s)
    #expect(s.state.composer.text == "build it")
    s.send(.connected(facts(isReturn: true, seen: 3)))
    let item = ThreadItem.userMessage(.init(id: "u1", clientId: "ui-1", content: [.text("build it")]))
    reply(&s, complete: complete, turns: complete ? [] : [Session.turn("U1", .inProgress, [item])])
    if complete { s.start(item) }
    #expect(s.state.composer.isEmpty)
    #expect(s.state.outbox.queue.isEmpty)
    // One that did not arrive stays.
    s.type("more")
    lose(&s)
    #expect(s.state.composer.text == "more")
  }

  @Test("a server that never answers the greeting is told of once, with what can be done")
  func silence() {
    var s = Session()
    s.state.environment.place = "ssh build stet app-server"
    s.send(.history([]))
    #expect(s.shows("connecting to ssh build"))
    let wake = s.state.nextWake(now: s.now)
    #expect(wake == s.now.advanced(by: 10_000))
    s.wait(9_999)
    #expect(!s.shows("No answer yet"))
    s.wait(1)
    #expect(s.shows("No answer yet: ssh build stet app-server"))
    #expect(s.shows("/reconnect starts anew"))
    #expect(s.state.nextWake(now: s.now) == nil, "nothing wakes while it is waited for")
    s.wait(100_000)
    #expect(s.screen().components(of: "No answer yet") == 1)
    _ = s.taken()
    s.type("/reconnect")
    s.press(Key(.enter))
    #expect(s.taken().contains { if case .reconnect = $0 { true } else { false } })
    s.wait(10_000)
    #expect(s.screen().components(of: "No answer yet") == 2)
    // What it says in the end still counts.
    s.send(.connected(facts()))
    s.send(.setup(.ready))
    #expect(s.requests().contains { if case .threadStart = $0 { true } else { false } })
    #expect(s.state.nextWake(now: s.now) == nil)
    #expect(!s.shows("No answer yet"), "what it said takes the words back")
  }

  @Test("a server that takes the connection back and then is silent is told of too") func silentReturn() {
    var s = begin()
    lose(&s)
    s.wait(59_000)
    #expect(!s.shows("No answer yet"))
    s.wait(1_000)
    #expect(s.shows("No answer yet: unix:///run/stet.sock"))
    s.type("/reconnect")
    s.press(Key(.enter))
    #expect(s.taken().contains { if case .reconnect = $0 { true } else { false } })
  }
}
