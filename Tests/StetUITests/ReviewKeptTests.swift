import StetProtocol
import StetText
import Testing

@testable import StetUI

/// Reviews that open late, or are left: keys go where they were meant to go, and nothing that was typed is lost.
@Suite("U2: reviews and typing") struct ReviewKeptTests {
  private static let made = MadeFile(
    path: "a.txt",
    pieces: [.same(4), .change(old: ["old"], new: ["new"]), .same(20), .change(old: ["gone"], new: ["come"])])

  private static var page: StetReviewReadResponse {
    var files = ReviewSamples.request([made]).1.files
    files[0].base = StartedReviewTests.encoded(made.base.map { $0 + "\n" }.joined())
    files[0].proposed = StartedReviewTests.encoded(made.proposed.map { $0 + "\n" }.joined())
    return StetReviewReadResponse(files: files)
  }

  /// `/review head`, with what is typed before the server answers.
  private func opened(typing text: String = "", _ id: String = "S1") -> Session {
    var s = Session.open()
    open(&s, typing: text, id)
    return s
  }

  private func open(
    _ s: inout Session, typing text: String = "", _ id: String = "S1", looking: Bool = true
  ) {
    s.type("/review head")
    s.press(Key(.enter))
    s.reply(
      .reviewStart(title: "HEAD"),
      StetReviewRequest(reviewId: id, state: .applied, files: ReviewSamples.request([Self.made]).1.files))
    s.type(text)
    s.reply(.reviewPage(reviewId: id), Self.page)
    if looking { s.look() }
    _ = s.taken()
  }

  private func names(_ s: Session) -> [String] {
    s.requests().compactMap { if case .unknown(let method, _) = $0 { method } else { nil } }
  }

  @Test("U2: a review that comes while the user types does not take the keys; a key opens it")
  func u2_reviewWaitsForAKey() {
    var s = opened(typing: "yes and no")
    #expect(s.state.dialogs.isEmpty && s.shows("ctrl-x opens it"))
    s.type("!")
    #expect(s.state.composer.text == "yes and no!")
    s.press(.ctrl("x"))
    #expect(s.shows("ON DISK") && s.state.review?.decidedHunks == 0)
    s.press(Key("q"))
    #expect(s.state.readyReview == nil && s.state.composer.text == "yes and no!")
  }

  @Test("U2: in the moment after a review opened by itself no key decides, sends or stages; each says why")
  func u2_reviewOpensByItself() {
    for key in [
      Key("y"), Key("n"), Key("Y"), Key("A"), Key("X"), Key(" "), Key("+"), .ctrl("k"), Key(.enter),
    ] {
      var s = Session.open()
      open(&s, looking: false)
      for isPainted in [false, true] {
        if isPainted { s.frame() }
        s.press(key)
        #expect(s.state.review?.decidedHunks == 0 && s.state.review?.confirm == nil && names(s).isEmpty)
        #expect(s.shows("has just opened: look first"))
      }
      s.wait(Prompt.quietMs)
      s.press(Key("n"))
      #expect(s.state.review?.decidedHunks == 1)
    }
  }

  @Test("U2: the keys that the screen names are those that count, from the first frame on")
  func u2_keysOfAnArrival() {
    var s = Session.open()
    open(&s, looking: false)
    s.frame()
    #expect(!s.shows("y accept") && s.shows("q leave"))
    #expect(s.state.nextWake(now: s.now).map { $0.since(s.now) <= Prompt.quietMs } == true)
    s.wait(Prompt.quietMs)
    #expect(s.shows("y accept") && s.shows("enter submit"))
  }

  @Test("U2: what moves and looks works at once, and a review that a key shows takes every key at once")
  func u2_openedByKey() {
    var s = Session.open()
    open(&s, looking: false)
    s.press(Key("]"), Key("j"), Key("w"), Key("v"))
    #expect(s.state.review?.currentHunk == 1 && s.state.review?.cursor.anchor != nil)
    s = opened(typing: "x")
    s.press(.ctrl("x"), Key("y"))
    #expect(s.state.review?.decidedHunks == 1)
  }

  @Test("U2: a commit message that has just come is not sent by the enter that was on its way")
  func u2_messageJustCame() {
    var s = opened()
    s.press(Key("y"), .ctrl("k"))
    s.reply(.commitDraft(reviewId: "S1"), ["message": "Subject"] as JSONValue)
    _ = s.taken()
    s.press(Key(.enter))
    s.frame()
    s.press(Key(.enter))
    #expect(names(s).isEmpty && s.shows("read it first"))
    s.look()
    s.press(Key(.enter))
    #expect(names(s) == ["stet/review/commit"])
  }

  @Test("U2: enter shows what is undecided before it sends a part of a review")
  func u2_enterShowsTheRest() {
    var s = opened()
    s.press(Key("]"), Key("n"), Key(.enter))
    #expect(names(s).isEmpty && s.shows("1 hunk undecided") && s.state.review?.currentHunk == 0)
    s.press(Key("y"), Key("u"), Key(.enter))
    #expect(names(s).isEmpty, "the decisions are others by now")
    s.press(Key(.enter))
    #expect(names(s) == ["stet/review/decide"])
  }

  @Test("U2: a commit message that was drafted meanwhile takes no keys, and is shown with all its lines")
  func u2_commitDraft() {
    var s = opened()
    s.press(Key("y"), .ctrl("k"), Key("j"))
    s.reply(.commitDraft(reviewId: "S1"), ["message": "Subject\n\nWhy it is so"] as JSONValue)
    #expect(s.state.reviewField == nil && s.shows("ctrl-k opens it"))
    _ = s.taken()
    s.press(.ctrl("k"))
    #expect(names(s).isEmpty, "it is not drafted twice")
    #expect(s.shows("Subject") && s.shows("Why it is so"))
    let rows = s.screen().split(separator: "\n").filter { $0.contains("Subject") || $0.contains("Why it") }
    #expect(rows.count >= 2, "each line stands in a row")
  }

  @Test("issue 8: a commit message has lines, and ctrl-g writes it in the user's editor")
  func commitEditor() throws {
    var s = opened()
    s.press(Key("y"), .ctrl("k"))
    s.reply(.commitDraft(reviewId: "S1"), ["message": "Subject"] as JSONValue)
    s.look()
    s.press(.ctrl("j"), .ctrl("j"))
    s.type("because")
    s.press(Key(.up), Key(.up), Key(.end))
    s.type("!")
    #expect(s.state.reviewField?.buffer.text == "Subject!\n\nbecause")
    #expect(s.shows("Subject!") && s.shows("because") && s.shows("ctrl-g editor"))
    _ = s.taken()
    s.press(.ctrl("g"))
    let edited = s.taken().compactMap { effect -> String? in
      if case .edit(let text, "COMMIT_EDITMSG", .field) = effect { text } else { nil }
    }
    #expect(edited == ["Subject!\n\nbecause"])
    s.send(.edited(.field, "Mine\n\nin two\nlines\n"))
    s.press(Key(.enter))
    let sent = s.requests().compactMap { request -> String? in
      if case .unknown("stet/review/commit", let params?) = request {
        params["message"]?.stringValue
      } else {
        nil
      }
    }
    #expect(sent == ["Mine\n\nin two\nlines"])
    s.reply(.commit(reviewId: s.state.review?.reviewId), ["sha": "0123456789abcdef"] as JSONValue)
    s.send(.edited(.field, "too late"))
    #expect(s.state.composer.history.last == "too late")
  }

  @Test("a commit that is refused keeps the message, and the whole refusal can be read")
  func commitRefused() {
    var s = opened()
    s.press(Key("y"), .ctrl("k"))
    s.reply(.commitDraft(reviewId: "S1"), ["message": "Say more"] as JSONValue)
    s.look()
    s.press(Key(.enter), Key(.enter))
    #expect(names(s).filter { $0 == "stet/review/commit" }.count == 1)
    s.fail(.commit(reviewId: "S1"), "the hook says no\nline 3: tabs")
    #expect(s.state.reviewField?.buffer.text == "Say more" && s.shows("the hook says no"))
    s.press(Key(.enter))
    #expect(names(s) == ["stet/review/commit"])
    s.reply(.commit(reviewId: "S1"), ["sha": "0123456789abcdef"] as JSONValue)
    #expect(s.state.reviewField == nil)
    s.press(Key("q"))
    #expect(s.shows("line 3: tabs"))
  }

  @Test(
    "a commit whose review is left, or whose connection is lost, leaves no word of it and touches no other field"
  )
  func commitLeft() {
    var s = opened()
    s.press(Key("y"), .ctrl("k"))
    s.reply(.commitDraft(reviewId: "S1"), ["message": "Say more"] as JSONValue)
    s.look()
    s.press(Key(.enter))
    #expect(s.shows("committing") && s.state.reviewField?.isSent == true)
    // The answer of another review's commit is not this one's.
    s.fail(.commit(reviewId: "S0"), "no")
    #expect(s.state.reviewField?.isSent == true)
    s.reply(.commit(reviewId: "S0"), ["sha": "0123456789abcdef"] as JSONValue)
    #expect(s.state.reviewField?.buffer.text == "Say more")
    var lost = s
    lost.send(.clientClosed("the connection was cut", .trying))
    #expect(!lost.shows("committing") && lost.state.reviewField?.isSent != true)
    var left = opened()
    left.press(Key("y"), .ctrl("k"))
    left.reply(.commitDraft(reviewId: "S1"), ["message": "Say more"] as JSONValue)
    left.press(Key(.enter), Key(.escape), Key("q"))
    #expect(!left.shows("committing"))
  }

  @Test("a review does not outlive its thread: the next thread's review has the keys")
  func threadSwitch() {
    var s = opened()
    s.press(Key("y"), Key("c"))
    s.type("half a word")
    s.state.resumeThread(Session.threadId)
    #expect(s.state.viewer == nil && s.state.reviewField == nil && s.state.dialogs.isEmpty)
    #expect(s.state.composer.history.last == "half a word")
    s.reply(.threadResume, Session.resumeResponse(Session.thread()))
    s.startTurn()
    s.proposeEdit()
    s.answer(Key("n"))
    #expect(s.answers().count == 1)
  }

  @Test("comments of a review that another takes the place of stand among the user's messages")
  func twoReviews() {
    var s = opened()
    s.press(Key("C"))
    s.type("first words")
    s.press(Key(.enter), Key("q"))
    open(&s, "S2")
    s.press(Key("C"))
    s.type("second words")
    s.press(Key(.enter), Key("q"))
    #expect(s.state.laidAside?.reviewId == "S2")
    #expect(s.state.composer.history.contains { $0.hasSuffix("a.txt: first words") })
  }

  @Test("a lost connection keeps the decisions of a question's review and the comment that was being typed")
  func disconnected() {
    var s = Samples.reviewed()
    _ = s.taken()
    s.press(Key("y"), Key("c"))
    s.type("what about")
    s.send(.clientClosed("the connection was cut", .trying))
    #expect(s.state.composer.history.last == "what about")
    let saved = s.taken().contains { if case .save(.review("R2", .some)) = $0 { true } else { false } }
    #expect(saved)
  }

  // MARK: Bytes

  private func file(_ base: String, _ proposed: String, _ operations: [StetOperation]) -> ReviewFile {
    let hunks = operations.enumerated().map { number, operation in
      StetHunk(
        hunkId: "h\(number)", baseStart: operation.baseStart, baseLines: operation.baseLines,
        newStart: operation.newStart, newLines: operation.newLines, ops: [operation])
    }
    let sides = ReviewSides(base: Array(base.utf8), proposed: Array(proposed.utf8))
    let described = StetReviewFile(path: "a.txt", kind: "update", size: 1, hunks: hunks)
    var file = ReviewFile(described, diff: FileDiff(hunks, sides, path: "a.txt"), hunks: hunks)
    file.sides = sides
    return file
  }

  private func replace(_ line: Int) -> StetOperation {
    StetOperation(
      opId: "o\(line)", kind: "replace", baseStart: line, baseLines: 1, newStart: line, newLines: 1)
  }

  private func edits(_ review: ReviewState) -> [String?] {
    review.verdicts[0].map { if case .edited(let edit)? = $0 { edit.text } else { nil } }
  }

  @Test("E with CR LF edits the hunk that was changed; a rejected one stays rejected")
  func wholeFileWithCRLF() {
    var review = ReviewState(
      reviewId: "R",
      files: [file("a\r\nb\r\nc\r\nd\r\ne\r\n", "A\r\nb\r\nc\r\nd\r\nE\r\n", [replace(1), replace(5)])])
    review.decide(.rejected, file: 0, hunk: 0)
    let isTaken = review.editFile(0, text: "A\r\nb\r\nc\r\nd\r\nmine\r\n")
    #expect(isTaken)
    #expect(review.verdict(0, 0) == .rejected && edits(review) == [nil, "mine\r\n"])
  }

  @Test("E and e leave a file without a last line end without one")
  func noLastLineEnd() {
    let made = file("a\nb\nc\nd\ne", "A\nb\nc\nd\nE", [replace(1), replace(5)])
    #expect(made.lines.filter { $0.kind == .noNewline }.count == 2, "the missing line end is shown")
    var review = ReviewState(reviewId: "R", files: [made])
    #expect(review.proposedText(file: 0, operations: 1..<2) == "E")
    let isTaken = review.editFile(0, text: "A\nb\nc\nd\nmine")
    #expect(isTaken)
    #expect(edits(review) == [nil, "mine"] && review.verdict(0, 0) == .accepted)
    let crlf = file("a\r\nb\r", "a\r\nB\r", [replace(2)])
    let other = ReviewState(reviewId: "R", files: [crlf])
    #expect(other.proposedText(file: 0, operations: 0..<1) == "B\r")
  }

  @Test("e refuses lines that are no UTF-8: an editor would write other bytes back")
  func notUTF8() {
    let made = MadeFile(path: "a.txt", pieces: [.same(1), .change(old: ["x"], new: ["caf\u{FFFD}"])])
    var s = ReviewSamples.session([made])
    _ = s.taken()
    s.press(Key("e"))
    let edited = s.taken().contains { if case .edit = $0 { true } else { false } }
    #expect(!edited && s.shows("no UTF-8"))
  }

  @Test("Z shows the same lines as opening each gap does")
  func wholeFile() throws {
    var whole = ReviewSamples.code
    whole.pieces.append(.same(30))
    let (changes, request) = ReviewSamples.request([whole])
    let files = ReviewState.files(request.files, beside: [], changes.map { FileChangeContent.File($0) })
    var (one, other) = (try #require(files.first), try #require(files.first))
    let sides = ReviewSides(
      base: Array(whole.base.map { $0 + "\n" }.joined().utf8),
      proposed: Array(whole.proposed.map { $0 + "\n" }.joined().utf8))
    (one.sides, other.sides) = (sides, sides)
    for gap in (0...other.hunks.count).reversed() { other.expand(gap: gap, by: .max / 4) }
    one.expandAll()
    #expect(one.lines == other.lines && one.operationOfLine == other.operationOfLine)
    #expect(one.hunks.map(\.lines) == other.hunks.map(\.lines))
    #expect(one.operations.map(\.removed) == other.operations.map(\.removed))
    #expect(one.operations.map(\.added) == other.operations.map(\.added))
    #expect(one.lines.compactMap(\.newNumber).count == whole.proposed.count)
  }
}
