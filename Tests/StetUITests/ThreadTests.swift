import StetProtocol
import StetTestSupport
import Testing

@testable import StetUI

@Suite struct ThreadTests {
  private let facts = ServerFacts(serverVersion: "1.0", hunkReview: true, snapshots: true)

  @Test func aNewThreadStartsWhenServerAndModelAreThere() {
    var s = Session()
    s.send(.connected(facts))
    #expect(s.requests().isEmpty)
    s.send(.setup(.ready))
    guard case .threadStart(let params)? = s.requests().first else {
      Issue.record("not started")
      return
    }
    #expect(params.cwd == "/home/user/project")
    #expect(params.stet?.editReview == .ask)
    #expect(params.sandbox == nil)
  }

  @Test("nothing asks when the command line says so")
  func neverAsking() {
    var s = Session(overrides: ThreadOverrides(sandbox: .dangerFullAccess, approvalPolicy: .never))
    s.send(.setup(.ready))
    s.send(.connected(facts))
    guard case .threadStart(let params)? = s.requests().first else {
      Issue.record("not started")
      return
    }
    #expect(params.stet?.editReview == .off)
    #expect(params.sandbox == .dangerFullAccess)
    #expect(params.approvalPolicy == .never)
  }

  @Test("a server without hunk review gets the read-only sandbox")
  func plainServer() {
    var s = Session()
    s.send(.setup(.ready))
    s.send(.connected(ServerFacts(hunkReview: false, snapshots: false)))
    guard case .threadStart(let params)? = s.requests().first else {
      Issue.record("not started")
      return
    }
    #expect(params.stet == nil)
    #expect(params.sandbox == .readOnly)
  }

  @Test("what is typed before the server is there is sent when it is")
  func typedEarly() {
    var s = Session()
    s.type("hello")
    s.press(Key(.enter))
    s.type("and more")
    s.press(Key(.enter))
    #expect(s.shows("will be sent"))
    s.send(.connected(facts))
    s.send(.setup(.ready))
    _ = s.taken()
    s.reply(.threadStart, Session.startResponse())
    let requests = s.requests()
    #expect(requests.count == 1)
    guard case .turnStart(let params)? = requests.first else {
      Issue.record("not sent")
      return
    }
    #expect(params.input == [.text("hello")])
    #expect(s.state.outbox.queue == ["and more"])
  }

  @Test func aFailedStartSaysWhatAndGivesTheMessageBack() {
    var s = Session()
    s.send(.connected(facts))
    s.send(.setup(.ready))
    s.type("hello")
    s.press(Key(.enter))
    s.fail(.threadStart, "config.toml:3:1: expected a value")
    #expect(s.shows("config.toml:3:1"))
    #expect(s.state.composer.text == "hello")
  }

  @Test("U24: a resumed thread shows the same items")
  func u24_sameItems() {
    var live = Session.open()
    live.type("fix it")
    live.press(Key(.enter))
    live.startTurn()
    live.user("fix it", clientId: "ui-1")
    live.start(Session.command("ls"))
    live.output("a\nb\n")
    let command = Session.command("ls", status: .completed, output: "a\nb\n", exit: 0, ms: 120)
    live.complete(command)
    live.agent("It is **done**.")
    let change = ThreadItem.fileChange(.init(id: "f1", changes: Session.singleChange, status: .completed))
    live.start(change)
    live.complete(change)
    live.endTurn()
    var resumed = Session(launch: .resume(Session.threadId))
    resumed.send(.connected(facts))
    let items: [ThreadItem] = [
      .userMessage(.init(id: "u1", content: [.text("fix it")])), command,
      .agentMessage(.init(id: "m1", text: "It is **done**.")), change,
    ]
    let thread = Session.thread(preview: "fix it", turns: [Session.turn("U1", .completed, items)])
    resumed.reply(.threadResume, Session.resumeResponse(thread))
    #expect(resumed.screen() == live.screen())
  }

  @Test func resumeLastAsksForTheNewestOfThisDirectory() {
    var s = Session(launch: .resumeLast)
    s.send(.connected(facts))
    guard case .threadList(let params)? = s.requests().first else {
      Issue.record("not asked")
      return
    }
    #expect(params.cwd?.directories == ["/home/user/project"])
    #expect(params.limit == 1)
    #expect(params.sourceKinds == [.cli, .vscode, .exec])
    s.reply(.threadList(generation: 1), ThreadListResponse(data: [Session.thread("T9")]))
    guard case .threadResume(let resume)? = s.requests().first else {
      Issue.record("not resumed")
      return
    }
    #expect(resume.threadId == "T9")
  }

  @Test func resumeLastWithoutAThreadStartsOne() {
    var s = Session(launch: .resumeLast)
    s.send(.setup(.ready))
    s.send(.connected(facts))
    _ = s.taken()
    s.reply(.threadList(generation: 1), ThreadListResponse(data: []))
    guard case .threadStart? = s.requests().first else {
      Issue.record("not started")
      return
    }
  }

  @Test func anUnknownThreadIsAnErrorAndNotASilentNewOne() {
    var s = Session(launch: .resume("nope"))
    s.send(.setup(.ready))
    s.send(.connected(facts))
    _ = s.taken()
    s.fail(.threadResume, "no rollout found for thread id nope")
    #expect(s.requests().isEmpty)
    #expect(s.shows("no rollout found for thread id nope"))
  }

  private func picker(_ columns: Int, _ rows: Int) -> Session {
    var s = Session.open(columns, rows)
    s.press(.ctrl("o"))
    var other = Session.thread("T3", preview: "somewhere else")
    other.cwd = "/home/user/other"
    other.updatedAt = 1_700_000_900
    var old = Session.thread("T4", preview: "write the parser\nwith tests")
    old.updatedAt = 1_690_000_000
    s.reply(
      .threadList(generation: 1),
      ThreadListResponse(data: [other, old, Session.thread("T5", name: "date test"), Session.thread()]))
    return s
  }

  @Test("U23: this workspace's threads first, newest first; typing filters; enter resumes")
  func u23_picker() {
    var s = picker(100, 30)
    guard case .list(let list)? = s.state.dialogs.last else {
      Issue.record("no list")
      return
    }
    #expect(list.rows.map(\.id) == ["T5", "T1", "T4", "T3"])
    _ = s.taken()
    s.type("parser")
    #expect(!s.shows("date test"))
    s.press(Key(.enter))
    guard case .threadResume(let params)? = s.requests().first else {
      Issue.record("not resumed")
      return
    }
    #expect(params.threadId == "T4")
  }

  @Test func pickerGoldens() throws {
    for (columns, rows) in [(100, 30), (40, 20)] {
      var s = picker(columns, rows)
      try Golden.check(s.frame().surface, "threads-\(columns)x\(rows)")
    }
  }

  @Test func anAnswerToAnOlderListIsDropped() {
    var s = Session.open()
    s.press(.ctrl("o"), Key(.escape), .ctrl("o"))
    s.reply(.threadList(generation: 1), ThreadListResponse(data: [Session.thread("old")]))
    guard case .list(let list)? = s.state.dialogs.last else {
      Issue.record("no list")
      return
    }
    #expect(list.rows.isEmpty)
  }

  @Test func newStartsAThreadAndForgetsTheOld() {
    var s = Samples.talked()
    _ = s.taken()
    s.type("/new")
    s.press(Key(.enter))
    guard case .threadStart? = s.requests().first else {
      Issue.record("not started")
      return
    }
    #expect(s.state.transcript.isEmpty)
  }

  @Test func messagesOfOtherThreadsAreNotShown() {
    var s = Session.open()
    let item = ThreadItem.userMessage(.init(id: "x", content: [.text("stranger")]))
    s.notify(.itemStarted(.init(item: item, threadId: "T2", turnId: "U9", startedAtMs: 0)))
    s.notify(.turnStarted(.init(threadId: "T2", turn: Session.turn("U9"))))
    #expect(!s.shows("stranger"))
    #expect(!s.shows("esc stops"))
  }

  @Test("U28: without a model the start screen says what was looked for and offers the demo")
  func u28_start() throws {
    var s = Samples.noModel()
    #expect(s.shows("OPENAI_API_KEY: not set"))
    try Golden.check(s.frame().surface, "start-100x30")
    s.size = .init(columns: 40, rows: 20)
    try Golden.check(s.frame().surface, "start-40x20")
    s.press(Key("d"))
    guard case .startDemo? = s.taken().last else {
      Issue.record("no demo")
      return
    }
    s.send(.connected(facts))
    s.send(.setup(.ready))
    #expect(s.requests().count == 1)
  }

  @Test("U28: a message without a model stays in the composer")
  func u28_noModel() {
    var s = Samples.noModel()
    s.type("hello")
    s.press(Key(.enter))
    #expect(s.state.composer.text == "hello")
    #expect(s.shows("there is no model"))
  }

  @Test func afterAFailedResumeTheNextMessageStartsANewThread() {
    var s = Session(launch: .resume("nope"))
    s.send(.setup(.ready))
    s.send(.connected(facts))
    s.fail(.threadResume, "no rollout found")
    _ = s.taken()
    s.type("hello")
    s.press(Key(.enter))
    guard case .threadStart? = s.requests().first else {
      Issue.record("not started")
      return
    }
    s.reply(.threadStart, Session.startResponse())
    #expect(s.requests().count == 1)
    #expect(s.shows("no rollout found"))
  }

  @Test func anUntrustedDirectoryIsTrustedByAKey() {
    var s = Samples.untrusted()
    #expect(s.shows("ctrl-t trusts it"))
    _ = s.taken()
    s.press(.ctrl("t"))
    guard case .threadStart(let params)? = s.requests().first else {
      Issue.record("not started")
      return
    }
    #expect(params.sandbox == .workspaceWrite)
    s.reply(.threadStart, Session.startResponse())
    #expect(!s.shows("ctrl-t"))
  }

  @Test func aLostConnectionKeepsEverything() {
    var s = Samples.working()
    s.askForCommand("ls")
    s.type("draft")
    s.send(.clientClosed("the server ended"))
    #expect(s.shows("the server ended"))
    #expect(s.shows("do it"))
    #expect(!s.shows("esc stops"))
    s.press(Key(.enter))
    #expect(s.state.composer.text == "draft")
  }
}
