import StetProtocol
import Testing

@testable import StetUI

@Suite struct QueueTests {
  @Test("U6: enter steers while a turn runs")
  func u6_steer() {
    var s = Samples.working()
    s.type("use gmt")
    _ = s.taken()
    s.press(Key(.enter))
    guard case .turnSteer(let params)? = s.requests().first else {
      Issue.record("not steered")
      return
    }
    #expect(params.expectedTurnId == "U1")
    #expect(s.shows("steering with: “use gmt”"))
    s.user("use gmt", id: "u2", clientId: params.clientUserMessageId)
    #expect(!s.shows("steering with"))
  }

  @Test("U6: tab queues, and the queue is sent when the turn is over")
  func u6_queue() {
    var s = Samples.working()
    s.type("then the changelog")
    s.press(Key(.tab))
    #expect(s.shows("1 queued: “then the changelog”"))
    _ = s.taken()
    s.endTurn()
    guard case .turnStart(let params)? = s.requests().first else {
      Issue.record("not sent")
      return
    }
    #expect(params.input == [.text("then the changelog")])
  }

  @Test("U6: after a failure the queue waits; enter in the empty composer sends it")
  func u6_afterFailure() {
    var s = Samples.working()
    s.type("later")
    s.press(Key(.tab))
    _ = s.taken()
    s.endTurn("U1", .failed, error: TurnError(message: "no credit"))
    #expect(s.requests().isEmpty)
    s.press(Key(.enter))
    #expect(s.requests().count == 1)
  }

  @Test("U6: queued messages can be edited, reordered and dropped")
  func u6_edit() {
    var s = Samples.queueOpen()
    s.press(Key("J"))
    #expect(s.state.outbox.queue == ["two", "one", "three"])
    s.press(Key("d"))
    #expect(s.state.outbox.queue == ["two", "three"])
    s.press(Key("e"))
    #expect(s.state.composer.text == "three")
    #expect(s.state.outbox.queue == ["two"])
  }

  @Test("U6: a steer that came too late starts a turn instead")
  func u6_lateSteer() {
    var s = Samples.working()
    s.type("more")
    s.press(Key(.enter))
    _ = s.taken()
    s.fail(.turnSteer(localId: 1), "expected active turn id `U1` but found `U2`")
    #expect(s.state.outbox.queue == ["more"])
    var over = Samples.working()
    over.type("more")
    over.press(Key(.enter))
    _ = over.taken()
    over.endTurn("U1", .completed)
    #expect(over.state.composer.isEmpty)
    over.fail(.turnSteer(localId: 1), "no active turn to steer")
    guard case .turnStart? = over.requests().first else {
      Issue.record("lost")
      return
    }
  }

  @Test("U6: a steer that never arrived is given back when the turn ends")
  func u6_givenBack() {
    var s = Samples.working()
    s.type("more")
    s.press(Key(.enter))
    s.endTurn("U1", .interrupted)
    #expect(s.state.composer.text == "more")
  }

  @Test("U6: a message that could not be sent is back in the composer")
  func u6_notSent() {
    var s = Session.open()
    s.type("hello")
    s.press(Key(.enter))
    s.fail(.turnStart(localId: 1), "thread not found: T1")
    #expect(s.state.composer.text == "hello")
    #expect(s.shows("thread not found: T1"))
  }

  @Test("U6: draft and queue are saved together")
  func u6_saved() {
    var s = Samples.working()
    s.type("one")
    s.press(Key(.tab))
    s.type("two")
    s.wait(1100)
    let drafts = s.taken().compactMap { effect -> Draft? in
      if case .save(.draft(let draft)) = effect { draft } else { nil }
    }
    #expect(drafts.last == Draft(threadId: Session.threadId, text: "two", queue: ["one"]))
  }

  @Test("L7: a steer that the server kept when its turn was stopped comes back once, in either order")
  func l7_keptSteer() {
    for isListedFirst in [true, false] {
      var s = Samples.working()
      s.type("use gmt")
      s.press(Key(.enter))
      let kept = ThreadQueueListResponse(data: [
        .init(id: "q1", input: [.text("use gmt")], clientUserMessageId: "ui-1"),
        .init(id: "q2", input: [.text("not ours")], clientUserMessageId: "other"),
      ])
      _ = s.taken()
      s.notify(.threadQueueChanged(.init(threadId: Session.threadId)))
      #expect(s.requests().map(\.method) == ["thread/queue/list"])
      if isListedFirst { s.reply(.queueList, kept) }
      s.endTurn("U1", .interrupted)
      if !isListedFirst { s.reply(.queueList, kept) }
      let deleted = s.requests().compactMap { request in
        if case .threadQueueDelete(let params) = request { params.queuedSubmissionId } else { nil }
      }
      #expect(deleted == ["q1"])
      #expect(s.state.composer.text == "use gmt")
      #expect(s.state.outbox.queue.isEmpty)
    }
  }

  @Test("L7: of two interfaces on one server each takes back its own message only")
  func l7_otherInterface() {
    var s = Session(run: "k3")
    s.send(.connected(ServerFacts(serverVersion: "1.0", hunkReview: true, snapshots: true)))
    s.send(.setup(.ready))
    s.reply(.threadStart, Session.startResponse())
    s.startTurn()
    s.type("use gmt")
    s.press(Key(.enter))
    let sent = s.requests().compactMap { request in
      if case .turnSteer(let params) = request { params.clientUserMessageId } else { nil }
    }
    #expect(sent == ["ui-k3-1"])
    s.endTurn("U1", .interrupted)
    s.notify(.threadQueueChanged(.init(threadId: Session.threadId)))
    _ = s.taken()
    s.reply(
      .queueList,
      ThreadQueueListResponse(data: [
        .init(id: "q1", input: [.text("of the other")], clientUserMessageId: "ui-z9-1"),
        .init(id: "q2", input: [.text("use gmt")], clientUserMessageId: "ui-k3-1"),
        .init(id: "q3", input: [.text("of an older one")], clientUserMessageId: "ui-1"),
      ]))
    let deleted = s.requests().compactMap { request in
      if case .threadQueueDelete(let params) = request { params.queuedSubmissionId } else { nil }
    }
    #expect(deleted == ["q2"])
    #expect(s.state.composer.text == "use gmt")
  }

  @Test("L7: a steer that came too late for a turn that completed is left to the server, which starts it")
  func l7_lateSteer() {
    for isListedFirst in [true, false] {
      var s = Samples.working()
      s.type("use gmt")
      s.press(Key(.enter))
      let kept = ThreadQueueListResponse(data: [
        .init(id: "q1", input: [.text("use gmt")], clientUserMessageId: "ui-1")
      ])
      s.notify(.threadQueueChanged(.init(threadId: Session.threadId)))
      _ = s.taken()
      if isListedFirst { s.reply(.queueList, kept) }
      s.endTurn("U1", .completed)
      if !isListedFirst { s.reply(.queueList, kept) }
      #expect(s.requests().map(\.method).contains("thread/queue/delete") == false)
      #expect(s.state.composer.isEmpty && s.shows("steering with: “use gmt”"))
    }
  }
}
