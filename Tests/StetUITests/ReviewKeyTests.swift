import StetProtocol
import StetText
import Testing

@testable import StetUI

/// review.md A4: the keys that move, look and copy, and the mouse; each by itself.
@Suite("review.md A4: keys that move, look and copy") struct ReviewKeyTests {
  private func session(_ columns: Int = 100, _ rows: Int = 30) -> Session {
    ReviewSamples.session(ReviewSamples.files, columns, rows)
  }

  /// File and hunk under the cursor.
  private func place(_ s: Session) -> [Int] {
    guard let review = s.state.review else { return [] }
    return [review.cursor.file, review.currentHunk ?? -1]
  }

  private func copied(_ s: Session) -> [String] {
    s.taken().compactMap { if case .copy(let text) = $0 { text } else { nil } }
  }

  @Test(
    "J and K go through the undecided hunks of all files in their order, round the end, and skip the decided")
  func undecided() {
    var s = session()
    var forth: [[Int]] = []
    for _ in 0..<6 {
      s.press(Key("J"))
      forth.append(place(s))
    }
    #expect(forth == [[0, 1], [1, 0], [2, 0], [3, 0], [0, 0], [0, 1]])
    var back: [[Int]] = []
    for _ in 0..<5 {
      s.press(Key("K"))
      back.append(place(s))
    }
    #expect(back == [[0, 0], [3, 0], [2, 0], [1, 0], [0, 1]])
    s.press(Key("}"), Key("y"))
    #expect(place(s) == [2, 0], "y goes on to the next undecided")
    s.press(Key("K"))
    #expect(place(s) == [0, 1], "the accepted one is skipped")
    s.press(Key("]"))
    #expect(place(s) == [1, 0], "] goes to every hunk")
  }

  @Test("] and [ go to every hunk, over the ends of files, and stay at both ends; } and { to every file")
  func hunksAndFiles() {
    var s = session()
    s.press(Key("["))
    #expect(place(s) == [0, 0])
    s.press(Key("]"), Key("]"), Key("]"), Key("]"), Key("]"), Key("]"))
    #expect(place(s) == [3, 0])
    s.press(Key("j"), Key("j"), Key("["))
    #expect(
      place(s) == [3, 0] && s.state.review?.currentRow == .heading(0), "first to where the hunk begins")
    s.press(Key("["))
    #expect(place(s) == [2, 0])
    s.press(Key("{"), Key("{"), Key("{"))
    #expect(place(s)[0] == 0)
    s.press(Key("}"), Key("}"))
    #expect(place(s)[0] == 2)
  }

  @Test("m and M go to notes and comments of all files, in their order and back")
  func remarks() {
    var s = session()
    s.press(Key("}"), Key("}"), Key("}"), Key("C"))
    s.type("a comment on the last file")
    s.press(Key(.enter), Key("{"), Key("{"), Key("{"), Key("g"))
    func remark() -> ReviewRow? { s.state.review?.currentRow }
    var seen: [(Int, ReviewRow?)] = []
    if remark()?.isRemark == true { seen.append((place(s)[0], remark())) }
    while seen.count < 4 {
      s.press(Key("m"))
      seen.append((place(s)[0], remark()))
    }
    let first = seen.prefix(3)
    #expect(first.map(\.0) == [0, 0, 3], "two notes of the first file, the comment of the last")
    #expect(first.allSatisfy { $0.1?.isRemark == true })
    #expect(seen[3].0 == 0, "and round again")
    s.press(Key("M"))
    #expect(place(s)[0] == 3 && remark()?.isRemark == true)
    var without = ReviewSamples.session([
      MadeFile(path: "a.txt", pieces: [.same(1), .change(old: ["x"], new: ["y"])])
    ])
    without.press(Key("m"))
    #expect(without.shows("no notes or comments"))
  }

  @Test("i hides what the agent says of the change and brings it back; no decision moves")
  func notes() {
    var s = session()
    s.press(Key("y"), Key("["), Key("["))
    #expect(s.shows("pin the zone") && s.shows("the test depends on where it runs"))
    s.press(Key("i"))
    #expect(!s.shows("pin the zone") && !s.shows("the test depends on where it runs"))
    #expect(s.shows("notes are hidden"))
    s.press(Key("i"))
    #expect(s.shows("pin the zone") && s.shows("notes are shown"))
    #expect(s.state.review?.summary(file: 0, hunk: 0) == .accepted && s.state.review?.decidedHunks == 1)
  }

  @Test("w wraps long lines or cuts them; what is decided stays, and the cursor on its line")
  func wrap() {
    let end = "the-end-of-it"
    let long = String(repeating: "word ", count: 30) + end
    let file = MadeFile(path: "a.txt", pieces: [.same(2), .change(old: ["short"], new: [long]), .same(2)])
    var s = ReviewSamples.session([file, file], 80)
    #expect(s.shows(end), "under 100 columns lines are wrapped by themselves")
    s.press(Key("j"), Key("w"))
    let row = s.state.review?.cursor.row
    #expect(!s.shows(end) && s.shows("long lines are cut"))
    s.press(Key("w"))
    #expect(s.shows(end) && s.state.review?.cursor.row == row)
    s.press(Key("w"), Key("y"))
    #expect(s.state.review?.summary(file: 0, hunk: 0) == .accepted)
    var wide = ReviewSamples.session([file, file], 120)
    #expect(!wide.shows(end))
    wide.press(Key("w"))
    #expect(wide.shows(end) && wide.shows("long lines are wrapped"))
  }

  @Test("ctrl-y copies the new side of the hunk without marks or numbers; of a selection just its lines")
  func copy() {
    let file = MadeFile(
      path: "a.txt", pieces: [.same(1), .change(old: ["- old"], new: ["+ new", "more"]), .same(1)])
    var s = ReviewSamples.session([file, file])
    s.press(.ctrl("y"))
    #expect(copied(s) == ["let line0 = 0\n+ new\nmore\nlet line2 = 2"])
    s.press(Key("/"))
    s.type("- old")
    s.press(Key(.enter), Key("v"), Key("j"))
    _ = s.taken()
    s.press(.ctrl("y"))
    #expect(copied(s) == ["- old\n+ new"])
    #expect(s.state.review?.cursor.anchor == nil && s.state.review?.decidedHunks == 0)
  }

  @Test("g, G, ctrl-d, ctrl-u, ctrl-f and ctrl-b move by the window and stop at the ends")
  func pages() throws {
    let lines = (0..<200).map { "n\($0)" }
    var s = ReviewSamples.session([
      MadeFile(path: "a.txt", pieces: [.change(old: [], new: lines)]), ReviewSamples.code,
    ])
    s.frame()
    func row() -> Int { s.state.review?.cursor.row ?? -1 }
    let page = try #require(s.state.review?.view.pageRows) - 1
    let last = try #require(s.state.review?.index.count) - 1
    s.press(Key("g"), .ctrl("f"))
    #expect(row() == page)
    s.press(.ctrl("d"))
    #expect(row() == page + page / 2)
    s.press(.ctrl("u"), .ctrl("b"), .ctrl("b"))
    #expect(row() == 0)
    s.press(Key("G"), .ctrl("f"))
    #expect(row() == last)
    s.press(Key(.up), Key("k"), Key(.down), Key("j"), Key("j"))
    #expect(row() == last)
  }

  // MARK: Mouse

  private func click(_ s: inout Session, on text: String) throws {
    let rows = s.frame().surface.rows
    let y = try #require(rows.firstIndex { $0.contains(text) })
    let x = try #require(rows[y].firstRange(of: text)).lowerBound
    s.send(.input(.mouse(Mouse(.press, at: Point(x: Width.of(String(rows[y][..<x])), y: y)))))
  }

  @Test("a click goes to its line and decides nothing; on a gap it opens it; in the list it opens the file")
  func clicks() throws {
    var s = session(90)
    try click(&s, on: "why not a constant")
    #expect(s.state.review?.currentHunk == 0 && s.state.review?.currentRow?.lines.isEmpty == false)
    #expect(s.state.review?.decidedHunks == 0)
    s.press(Key("n"))
    #expect(s.state.review?.summary(file: 0, hunk: 0) == .rejected)
    try click(&s, on: "unchanged lines")
    #expect(s.requests().contains { if case .stetReviewRead = $0 { true } else { false } })
    s.press(Key(.tab))
    try click(&s, on: "README.md")
    #expect(s.state.review?.cursor.file == 3 && s.state.review?.view.showsFiles == false)
    s.press(Key("{"))
    try click(&s, on: "generated: ")
    #expect(s.state.review?.file?.isFolded == false)
  }

  @Test("a question or a line of text keeps its place under a click; nothing below it moves")
  func clicksBelow() throws {
    var s = session(90)
    s.press(Key("X"))
    let row = s.state.review?.cursor.row
    try click(&s, on: "why not a constant")
    #expect(s.state.review?.cursor.row == row && s.state.review?.confirm != nil)
    s.press(Key("n"), Key("C"))
    try click(&s, on: "why not a constant")
    #expect(s.state.review?.cursor.row == row && s.state.reviewField != nil)
  }

  @Test("the wheel moves through the lines and stops at both ends")
  func wheel() {
    var s = session()
    s.press(Key("g"))
    func turn(_ action: Mouse.Action) { s.send(.input(.mouse(Mouse(action, at: Point(x: 20, y: 10))))) }
    turn(.wheelDown)
    #expect(s.state.review?.cursor.row == 3)
    turn(.wheelUp)
    turn(.wheelUp)
    #expect(s.state.review?.cursor.row == 0)
    for _ in 0..<100 { turn(.wheelDown) }
    #expect(s.state.review?.cursor.row == (s.state.review?.index.count ?? 0) - 1)
    #expect(s.state.review?.decidedHunks == 0)
  }
}
