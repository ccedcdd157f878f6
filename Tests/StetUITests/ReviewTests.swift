import StetProtocol
import StetTestSupport
import Testing

@testable import StetUI

@Suite struct ReviewTests {
  private func decision(_ session: Session) throws -> StetReviewDecision {
    let answer = try #require(session.answers().first)
    let response: FileChangeRequestApprovalResponse = try answer.decode()
    var found: StetReviewDecision?
    if case .stetReview(let review) = response.decision { found = review }
    return try #require(found, "\(response)")
  }

  @Test func oneHunkIsAcceptedInTheConversation() throws {
    var s = Samples.edited()
    #expect(s.shows("y accept  n reject  e edit  c comment  enter full review  esc stop"))
    s.press(Key("y"))
    let review = try decision(s)
    #expect(review.files.map(\.decision) == [.accept])
    #expect(review.files.first?.baseHash == "h1")
  }

  @Test func oneHunkIsRefusedInTheConversation() throws {
    var s = Samples.edited()
    s.press(Key("n"))
    let review = try decision(s)
    #expect(review.files.map(\.decision) == [.reject])
  }

  @Test func someHunksAreAcceptedAndSomeRefused() throws {
    var s = Samples.reviewed()
    s.press(Key("y"), Key("n"), Key("y"))
    #expect(s.state.prompts.review?.isComplete == true)
    s.press(Key(.enter))
    let review = try decision(s)
    #expect(review.files.map(\.decision) == [.partial, .accept])
    #expect(review.files.first?.ops?.map(\.opId) == ["a1", "a2"])
    #expect(review.files.first?.ops?.map(\.decision) == [.accept, .reject])
    #expect(s.state.dialogs.isEmpty)
  }

  @Test func enterDoesNotSubmitWhatIsUndecided() {
    var s = Samples.reviewed()
    s.press(Key("y"), Key(.enter))
    #expect(s.answers().isEmpty)
    #expect(s.shows("2 hunks undecided"))
  }

  @Test func upperCaseDecidesTheFile() {
    var s = Samples.reviewed()
    s.press(Key("Y"))
    #expect(s.state.prompts.review?.decidedHunks == 2)
    #expect(s.state.prompts.review?.cursor.file == 1)
    s.press(Key("N"), Key("y"))
    #expect(s.state.prompts.review?.acceptedHunks == 2)
    #expect(s.state.prompts.review?.isComplete == true)
  }

  @Test func rejectingManyIsAskedForAndNoIsTheDefault() {
    var s = Samples.reviewed()
    s.press(Key("X"))
    #expect(s.shows("Reject 3 undecided hunks in the whole review?"))
    #expect(s.state.prompts.review?.decidedHunks == 0)
    s.press(Key("y"))
    #expect(s.state.prompts.review?.decidedHunks == 3)
    #expect(s.state.prompts.review?.acceptedHunks == 0)
    for no in [Key(.enter), Key("n"), Key(.escape), Key(" ")] {
      var other = Samples.reviewed()
      other.press(Key("X"), no)
      #expect(other.state.prompts.review?.decidedHunks == 0)
      #expect(other.state.prompts.review?.confirm == nil)
      #expect(!other.state.dialogs.isEmpty, "\(no) must not leave the review")
    }
  }

  @Test func decisionsAreUndoneAndRedoneWithoutEnd() {
    var s = Samples.reviewed()
    s.press(Key("y"), Key("n"), Key("y"))
    s.press(Key("u"), Key("u"), Key("u"))
    #expect(s.state.prompts.review?.decidedHunks == 0)
    s.press(.ctrl("r"), .ctrl("r"), .ctrl("r"))
    #expect(s.state.prompts.review?.decidedHunks == 3)
    #expect(s.state.prompts.review?.acceptedHunks == 2)
  }

  @Test func theOrderOfKeysDoesNotMatter() throws {
    var forward = Samples.reviewed()
    forward.press(Key("y"), Key("n"), Key("y"), Key(.enter))
    var backward = Samples.reviewed()
    backward.press(Key("}"), Key("y"), Key("{"), Key("]"), Key("n"), Key("["), Key("y"), Key(.enter))
    let one = try decision(forward)
    let other = try decision(backward)
    #expect(one == other)
  }

  @Test func viewsNeverMoveADecision() {
    var s = Samples.reviewed()
    s.press(Key("y"), Key("n"))
    let before = s.state.prompts.review?.verdicts
    for columns in [20, 40, 80, 140, 200] {
      s.size.columns = columns
      s.frame()
      s.press(Key(.tab), Key("j"), Key("g"), Key("}"), Key("{"))
    }
    #expect(before == s.state.prompts.review?.verdicts)
  }

  @Test func anEditedOperationIsSentWithItsText() throws {
    var s = Samples.edited()
    s.press(Key("e"))
    guard
      case .edit(let text, let name, let purpose)? = s.taken().first(where: {
        if case .edit = $0 { true } else { false }
      })
    else {
      Issue.record("no editor was asked for")
      return
    }
    #expect(text == "f.timeZone = .gmt\n")
    #expect(name == "Date.swift")
    s.send(.edited(purpose, "f.timeZone = .utc\n"))
    let review = try decision(s)
    #expect(review.files.first?.decision == .partial)
    #expect(review.files.first?.ops == [.init(opId: "k1", decision: .edit, text: "f.timeZone = .utc\n")])
  }

  @Test func commentsGoWithTheDecision() throws {
    var s = Samples.edited()
    s.press(Key("c"))
    s.type("why not utc?")
    s.press(Key(.enter))
    #expect(s.shows("why not utc?"))
    s.answer(Key("n"))
    let review = try decision(s)
    #expect(review.comments?.first?.text == "why not utc?")
    #expect(review.comments?.first?.question == true)
    #expect(review.comments?.first?.line == 12)
  }

  @Test func insteadDeclinesWithAMessage() throws {
    var s = Samples.edited(several: true)
    s.press(Key("c"))
    s.type("only a.txt")
    s.press(Key(.enter))
    #expect(s.answers() == [["decision": "decline", "stet": ["message": "only a.txt"]]])
  }

  @Test(
    "a request without the stet member is answered plainly", arguments: [("y", "accept"), ("n", "decline")])
  func plainServer(_ key: Character, _ decision: String) {
    var s = Samples.working()
    s.proposeEdit(review: nil)
    s.answer(Key(key))
    #expect(s.answers() == [["decision": .string(decision)]])
  }

  @Test func aPlainRequestOfSeveralHunksIsOneDecision() {
    var s = Samples.working()
    s.proposeEdit(Session.severalChanges, review: nil)
    s.answer(Key(.enter))
    s.press(Key("y"))
    #expect(s.state.prompts.review?.isComplete == true)
    s.press(Key(.enter))
    #expect(s.answers() == [["decision": "accept"]])
  }

  @Test func aReviewOfWhichNothingIsKnownStillAsks() {
    var s = Samples.working()
    s.send(
      .request(
        .int(1),
        .fileChangeRequestApproval(
          .init(threadId: Session.threadId, turnId: "U1", itemId: "never seen", startedAtMs: 0))))
    s.answer(Key("n"))
    #expect(s.answers() == [["decision": "decline"]])
  }

  @Test func hostileRangesDoNotTrap() {
    let operation = StetOperation(
      opId: "x", kind: "replace", baseStart: .max, baseLines: .max, newStart: -5, newLines: .max - 1)
    let hunk = StetHunk(
      hunkId: "k", baseStart: .max, baseLines: .max, newStart: .min, newLines: .max,
      ops: [operation, operation])
    let file = StetReviewFile(
      path: "/home/user/project/Sources/Date.swift", kind: "update", size: -1, hunks: [hunk])
    var s = Samples.working()
    s.proposeEdit(review: StetReviewRequest(reviewId: "R", state: .proposed, files: [file, file]))
    s.answer(Key(.enter))
    s.press(Key("y"), Key("e"), Key("c"), Key(.escape), Key("J"), Key("}"), Key("n"), Key(.enter))
    #expect(s.picture().surface.size == s.size)
  }

  @Test func aRenameAndAModeAreDecisionsOfTheirOwn() throws {
    let file = StetReviewFile(
      path: "/home/user/project/a.txt", kind: "move", movePath: "/home/user/project/c.txt", baseHash: "h",
      baseMode: 0o644, proposedMode: 0o755, size: 1, hunks: Session.severalReview.files.first?.hunks)
    var s = Samples.working()
    let change = FileUpdateChange(
      path: "/home/user/project/a.txt", kind: .update(movePath: "/home/user/project/c.txt"),
      diff: Session.twoHunks)
    s.proposeEdit([change], review: StetReviewRequest(reviewId: "R", state: .proposed, files: [file]))
    s.answer(Key(.enter))
    #expect(s.shows("Move to"))
    #expect(s.shows("Mode 644 → 755"))
    s.press(Key("n"), Key("y"), Key("y"), Key("n"), Key(.enter))
    let decided = try #require(try decision(s).files.first)
    #expect(decided.rename == .reject)
    #expect(decided.mode == .reject)
    #expect(decided.ops?.map(\.decision) == [.accept, .accept])
  }

  @Test func theOutcomeOnTheScreenIsTheServersWord() {
    var s = Samples.working()
    s.proposeEdit(Session.severalChanges, review: Session.severalReview)
    let outcome = StetReviewOutcome(
      reviewId: "R2", outcome: .partial, proposedChanges: Session.severalChanges,
      files: [
        .init(path: "/home/user/project/a.txt", outcome: .partial, rejectedHunks: ["k2"]),
        .init(path: "/home/user/project/b.txt", outcome: .rejected, rejectedHunks: ["k3"]),
      ])
    s.complete(
      .fileChange(.init(id: "f1", changes: [Session.severalChanges[0]], status: .completed, stet: outcome)))
    #expect(s.shows("1 of 2 ✓"))
    #expect(s.shows("✗ refused"))
    #expect(s.shows("b.txt"))
  }

  @Test func goldens() throws {
    for (columns, rows) in [(200, 40), (120, 30), (80, 24), (40, 20), (30, 8)] {
      var s = ReviewSamples.session(ReviewSamples.files, columns, rows)
      s.press(Key("y"), Key("c"))
      s.type("keep this one")
      s.press(Key(.enter))
      try Golden.check(s.frame().surface, "review-files-\(columns)x\(rows)")
    }
    for (columns, rows) in [(100, 30), (40, 20)] {
      var single = Samples.edited()
      single.size = .init(columns: columns, rows: rows)
      try Golden.check(single.frame().surface, "review-single-\(columns)x\(rows)")
      var full = Samples.reviewed()
      full.press(Key("y"))
      full.size = .init(columns: columns, rows: rows)
      try Golden.check(full.frame().surface, "review-full-\(columns)x\(rows)")
    }
    var wide = Samples.reviewed()
    wide.press(Key("n"))
    wide.size = .init(columns: 160, rows: 16)
    try Golden.check(wide.frame().surface, "review-full-160x16")
  }
}
