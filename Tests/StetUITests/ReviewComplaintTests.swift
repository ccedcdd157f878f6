import StetProtocol
import StetText
import Testing

@testable import StetUI

/// What users of other tools complained of (review.md A3) and what a screen can get wrong, each under the name of its issue.
@Suite("review.md A3: complaints about screens") struct ReviewComplaintTests {
  private static let blanks = MadeFile(
    path: "a.txt",
    pieces: [
      .same(2), .change(old: ["  indented", "gone"], new: ["indented", "come"]), .same(20),
      .change(old: ["\ttab"], new: ["    tab"]), .same(2),
    ])

  /// The file as the server would leave it after what the session answered.
  private func result(_ s: Session, _ file: MadeFile) -> [String] {
    guard case .stetReview(let decision)? = s.state.review?.decision(), let first = decision.files.first
    else { return [] }
    return file.result(first)
  }

  @Test("tig#590: with blanks ignored a refusal still refuses, also of what differs in blanks alone")
  func ignoredBlanks() {
    var s = ReviewSamples.session([Self.blanks])
    s.press(Key("W"), Key("n"), Key("y"))
    #expect(s.state.review?.isComplete == true)
    var lines = Self.blanks.base
    lines[24] = "    tab"
    #expect(result(s, Self.blanks) == lines)
    s.press(Key("u"), Key("n"))
    #expect(result(s, Self.blanks) == Self.blanks.base, "what can't be seen was not accepted either")
  }

  @Test("tig#1238: wrapped lines are decided like any others", arguments: [30, 40, 80])
  func wrappedLines(_ columns: Int) {
    let long = (0..<40).map { "word\($0)" }.joined(separator: " ")
    let file = MadeFile(
      path: "a.txt",
      pieces: [
        .same(2), .change(old: [long], new: [long + " end", "second"]), .same(20),
        .change(old: [], new: [long]),
      ])
    var s = ReviewSamples.session([file], columns)
    s.frame()
    s.press(Key("/"))
    s.type("second")
    s.press(Key(.enter), Key("v"), Key("y"))
    s.frame()
    #expect(s.state.review?.summary(file: 0, hunk: 0) == .begun)
    s.press(Key("V"), Key("k"), Key("v"), Key("["), Key("n"), Key("n"))
    #expect(s.state.review?.isComplete == true)
    #expect(result(s, file) == file.base, "the selection of one wrapped line is one line")
  }

  @Test("tig#523: after a split the next hunk is the next part, and every part can be reached")
  func splitAndGo() {
    var s = ReviewSamples.session([ReviewSamples.code])
    s.press(Key("s"))
    let count = s.state.review?.files[0].hunks.count ?? 0
    #expect(count == 3)
    var seen = [s.state.review?.currentHunk]
    for _ in 1..<count {
      s.press(Key("]"))
      seen.append(s.state.review?.currentHunk)
    }
    #expect(seen == [0, 1, 2])
    s.press(Key("["), Key("["), Key("y"))
    #expect(s.state.review?.currentHunk == 1, "on to the part behind it")
    s.press(Key("n"), Key("y"))
    #expect(s.state.review?.decidedHunks == count)
  }

  @Test("fresh#2318: what is said afterwards comes from what was done, not from the key")
  func trueWords() {
    let outcomes: [(StetFileOutcome, says: String, not: String)] = [
      (.rejected, "rolled back in 1 file", "changed on disk since"),
      (.stale, "not in 1 file: changed on disk since", "rolled back in 1 file"),
      (.conflicted, "not in 1 file: changed on disk since", "rolled back in 1 file"),
    ]
    for (outcome, says, not) in outcomes {
      var s = Session.open()
      s.type("/review head")
      s.press(Key(.enter))
      let (_, request) = ReviewSamples.request([Self.blanks])
      s.reply(
        .reviewStart(title: "HEAD"), StetReviewRequest(reviewId: "S1", state: .applied, files: request.files))
      var page = request.files
      page[0].base = StartedReviewTests.encoded(Self.blanks.base.map { $0 + "\n" }.joined())
      page[0].proposed = StartedReviewTests.encoded(Self.blanks.proposed.map { $0 + "\n" }.joined())
      s.reply(.reviewPage(reviewId: "S1"), StetReviewReadResponse(files: page))
      s.look()
      s.press(Key("N"), Key("y"), Key(.enter))
      s.reply(
        .reviewDecide(reviewId: "S1"),
        StetReviewOutcome(
          reviewId: "S1", outcome: outcome == .rejected ? .none : .conflict, proposedChanges: [],
          files: [.init(path: "a.txt", outcome: outcome, rejectedHunks: ["k"])]))
      #expect(s.shows(says) && !s.shows(not), "\(outcome)")
    }
  }

  @Test("Zed#58210: what was refused stays on the screen, and can be copied")
  func refusedText() {
    var s = ReviewSamples.session([ReviewSamples.code])
    s.press(Key("n"), Key("["), Key("["))
    #expect(s.shows("✗ ") && s.shows("formatter.timeZone = .gmt"))
    s.press(.ctrl("y"))
    let copied = s.taken().compactMap { if case .copy(let text) = $0 { text } else { nil } }
    #expect(copied.first?.contains("formatter.timeZone = .gmt\n") == true)
  }

  @Test("opencode#21914: every file of a question can be gone to, before anything is answered")
  func manyFiles() {
    var s = ReviewSamples.session(ReviewSamples.files)
    var seen: [String] = []
    for _ in ReviewSamples.files {
      seen.append(s.state.review?.file?.path ?? "")
      #expect(s.shows("(\(seen.count) of 4)"))
      s.press(Key("}"))
    }
    #expect(Set(seen).count == 4)
    s.press(Key("q"))
    for file in ReviewSamples.files { #expect(s.shows(file.path)) }
    #expect(s.answers().isEmpty)
  }

  @Test("crush PR#3192: the question leaves the conversation in sight, and the full review goes with one key")
  func conversationInSight() {
    var s = Samples.working()
    s.size = .init(columns: 80, rows: 24)
    let (changes, review) = ReviewSamples.request(ReviewSamples.files)
    s.proposeEdit(changes, review: review)
    s.frame()
    let asked = s.screen().split(separator: "\n").firstIndex { $0.contains("Review ") } ?? 0
    #expect(asked > 8, "at least a third of the screen is the conversation's")
    let before = s.screen()
    s.answer(Key(.enter))
    #expect(s.state.isReviewOpen)
    s.press(Key("q"))
    s.wait(10_000)
    #expect(
      s.screen().split(separator: "\n").first == before.split(separator: "\n").first && s.shows("Ask stet …"))
  }

  @Test("claude-code#64615: enter never accepts what was not decided, and never takes back by itself")
  func noDestructiveDefault() {
    var s = Samples.working()
    let (changes, review) = ReviewSamples.request(ReviewSamples.files)
    s.proposeEdit(changes, review: review)
    s.answer(Key(.enter))
    #expect(s.answers().isEmpty && s.state.isReviewOpen, "in the question it opens the review")
    s.press(Key(.enter), Key(.enter))
    #expect(s.answers().isEmpty && s.state.review?.decidedHunks == 0)
    for key in ["X", "N"] {
      s.press(Key(Character(key)), Key(.enter))
      #expect(s.state.review?.decidedHunks == 0 && s.state.review?.confirm == nil)
      s.press(Key(Character(key)), Key(" "))
      #expect(s.state.review?.decidedHunks == 0)
    }
  }

  @Test("opencode#23729: o asks what a hunk is for, and nothing is decided by it")
  func explain() {
    var s = ReviewSamples.session([ReviewSamples.code])
    s.press(Key("o"))
    #expect(s.state.review?.decidedHunks == 0 && s.answers().isEmpty)
    #expect(s.state.review?.comments.map(\.text) == [AppState.explainWords])
    s.press(Key("y"), Key("y"), Key(.enter))
    let answer = s.answers().first
    #expect(answer?["decision"]?["stetReview"]?["comments"]?[0]?["question"] == true)
  }

  @Test("vscode#252012: the screen and the question say whether the bytes are on disk")
  func onDiskOrNot() {
    let made = ReviewSamples.files
    for (state, header, question, short) in [
      (StetReviewState.proposed, "not on disk", "nothing is on disk yet", "not on disk"),
      (.applied, "ON DISK", "already on disk", "ON DISK"),
    ] {
      for (columns, rows) in [(100, 30), (40, 20)] {
        var s = Samples.working()
        s.size = .init(columns: columns, rows: rows)
        var (changes, review) = ReviewSamples.request(made)
        review.state = state
        s.proposeEdit(changes, review: review)
        s.frame()
        #expect(s.shows(columns < 80 ? short : question), "\(state) \(columns)")
        s.answer(Key(.enter))
        #expect(s.shows(header), "\(state) \(columns)")
      }
    }
  }

  // MARK: Size

  @Test("hunk#600: a wrapped line of any length shows its beginning, not a blank pane")
  func wrappedLength() {
    let long = (0..<20_000).map { "w\($0)" }.joined(separator: " ")
    var s = ReviewSamples.session(
      [MadeFile(path: "a.txt", pieces: [.same(1), .change(old: [], new: [long]), .same(1)])], 80)
    if !s.shows("generated") { #expect(s.shows("w0 w1 w2")) }
    s.press(Key("z"), Key("j"), Key("j"))
    let filled = s.frame().surface.rows.count { $0.contains { !$0.isWhitespace } }
    #expect(filled > 10 && s.shows("w0 w1 w2"))
  }

  @Test("hunk#413, #543, #579, #977: paging through a long diff lays out and keeps what is in view alone")
  func paging() {
    let lines = (0..<20_000).map { "let a\($0) = \($0)" }
    var s = ReviewSamples.session(
      [MadeFile(path: "long.swift", pieces: [.change(old: [], new: lines)])], 100, 40)
    s.frame()
    for _ in 0..<600 {
      s.press(Key(.pageDown))
      s.frame()
      #expect(s.state.reviewRows.colouredLines <= ReviewRowCache.maxPieces * ReviewRowCache.pieceLines)
    }
    #expect(s.shows("a19999"))
    s.press(Key("g"))
    s.frame()
    #expect(s.shows("let a0 = 0"))
  }

  @Test("hunk#405: 2,000 new files: the text of one is laid out, the others wait for their turn")
  func newFiles() {
    let files = (0..<2_000).map { number in
      var file = MadeFile(
        path: "new/f\(number).swift", pieces: [.change(old: [], new: ["let a = \(number)", "let b = 1"])])
      file.kind = "add"
      return file
    }
    var s = ReviewSamples.session(files, 100, 30)
    s.frame()
    #expect(s.state.reviewRows.colouredLines <= 2 * ReviewRowCache.pieceLines)
    s.press(Key("{"), Key(.tab), Key("G"), Key(.enter))
    s.frame()
    #expect(s.shows("(2000 of 2000)") && s.shows("let a = 1999"))
    #expect(s.state.reviewRows.colouredLines <= 3 * ReviewRowCache.pieceLines)
  }
}
