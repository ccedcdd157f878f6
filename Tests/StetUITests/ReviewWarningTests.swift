import StetProtocol
import StetText
import Testing

@testable import StetUI

/// What a reviewer should look at twice, or not at all (review.md A5).
@Suite("review.md A5: secrets, moved code, brackets") struct ReviewWarningTests {
  private static let key = "ghp_" + "a1B2c3D4e5F6a1B2c3D4e5F6a1B2c3D4e5F6"

  private func review(_ pieces: [MadeFile.Piece], path: String = "Sources/a.swift") -> Session {
    ReviewSamples.session([
      MadeFile(path: path, pieces: [.same(3)] + pieces + [.same(3)]),
      MadeFile(path: "b.txt", pieces: [.same(1), .change(old: ["x"], new: ["y"])]),
    ])
  }

  @Test("an added line that looks like a key is marked at the line, the hunk, and in the question")
  func secrets() {
    var s = review([.change(old: ["let key = \"\""], new: ["let key = \"\(Self.key)\""])])
    #expect(s.shows("⚠ looks like a key") && s.shows("⚠ this looks like a key or a password"))
    s.press(Key("q"))
    #expect(s.shows("⚠ an added line looks like a key or a password"))
  }

  @Test("a key that goes away, or that only stands near a change, is no reason to warn")
  func oldSecrets() {
    let s = review([.change(old: ["let key = \"\(Self.key)\""], new: ["let key = load()"])])
    #expect(!s.shows("looks like a key"))
  }

  private static let block = ["func parse(_ text: String) {", "  read(text)", "  close()", "}"]

  @Test("code that moves is marked on both sides, also where it is indented anew")
  func moved() throws {
    let s = review([
      .change(old: Self.block, new: []), .same(12), .change(old: [], new: Self.block.map { "    " + $0 }),
    ])
    let file = try #require(s.state.review?.files.first)
    #expect(file.moved.count == 8)
    #expect(s.shows("moves to line 16") && s.shows("moved from line 4"))
    #expect(s.shows("> ") && s.shows("< "))
  }

  @Test("a brace or two of the same lines are no moved code")
  func notMoved() throws {
    let s = review([
      .change(old: ["}", "}", "}"], new: []), .same(9), .change(old: [], new: ["}", "}", "}"]),
    ])
    #expect(try #require(s.state.review?.files.first).moved.isEmpty)
  }

  @Test("decisions that leave brackets without their partner are told, and nothing is blocked")
  func brackets() {
    var s = review([
      .change(old: [], new: ["if ready {"]), .same(20), .change(old: [], new: ["} // a \"}\" of no matter"]),
    ])
    #expect(!s.shows("brackets don't match"))
    s.press(Key("n"))
    #expect(s.shows("brackets don't match"))
    s.press(Key("N"))
    s.press(Key("y"))
    s.press(Key("{"))
    #expect(!s.shows("brackets don't match"), "both are rejected: the file is as it was")
  }

  @Test("hunks that need a rejected one are offered, and stay without a yes")
  func linked() throws {
    var s = Samples.working()
    let made = MadeFile(
      path: "a.txt",
      pieces: [.same(2), .change(old: ["a"], new: ["b"]), .same(12), .change(old: ["c"], new: ["d"])])
    let (changes, described) = ReviewSamples.request([made])
    var request = described
    request.files[0].hunks?[1].requires = ["a.txt-h0"]
    s.proposeEdit(changes, review: request)
    s.answer(Key(.enter))
    s.press(Key("n"))
    #expect(s.shows("Another hunk needs the one you rejected"))
    s.press(Key("n"))
    #expect(s.state.review?.summary(file: 0, hunk: 1) == .undecided)
    s.press(Key("u"), Key("["), Key("["), Key("n"), Key("y"))
    #expect(s.state.review?.summary(file: 0, hunk: 1) == .rejected)
  }

  @Test("a file that changed on disk: the hunks whose lines changed are marked, each by itself")
  func conflicts() throws {
    var s = Samples.working()
    let made = MadeFile(
      path: "a.txt",
      pieces: [.same(2), .change(old: ["a"], new: ["b"]), .same(12), .change(old: ["c"], new: ["d"])])
    let (changes, request) = ReviewSamples.request([made])
    s.proposeEdit(changes, review: request)
    s.answer(Key(.enter))
    _ = s.taken()
    let path = request.files[0].path
    s.reply(
      .reviewPreview(reviewId: "R9"),
      StetReviewPreviewResponse(files: [.init(path: path, diff: "", resultHash: nil, stale: true)]))
    let asked = s.requests().compactMap { request -> StetFileDecision? in
      if case .stetReviewPreview(let params) = request { params.files.first } else { nil }
    }
    #expect(asked.map(\.decision) == [.accept])
    s.reply(
      .reviewPreview(reviewId: "R9"),
      StetReviewPreviewResponse(files: [
        .init(path: path, diff: "", resultHash: nil, stale: true, conflictedHunks: ["a.txt-h1"])
      ]))
    #expect(s.state.review?.files[0].hunks.map(\.isConflicted) == [false, true])
    #expect(s.shows("changed on disk") && s.shows("these lines changed on disk"))
  }

  @Test("E: a change outside the hunks is kept as an edit of the whole file")
  func wholeFile() throws {
    var s = Samples.working()
    let made = MadeFile(
      path: "a.txt",
      pieces: [.same(2), .change(old: ["a"], new: ["b"]), .same(12), .change(old: ["c"], new: ["d"])])
    let (changes, request) = ReviewSamples.request([made])
    s.proposeEdit(changes, review: request)
    s.answer(Key(.enter))
    s.press(Key("E"))
    var file = request.files[0]
    file.base = StartedReviewTests.encoded(made.base.map { $0 + "\n" }.joined())
    file.proposed = StartedReviewTests.encoded(made.proposed.map { $0 + "\n" }.joined())
    s.reply(.reviewText(reviewId: "R9", path: file.path, .edit), StetReviewReadResponse(files: [file]))
    let mine = (["// mine"] + made.proposed.dropFirst()).map { $0 + "\n" }.joined()
    s.send(.edited(.reviewFile(reviewId: "R9", file: 0), mine))
    #expect(s.shows("the whole file as you edited it") && s.state.review?.isComplete == true)
    // Another run has it as it was.
    let draft = try #require(s.state.review).draft
    var other = try #require(s.state.review)
    other.decide(nil, file: 0)
    other.restore(draft)
    #expect(other.verdicts == s.state.review?.verdicts)
    s.press(Key(.enter))
    let answer = try #require(s.answers().first)
    let sent = answer["decision"]?["stetReview"]?["files"]?[0]
    let operations = sent?["ops"]?.arrayValue ?? []
    #expect(operations.map { $0["opId"] } == ["content"] && operations.map { $0["text"] } == [.string(mine)])
  }
}
