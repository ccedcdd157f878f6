import StetProtocol
import Testing

@testable import StetUI

/// Reviews that wait at the server: of a turn that landed, of a proposal whose program ended (review.md A5, U24).
@Suite("review.md A5: reviews that wait") struct WaitingReviewTests {
  private static let made = MadeFile(
    path: "a.txt",
    pieces: [
      .same(4), .change(old: ["old"], new: ["new"]), .same(20), .change(old: ["gone"], new: ["come"]),
    ])

  private static func row(_ state: StetReviewState = .applied, undecided: Int = 2) -> StetReviewRow {
    StetReviewRow(
      reviewId: "W1", turnId: "U1", itemId: "U1", state: .pending, createdAtMs: 1, filesTotal: 1,
      hunksUndecided: undecided, reviewState: state)
  }

  private static func changed(_ undecided: Int, _ state: StetReviewState = .applied) -> ServerNotification {
    .stetReviewChanged(
      .init(threadId: Session.threadId, reviewId: "W1", state: state, hunksUndecided: undecided))
  }

  private static var page: StetReviewReadResponse {
    var files = ReviewSamples.request([made]).1.files
    files[0].base = StartedReviewTests.encoded(made.base.map { $0 + "\n" }.joined())
    files[0].proposed = StartedReviewTests.encoded(made.proposed.map { $0 + "\n" }.joined())
    return StetReviewReadResponse(files: files)
  }

  private func listed(_ state: StetReviewState = .applied) -> Session {
    var s = Session.open()
    s.notify(Self.changed(2))
    s.reply(.reviewList, StetReviewListResponse(data: [Self.row(state)]))
    return s
  }

  private func opened(_ s: inout Session) {
    _ = s.taken()
    s.press(.ctrl("x"))
    s.reply(.reviewPage(reviewId: "W1"), Self.page)
    s.look()
  }

  private func decisions(_ s: Session) -> [JSONValue] {
    s.requests().compactMap { request in
      if case .unknown("stet/review/decide", let params?) = request { params } else { nil }
    }
  }

  @Test("U24: a resumed thread asks what waits, and says so above the composer")
  func u24_waitingReviewIsTold() {
    var s = Session(launch: .resume(Session.threadId))
    s.send(.connected(ServerFacts(serverVersion: "1.0", hunkReview: true, snapshots: true)))
    _ = s.taken()
    s.reply(.threadResume, Session.resumeResponse(Session.thread()))
    let asked = s.requests().compactMap { if case .stetReviewList(let params) = $0 { params } else { nil } }
    #expect(asked == [StetReviewListParams(threadId: Session.threadId, state: .pending)])
    s.reply(.reviewList, StetReviewListResponse(data: [Self.row(.proposed)]))
    #expect(s.shows("ctrl-x a review waits: 2 hunks in 1 file"))
    #expect(!s.shows("on disk"))
    s.notify(Self.changed(0))
    #expect(!s.shows("a review waits"))
  }

  @Test("issue 8: the review of a turn whose edits landed is told when the turn is over, and decided whole")
  func decidedWhole() throws {
    var s = listed()
    #expect(s.shows("a review waits: 2 hunks in 1 file on disk"))
    opened(&s)
    #expect(s.shows("ON DISK") && s.shows("- gone"))
    s.press(Key("y"), Key(.enter))
    #expect(decisions(s).isEmpty && s.shows("1 hunk undecided"))
    s.press(Key("n"), Key(.enter))
    let sent = try #require(decisions(s).first)
    #expect(sent["reviewId"] == "W1")
    #expect(
      sent["files"]?[0]?["ops"]?.arrayValue?.compactMap { $0["decision"]?.stringValue } == [
        "accept", "reject",
      ])
    s.reply(
      .reviewDecide(reviewId: "W1"),
      StetReviewOutcome(
        reviewId: "W1", outcome: .partial, proposedChanges: [],
        files: [.init(path: "a.txt", outcome: .partial, rejectedHunks: ["k"])]))
    #expect(s.state.dialogs.isEmpty && s.state.waitingReviews.isEmpty)
    #expect(s.shows("rolled back in 1 file"))
  }

  @Test("issue 8: words go with the decisions of a review that waits")
  func wordsGoAlong() throws {
    var s = listed()
    opened(&s)
    s.press(Key("c"))
    s.type("why?")
    s.press(Key(.enter), Key(";"))
    s.type("thanks")
    s.press(Key(.enter), Key("A"), Key(.enter))
    let sent = try #require(decisions(s).first)
    #expect(sent["comments"]?[0]?["text"] == "why?" && sent["comments"]?[0]?["question"] == true)
    #expect(sent["message"] == "thanks")
  }

  @Test("U24: leaving keeps the decisions for another run, and they come back with the review")
  func u24_decisionsComeBack() throws {
    var s = listed()
    opened(&s)
    s.press(Key("n"), Key("q"))
    let saved = s.taken().compactMap { effect -> JSONValue? in
      if case .save(.review("W1", let draft?)) = effect { draft } else { nil }
    }
    let draft = try #require(saved.last)
    var later = listed()
    opened(&later)
    let isAsked = later.taken().contains { if case .readReview("W1") = $0 { true } else { false } }
    #expect(isAsked)
    later.send(.reviewDraft(id: "W1", draft))
    #expect(later.shows("1 of 2 decided"))
    // In the same run it goes on where it was left.
    s.press(.ctrl("x"))
    #expect(s.shows("1 of 2 decided"))
  }

  @Test("U24: undo and redo of decisions go on in another run")
  func u24_undoComesBack() throws {
    var s = listed()
    opened(&s)
    s.press(Key("n"), Key("y"), Key("u"), Key("q"))
    let saved = s.taken().compactMap { effect -> JSONValue? in
      if case .save(.review("W1", let draft?)) = effect { draft } else { nil }
    }
    var later = listed()
    opened(&later)
    later.send(.reviewDraft(id: "W1", try #require(saved.last)))
    #expect(later.shows("1 of 2 decided"))
    later.press(.ctrl("r"))
    #expect(later.shows("2 of 2 decided"))
    later.press(Key("u"), Key("u"))
    #expect(later.shows("0 of 2 decided") && later.state.review?.undoStack.isEmpty == true)
    later.press(.ctrl("r"))
    #expect(later.state.review?.summary(file: 0, hunk: 0) == .rejected)
  }

  @Test("what a key would do is not said any more when it is done")
  func noticeGoes() {
    var s = listed()
    opened(&s)
    s.press(Key("y"), Key("n"))
    #expect(s.shows("enter submits"))
    s.press(Key(.enter))
    #expect(!s.shows("enter submits"))
  }

  @Test("a review that is asked about is not told twice")
  func notTwice() {
    var s = Samples.working()
    let (changes, review) = ReviewSamples.request([Self.made], id: "W1")
    s.proposeEdit(changes, review: review)
    s.reply(.reviewList, StetReviewListResponse(data: [Self.row(.proposed)]))
    s.endTurn()
    #expect(s.state.waitingReviews.isEmpty && !s.shows("a review waits"))
  }

  @Test("decisions that wait for the end of the turn say so; files that changed since are named as such")
  func truth() {
    var s = listed()
    opened(&s)
    s.press(Key("N"), Key("y"), Key(.enter))
    var queued = StetReviewOutcome(
      reviewId: "W1", outcome: .none, proposedChanges: [], files: [.init(path: "a.txt", outcome: .rejected)])
    queued.queued = true
    s.reply(.reviewDecide(reviewId: "W1"), queued)
    #expect(s.shows("rolled back in 1 file when the turn is over"))
    s = listed()
    opened(&s)
    s.press(Key("A"), Key(.enter))
    s.reply(
      .reviewDecide(reviewId: "W1"),
      StetReviewOutcome(
        reviewId: "W1", outcome: .conflict, proposedChanges: [],
        files: [.init(path: "a.txt", outcome: .stale)]))
    #expect(s.shows("not in 1 file: changed on disk since"))
  }
}
