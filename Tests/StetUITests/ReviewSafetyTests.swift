import StetProtocol
import StetText
import Testing

@testable import StetUI

/// What a key in the question must never do to decisions that were made in the full review, and the reverse.
@Suite("review.md A5: a refusal refuses, an acceptance shows what it takes") struct ReviewSafetyTests {
  private func decision(_ session: Session) throws -> StetReviewDecision {
    let answer = try #require(session.answers().first)
    let response: FileChangeRequestApprovalResponse = try answer.decode()
    guard case .stetReview(let review) = response.decision else {
      throw RPCError.internalError("\(response)")
    }
    return review
  }

  @Test("issue 8: n in the question of one hunk refuses it, y applies it, whatever the full review decided")
  func oneHunk() throws {
    for (inReview, inQuestion, outcome) in [("y", "n", StetFileVerdict.reject), ("n", "y", .accept)] {
      var s = Samples.edited()
      s.press(Key(.enter), Key(Character(inReview)), Key("q"))
      #expect(s.answers().isEmpty)
      s.answer(Key(Character(inQuestion)))
      #expect(try decision(s).files.map(\.decision) == [outcome])
    }
  }

  @Test(
    "issue 8: refuse everything refuses what was accepted before, too, also when it comes from another run")
  func everything() throws {
    var s = Samples.reviewed()
    s.press(Key("y"), Key("y"), Key("q"))
    let draft = try #require(s.state.prompts.review).draft
    _ = s.taken()
    s.answer(Key("n"))
    #expect(try decision(s).files.map(\.decision) == [.reject, .reject])
    var later = Samples.edited(several: true)
    later.send(.reviewDraft(id: "R2", draft))
    #expect(later.state.prompts.review?.acceptedHunks == 2)
    later.answer(Key("n"))
    #expect(try decision(later).files.map(\.decision) == [.reject, .reject])
  }

  @Test("issue 8: refusing with a word of what to do instead takes the comments along")
  func instead() throws {
    var s = Samples.reviewed()
    s.press(Key("y"), Key("c"))
    s.type("why two?")
    s.press(Key(.enter), Key("q"))
    #expect(s.shows("1 comment to go with it"))
    _ = s.taken()
    s.answer(Key("c"))
    s.type("start again")
    s.press(Key(.enter))
    let sent = try decision(s)
    #expect(sent.files.map(\.decision) == [.reject, .reject])
    #expect(sent.comments?.map(\.text) == ["why two?"] && sent.message == "start again")
  }

  // MARK: Large deletes

  private func deleting(_ beside: [MadeFile] = []) -> Session {
    var file = MadeFile(
      path: "old.txt", pieces: [.change(old: (0..<300).map { "line \($0)" }, new: [])])
    file.kind = "delete"
    let (changes, request) = ReviewSamples.request([file] + beside)
    var s = Samples.working()
    s.proposeEdit(changes, review: request)
    _ = s.taken()
    return s
  }

  @Test("review.md A5: a large delete is asked about once more, whichever key would accept it")
  func largeDelete() {
    let other = MadeFile(path: "b.txt", pieces: [.same(1), .change(old: ["x"], new: ["y"])])
    for (key, beside) in [("y", [MadeFile]()), ("A", [other]), ("Y", [other])] {
      var s = deleting(beside)
      s.answer(Key(Character(key)))
      #expect(s.answers().isEmpty && s.shows("Delete old.txt, 300 lines?"), "\(key) in the question")
      s.press(Key("y"))
      #expect(s.state.review?.isComplete == true)
      s.press(Key(.enter))
      #expect(s.answers().count == 1)
    }
    for keys in [[Key(" ")], [Key("V"), Key("y")], [Key("y")]] {
      var s = deleting([other])
      s.answer(Key(.enter))
      for key in keys { s.press(key) }
      #expect(s.state.review?.decidedHunks == 0 && s.shows("Delete old.txt, 300 lines?"), "\(keys)")
      s.press(Key("n"))
      #expect(s.state.review?.decidedHunks == 0)
    }
  }

  @Test("a folded file is one decision for space, too")
  func foldedSpace() {
    let file = MadeFile(
      path: "package-lock.json",
      pieces: [.change(old: ["a"], new: ["b"]), .same(30), .change(old: ["c"], new: ["d"])],
      collapsed: "generated")
    let other = MadeFile(path: "b.txt", pieces: [.same(1), .change(old: ["x"], new: ["y"])])
    var s = ReviewSamples.session([file, other])
    s.press(Key(" "))
    #expect(s.state.review?.summary(file: 0) == .accepted)
    s.press(Key(" "))
    #expect(s.state.review?.summary(file: 0) == .undecided)
  }

  // MARK: Reading the rest

  @Test("nothing is decided or said of a review that is still being read; all of it can be refused")
  func loading() {
    let made = MadeFile(path: "a.txt", pieces: [.same(1), .change(old: ["x"], new: ["y"])])
    let (changes, whole) = ReviewSamples.request([made, made])
    var request = whole
    request.truncated = true
    var s = Samples.working()
    s.proposeEdit(changes, review: request)
    s.answer(Key("A"))
    #expect(s.answers().isEmpty && s.shows("still being read"))
    s.press(Key(.enter))
    for key in ["y", "n", " ", "Y", "A", "r", "c", ";"] { s.press(Key(Character(key))) }
    s.wait(60_000)
    #expect(s.state.review?.decidedHunks == 0 && s.state.review?.hasDraft == false)
    #expect(s.state.reviewField == nil && s.state.review?.confirm == nil)
    let saved = s.taken().contains { if case .save(.review) = $0 { true } else { false } }
    #expect(!saved, "an earlier run's decisions are not written over")
    s.press(Key("q"))
    s.answer(Key("n"))
    #expect(s.answers() == [["decision": "decline"]])
  }

  // MARK: Again

  @Test(
    "issue 8: of equal changes the refused one does not come again, and no accepted one is refused for it")
  func inherited() {
    let pieces: [MadeFile.Piece] = [
      .same(2), .change(old: ["x"], new: ["y"]), .same(20), .change(old: ["x"], new: ["y"]), .same(20),
      .change(old: ["x"], new: ["y"]),
    ]
    var s = ReviewSamples.session([MadeFile(path: "a.txt", pieces: pieces)])
    s.press(Key("n"), Key("y"), Key("y"), Key("c"))
    s.type("said once")
    s.press(Key(.enter), Key(.enter))
    #expect(s.answers().count == 1)
    let left = MadeFile(path: "a.txt", pieces: [.same(40)] + pieces.suffix(3))
    let (changes, request) = ReviewSamples.request([left], supersedes: "R9", id: "R10")
    s.proposeEdit(changes, review: request, id: 10)
    let review = s.state.prompts.review
    #expect((0..<2).map { review?.summary(file: 0, hunk: $0) } == [.accepted, .accepted])
    #expect(review?.comments.isEmpty == true, "what was said is not said twice")
  }
}
