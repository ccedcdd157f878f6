import StetProtocol
import StetText
import StetTestSupport
import Testing

@testable import StetUI

/// review.md A4 and A5 "Layout": what each key of the review does, seen on the screen.
@Suite("review.md A4: the review screen") struct ReviewScreenTests {
  private func session(_ columns: Int = 100, _ rows: Int = 30) -> Session {
    ReviewSamples.session(ReviewSamples.files, columns, rows)
  }

  /// The answer that the decisions made so far are.
  private func decision(_ s: Session) throws -> StetReviewDecision {
    var made: StetReviewDecision?
    if case .stetReview(let decision)? = s.state.review?.decision() { made = decision }
    return try #require(made)
  }

  private func operations(_ s: Session, file: Int = 0) throws -> [String] {
    try (decision(s).files[file].ops ?? []).map { "\($0.opId) \($0.decision)" }
  }

  private func edit(_ s: Session) -> (text: String, purpose: EditPurpose)? {
    for effect in s.taken() { if case .edit(let text, _, let purpose) = effect { return (text, purpose) } }
    return nil
  }

  @Test("the layout follows the width: side by side from 140, the files beside it from 180")
  func layoutByWidth() {
    #expect(session(200, 40).shows("│  Sources/") || session(200, 40).shows(" Sources/"))
    #expect(session(200, 40).state.review != nil)
    for (columns, isSplit) in [(200, true), (150, true), (139, false), (80, false), (40, false)] {
      var s = session(columns)
      s.frame()
      #expect(s.state.review?.view.isSplit == isSplit, "\(columns)")
    }
    var s = session(120)
    s.press(Key("1"))
    s.frame()
    #expect(s.state.review?.view.isSplit == true)
    s.press(Key("2"))
    s.frame()
    #expect(s.state.review?.view.isSplit == false)
    var narrow = session(40)
    narrow.press(Key("1"))
    #expect(narrow.shows("too narrow"))
    narrow.frame()
    #expect(narrow.state.review?.view.isSplit == false)
  }

  @Test("side by side puts the line that goes beside the one that comes")
  func split() {
    let s = session(150)
    let row = s.screen().split(separator: "\n").first { $0.contains(".timeZone = .current") } ?? ""
    #expect(row.contains(".timeZone = .gmt"))
  }

  @Test(
    "on the heading of a hunk c is about its first new line, and about the old one where nothing new comes")
  func commentOnHeading() {
    var s = session()
    s.press(Key("c"))
    #expect(s.shows("comment on line 9"))
    s.press(Key(.escape), Key("]"), Key("c"))
    #expect(s.shows("comment on line"))
    guard case .lines(_, let isNew, let line, _)? = s.state.review?.commentPlace else {
      Issue.record("no place")
      return
    }
    #expect(!isNew && line == 33)
    s.press(Key(.escape), Key("["))
    guard case .lines(_, let first, let start, let end)? = s.state.review?.commentPlace else {
      Issue.record("no place")
      return
    }
    #expect(first && start == 9 && end == 9)
  }

  @Test("what the agent says of a change is Markdown, laid out; it can't push the change out of sight")
  func notes() {
    var file = ReviewSamples.code
    file.note = "The **test** depends on `zone`:\n\n- first\n- second\n\n\u{1B}[2J[docs](https://example.org)"
    file.hunkNote = "pin *the* zone" + String(repeating: "\n", count: 60) + "```\nlet a = 1\n```"
    let s = ReviewSamples.session([file])
    let screen = s.screen()
    #expect(s.shows("why: The test depends on zone:") && s.shows("     • first"))
    #expect(s.shows("why: pin the zone") && s.shows("https://example.org"))
    #expect(!screen.contains("**") && !screen.contains("`zone`") && !screen.contains("```"))
    #expect(!screen.unicodeScalars.contains("\u{1B}"))
    #expect(s.shows("formatter.timeZone = .gmt"))
    var prompt = Samples.working()
    let (changes, review) = ReviewSamples.request([file])
    prompt.proposeEdit(changes, review: review, reason: "**bold** words")
    #expect(prompt.shows("why: bold words"))
  }

  @Test("every kind of width draws the hunk", arguments: [4, 8, 12, 40])
  func everyWidth(_ rows: Int) {
    var s = session(100, rows)
    for columns in [20, 21, 29, 30, 39, 40, 59, 60, 79, 80, 99, 100, 139, 140, 179, 180, 200, 220] {
      s.size = .init(columns: columns, rows: rows)
      let frame = s.frame()
      #expect(frame.surface.size == s.size)
      #expect(s.state.review?.currentHunk == 0)
    }
  }

  @Test("below 40 columns or 10 rows there are the hunk and y n q alone")
  func sliver() {
    for s in [session(30, 20), session(80, 9)] {
      let rows = s.screen().split(separator: "\n", omittingEmptySubsequences: false)
      #expect(rows.last?.contains("y") == true && rows.last?.contains("q") == true)
      #expect(rows.last?.contains("comment") != true && rows.last?.contains("help") != true)
      #expect(s.shows("timeZone"))
    }
  }

  @Test("v and V select; y and n decide the selected lines only")
  func selection() throws {
    var s = session()
    s.press(Key("/"))
    s.type("return formatter")
    s.press(Key(.enter), Key("v"), Key("n"))
    #expect(s.state.review?.verdicts[0].compactMap { $0 } == [.rejected])
    #expect(s.state.review?.tallies[0].summary == .begun)
    #expect(s.shows("partly decided"))
    var whole = session()
    whole.press(Key("V"), Key("y"))
    #expect(whole.state.review?.summary(file: 0, hunk: 0) == .accepted)
  }

  @Test("a selection without a change decides nothing and says so")
  func emptySelection() {
    var s = session()
    s.press(Key("j"), Key("j"), Key("v"), Key("y"))
    #expect(s.state.review?.decidedHunks == 0)
    #expect(s.shows("no change among the selected lines"))
  }

  @Test("s splits at context, then a solid run into line pairs; verdicts stay")
  func splitHunk() throws {
    var s = session()
    s.press(Key("y"), Key("["), Key("["), Key("s"))
    #expect(s.state.review?.files[0].hunks.count == 3)
    #expect(s.state.review?.summary(file: 0, hunk: 0) == .accepted)
    s.press(Key("s"))
    #expect(s.state.review?.files[0].hunks.count == 4)
    s.press(Key("n"))
    #expect(s.state.review?.summary(file: 0, hunk: 0) == .rejected)
    #expect(s.state.review?.summary(file: 0, hunk: 1) == .accepted)
    let ops = try operations(s)
    #expect(ops.first?.hasSuffix("reject") == true && ops[1].hasSuffix("accept"))
  }

  @Test("e edits the result of the hunk, the context between its changes included")
  func editHunk() throws {
    var s = session()
    s.press(Key("e"))
    let asked = try #require(edit(s))
    #expect(asked.text.hasPrefix("  formatter.timeZone = .gmt\n"))
    #expect(asked.text.contains("let line8") || asked.text.contains("let line10"))
    s.send(.edited(asked.purpose, "mine\n"))
    #expect(s.shows("~ mine"))
    let files = ReviewSamples.files
    let decision = try decision(s)
    let result = files[0].result(decision.files[0])
    #expect(result.contains("mine") && !result.contains("  formatter.timeZone = .gmt"))
    #expect(result.contains("func old() {}"), "the other hunk is undecided: it stays as it was")
  }

  @Test("an edit that says what was proposed accepts; a new decision ends an edit")
  func editEnds() throws {
    var s = session()
    s.press(Key("e"))
    let asked = try #require(edit(s))
    s.send(.edited(asked.purpose, asked.text))
    #expect(s.state.review?.summary(file: 0, hunk: 0) == .accepted)
    s.send(.edited(asked.purpose, "mine\n"))
    #expect(s.state.review?.summary(file: 0, hunk: 0) == .edited)
    s.state.updateReview { $0.decide(.accepted, file: 0, operations: [1]) }
    #expect(s.state.review?.summary(file: 0, hunk: 0) == .begun)
  }

  private func read(_ s: inout Session, file: Int) {
    let made = ReviewSamples.files[file]
    for effect in s.taken() {
      guard case .send(.stetReviewRead(let params), let tag) = effect, params.includeText == true else {
        continue
      }
      func bytes(_ lines: [String]) -> String { encoded(lines.map { $0 + "\n" }.joined()) }
      var described = StetReviewFile(path: params.path ?? "", kind: "update", size: 1)
      described.base = bytes(made.base)
      described.proposed = bytes(made.proposed)
      s.reply(tag, StetReviewReadResponse(files: [described]))
    }
  }

  private func encoded(_ text: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var (result, bits, held) = ("", UInt32(0), 0)
    for byte in text.utf8 {
      bits = bits << 8 | UInt32(byte)
      held += 8
      while held >= 6 {
        held -= 6
        result.append(alphabet[Int(bits >> UInt32(held) & 63)])
      }
    }
    if held > 0 { result.append(alphabet[Int(bits << UInt32(6 - held) & 63)]) }
    return result
  }

  @Test("z shows unchanged lines around, Z the whole file; the text is asked for once")
  func expand() {
    var s = session(100, 60)
    #expect(!s.shows("line20 = 20"))
    s.press(Key("z"))
    read(&s, file: 0)
    #expect(s.shows("let line0 = 0"))
    let count = s.state.review?.files[0].lines.count ?? 0
    s.press(Key("Z"))
    #expect(s.requests().isEmpty)
    #expect((s.state.review?.files[0].lines.count ?? 0) > count)
    let numbers = s.state.review?.files[0].lines.compactMap(\.newNumber) ?? []
    #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
    #expect(numbers.count == ReviewSamples.files[0].proposed.count)
    s.press(Key("y"), Key("y"))
    #expect(s.state.review?.tallies[0].summary == .accepted)
  }

  @Test("E edits the whole file; what it changes becomes edits of the hunks, or one of the file")
  func editFile() throws {
    var s = session()
    s.press(Key("E"))
    read(&s, file: 0)
    let made = ReviewSamples.files[0]
    s.press(Key("E"))
    let asked = try #require(edit(s))
    #expect(asked.text == made.proposed.map { $0 + "\n" }.joined())
    var lines = made.proposed
    lines[8] = "  mine"
    s.send(.edited(asked.purpose, lines.map { $0 + "\n" }.joined()))
    let decision = try decision(s)
    #expect(made.result(decision.files[0]) == lines)
    lines[0] = "outside of every hunk"
    s.send(.edited(asked.purpose, lines.map { $0 + "\n" }.joined()))
    let isWhole = s.state.review?.verdicts[0].contains { verdict in
      if case .edited(let edit)? = verdict { edit.isWholeFile } else { false }
    }
    #expect(isWhole == true)
  }

  @Test("comments on lines, the file and everything go with the answer")
  func comments() throws {
    var s = session()
    for (key, words) in [("c", "on the line"), ("C", "on the file"), (";", "on everything")] {
      s.press(Key(Character(key)))
      s.type(words)
      s.press(Key(.enter))
      #expect(s.shows(words))
    }
    s.press(Key("o"))
    let decision = try decision(s)
    #expect(decision.comments?.map(\.text) == ["on the line", AppState.explainWords])
    #expect(decision.comments?.last?.question == true)
    #expect(decision.files.first?.message == "on the file")
    #expect(decision.message == "on everything")
    #expect(s.state.review?.decidedHunks == 0)
    s.press(Key("g"), Key("m"))
    #expect(s.state.review?.currentRow?.isRemark == true)
  }

  @Test("a comment is changed where it stands, and empty text takes it away")
  func commentAgain() {
    var s = session()
    s.press(Key("C"))
    s.type("first")
    s.press(Key(.enter), Key("g"), Key("c"))
    s.type(" thought")
    s.press(Key(.enter))
    #expect(s.state.review?.comments.map(\.text) == ["first thought"])
    s.press(Key("g"), Key("c"), .ctrl("u"), Key(.enter))
    #expect(s.state.review?.comments.isEmpty == true)
    s.press(Key("u"))
    #expect(s.state.review?.comments.map(\.text) == ["first thought"])
  }

  @Test("/ finds lines of all files, ctrl-n and ctrl-p step through them, q ends it")
  func search() {
    var s = session()
    s.press(Key("/"))
    s.type("WORDS")
    s.press(Key(.enter))
    #expect(s.shows("not found"))
    s.press(Key("/"), .ctrl("u"))
    s.type("words")
    s.press(Key(.enter))
    #expect(s.state.review?.cursor.file == 3)
    #expect(s.shows("1 of 2 lines"))
    s.press(.ctrl("n"))
    #expect(s.shows("2 of 2 lines"))
    s.press(.ctrl("p"))
    #expect(s.shows("1 of 2 lines"))
    s.press(Key("q"))
    #expect(!s.state.dialogs.isEmpty)
    s.press(Key("q"))
    #expect(s.state.dialogs.isEmpty)
  }

  @Test("a generated file is one row and one decision until it is opened")
  func generated() {
    var s = session()
    s.press(Key("}"), Key("}"))
    #expect(s.shows("generated: +1 −2"))
    #expect(!s.shows("- x"))
    s.press(Key("y"))
    #expect(s.state.review?.tallies[2].summary == .accepted)
    s.press(Key("{"), Key("{"), Key("}"), Key("}"), Key("z"))
    #expect(s.state.review?.file?.isFolded == false)
  }

  @Test("r marks files viewed; the list shows it beside counts and verdicts")
  func files() {
    var s = session(90)
    s.press(Key("r"))
    #expect(s.state.review?.cursor.file == 1)
    s.press(Key(.tab))
    #expect(s.shows("◉"))
    #expect(s.shows("0/2"))
    s.press(Key("j"), Key("Y"))
    #expect(s.state.review?.tallies[2].summary == .accepted)
    s.press(Key(.escape))
    #expect(s.state.review?.view.showsFiles == false)
    #expect(!s.state.dialogs.isEmpty)
  }

  @Test("W hides what differs in blanks alone and decides nothing")
  func whitespace() {
    let file = MadeFile(
      path: "a.txt",
      pieces: [.same(2), .change(old: ["  x = 1", "gone"], new: ["x = 1", "come"]), .same(1)])
    var s = ReviewSamples.session([file, file])
    let rows = s.state.review?.index.count ?? 0
    s.press(Key("W"))
    #expect(s.state.review?.index.count == rows - 1)
    #expect(s.state.review?.decidedHunks == 0)
    s.press(Key("y"))
    #expect(s.state.review?.summary(file: 0, hunk: 0) == .accepted)
  }

  @Test("a delete of many lines is asked about once more")
  func delete() {
    let lines = (0..<300).map { "line \($0)" }
    var file = MadeFile(path: "old.txt", pieces: [.change(old: lines, new: [])])
    file.kind = "delete"
    var s = ReviewSamples.session([file, ReviewSamples.code])
    s.press(Key("y"))
    #expect(s.shows("Delete old.txt, 300 lines?"))
    s.press(Key(.enter))
    #expect(s.state.review?.decidedHunks == 0)
    s.press(Key("A"), Key("y"))
    #expect(s.state.review?.isComplete == true)
  }

  @Test("what is on disk, stale or replaced is said")
  func states() {
    let onDisk = Samples.reviewingOnDisk()
    #expect(onDisk.shows("ON DISK"))
    var s = session()
    #expect(s.shows("not on disk"))
    s.reply(
      .reviewPreview(reviewId: "R9"),
      StetReviewPreviewResponse(files: [
        .init(path: "/home/user/project/Sources/Date.swift", diff: "", resultHash: nil, stale: true)
      ]))
    s.wait(60_000)
    #expect(s.shows("Date.swift (1 of 4) changed on disk"))
  }

  @Test("a review that replaces another begins with its decisions")
  func superseded() {
    var s = session()
    s.press(Key("y"), Key("n"), Key("A"), Key(.enter))
    #expect(s.answers().count == 1)
    let (changes, review) = ReviewSamples.request(ReviewSamples.files, supersedes: "R9", id: "R10")
    s.proposeEdit(changes, review: review, id: 10)
    #expect(s.shows("changed on disk meanwhile"))
    #expect(s.state.prompts.review?.summary(file: 0, hunk: 1) == .rejected)
    #expect(s.state.prompts.review?.isComplete == true)
    #expect(s.answers().isEmpty, "another key is needed: this is not what was reviewed")
  }

  @Test("q keeps the decisions for another run, submitting forgets them")
  func drafts() {
    var s = session()
    s.press(Key("y"), Key("q"))
    let saved = s.taken().compactMap { effect -> JSONValue? in
      if case .save(.review("R9", let draft)) = effect { draft } else { nil }
    }
    #expect(saved.count == 1)
    s.answer(Key(.enter))
    s.press(Key("A"), Key(.enter))
    let forgotten = s.taken().contains { effect in
      if case .save(.review("R9", nil)) = effect { true } else { false }
    }
    #expect(forgotten)
  }

  @Test("a decision is saved a moment after it was made, also when nobody leaves the review")
  func savedByItself() {
    var s = session()
    s.press(Key("y"))
    s.wait(5_000)
    #expect(s.taken().contains { if case .save(.review("R9", .some)) = $0 { true } else { false } })
    s.wait(5_000)
    #expect(!s.taken().contains { if case .save(.review) = $0 { true } else { false } })
  }

  @Test("shift-tab goes between asking first and reviewing at the end")
  func mode() {
    var s = session()
    s.press(Key(.tab, .shift))
    #expect(s.shows("review-at-end"))
    #expect(!s.state.dialogs.isEmpty)
  }
}
