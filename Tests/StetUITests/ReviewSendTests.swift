import StetProtocol
import Testing

@testable import StetUI

/// `/review send`: comments and verdicts as one message (issue 8), and `/diff`, where they can be made, too.
@Suite("issue 8: /review send") struct ReviewSendTests {
  private static let made = MadeFile(
    path: "a.txt", pieces: [.same(4), .change(old: ["old"], new: ["new"]), .same(4)])

  private func open(_ command: String, isLook: Bool = false) -> Session {
    var s = Session.open()
    s.startTurn()
    s.complete(.agentMessage(.init(id: "m0", text: "done")))
    s.endTurn()
    s.type(command)
    s.press(Key(.enter))
    let (_, request) = ReviewSamples.request([Self.made])
    s.reply(
      .reviewStart(title: "the last turn", isLook: isLook),
      StetReviewRequest(reviewId: "S1", state: .applied, files: request.files))
    var page = request.files
    page[0].base = StartedReviewTests.encoded(Self.made.base.map { $0 + "\n" }.joined())
    page[0].proposed = StartedReviewTests.encoded(Self.made.proposed.map { $0 + "\n" }.joined())
    s.reply(.reviewPage(reviewId: "S1"), StetReviewReadResponse(files: page))
    s.look()
    _ = s.taken()
    return s
  }

  private func say(_ s: inout Session, _ key: String, _ words: String) {
    s.press(Key(Character(key)))
    s.type(words)
    s.press(Key(.enter))
  }

  private func messages(_ requests: [ClientRequest]) -> [String] {
    requests.compactMap { request in
      guard case .turnStart(let params) = request, case .text(let text)? = params.input.first else {
        return nil
      }
      return text.text
    }
  }

  @Test("issue 8: verdicts go to the server, then one message tells all words with their places")
  func oneMessage() throws {
    var s = open("/review")
    say(&s, "c", "why not a constant?")
    s.press(Key("j"), Key("j"), Key("j"), Key("j"))
    say(&s, "c", "who wrote this?")
    say(&s, ";", "nearly there")
    s.press(Key("n"), Key("q"))
    #expect(s.shows("/review send"))
    s.type("/review send")
    s.press(Key(.enter))
    let requests = s.requests()
    #expect(messages(requests).isEmpty, "the disk is settled before the agent hears of it")
    let decided = requests.contains { if case .unknown("stet/review/decide", _) = $0 { true } else { false } }
    #expect(decided)
    s.reply(
      .reviewSend(reviewId: "S1"),
      StetReviewOutcome(
        reviewId: "S1", outcome: .none, proposedChanges: [], files: [.init(path: "a.txt", outcome: .rejected)]
      ))
    #expect(
      messages(s.requests()) == [
        """
        My review of the last turn (1 hunk rejected):
        a.txt:5: why not a constant?
          > new
        a.txt:5 (as it was before): who wrote this?
          > old
        nearly there
        """
      ])
    #expect(s.state.laidAside == nil, "it is sent once")
  }

  @Test("issue 8: while a turn runs it waits for the end of the turn")
  func waitsForTheTurn() {
    var s = open("/diff", isLook: true)
    say(&s, "C", "too long")
    s.press(Key("q"))
    s.startTurn("U2")
    s.type("/review send")
    s.press(Key(.enter))
    #expect(s.shows("goes out when the turn is over"))
    let early = s.requests()
    #expect(messages(early).isEmpty)
    s.endTurn("U2")
    #expect(messages(s.requests()) == ["My review of the last turn:\na.txt: too long"])
  }

  @Test("issue 8: a turn that was stopped sends nothing by itself; the review is kept")
  func keptAfterAStop() {
    var s = open("/diff", isLook: true)
    say(&s, "C", "too long")
    s.press(Key("q"))
    s.startTurn("U2")
    s.type("/review send")
    s.press(Key(.enter))
    _ = s.taken()
    s.endTurn("U2", .interrupted)
    #expect(messages(s.requests()).isEmpty && s.shows("the review is kept"))
    s.type("/review send")
    s.press(Key(.enter))
    #expect(messages(s.requests()).count == 1)
  }

  @Test("issue 8: a refusal of the server keeps the review and says why")
  func refused() {
    var s = open("/review")
    s.press(Key("n"), Key("q"))
    s.type("/review send")
    s.press(Key(.enter))
    s.fail(.reviewSend(reviewId: "S1"), "the workspace is locked")
    #expect(messages(s.requests()).isEmpty && s.shows("the workspace is locked"))
    #expect(s.state.laidAside != nil)
  }

  @Test("U27: /diff opens the review screen to look and to comment, with nothing to decide")
  func u27_diffLooks() {
    var s = open("/diff", isLook: true)
    #expect(s.shows("the last turn") && s.shows("+ new") && !s.shows("ON DISK"))
    s.press(Key("y"), Key("n"))
    #expect(s.shows("nothing to decide"))
    let decided = s.requests().contains {
      if case .unknown("stet/review/decide", _) = $0 { true } else { false }
    }
    #expect(!decided)
    s.press(Key("q"))
    #expect(s.state.dialogs.isEmpty)
  }

  @Test("U27: while the turn runs, and with other servers, /diff shows what it changed so far")
  func u27_diffOfARunningTurn() {
    for hunkReview in [true, false] {
      var s = Session.open(hunkReview: hunkReview)
      s.startTurn()
      s.notify(
        .turnDiffUpdated(
          .init(
            threadId: Session.threadId, turnId: "U1",
            diff: "diff --git a/x.txt b/x.txt\n--- a/x.txt\n+++ b/x.txt\n@@ -1,2 +1,2 @@\n same\n-was\n+is\n")
        ))
      s.type("/diff")
      s.press(Key(.enter))
      #expect(s.shows("x.txt") && s.shows("- was") && s.shows("+ is"))
      s.press(Key("q"))
      #expect(s.state.dialogs.isEmpty)
    }
  }
}
