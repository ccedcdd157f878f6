import StetProtocol
import StetTestSupport
import Testing

@testable import StetUI

/// review.md A5: decisions are about operations, so nothing but a decision changes what is sent.
@Suite("review.md A5: properties of the review screen") struct ReviewPropertyTests {
  /// Numbers that are the same in every run.
  private struct Dice {
    var state: UInt64
    mutating func roll(_ sides: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(max(1, sides)))
    }
  }

  private func made(_ seed: Int) -> [MadeFile] {
    var dice = Dice(state: UInt64(seed) &* 977 &+ 5)
    return (0..<1 + dice.roll(4)).map { number in
      var pieces: [MadeFile.Piece] = [.same(dice.roll(6))]
      for change in 0..<1 + dice.roll(5) {
        let old = (0..<dice.roll(4)).map { "old \(number) \(change) \($0)" }
        let new = (0..<dice.roll(4)).map { "new \(number) \(change) \($0)" }
        guard !old.isEmpty || !new.isEmpty else { continue }
        pieces += [.change(old: old, new: new), .same(1 + dice.roll(12))]
      }
      if pieces.count == 1 { pieces.append(.change(old: ["a"], new: ["b"])) }
      return MadeFile(path: "dir\(number % 2)/file\(number).txt", pieces: pieces)
    }
  }

  private func sent(_ s: Session) throws -> [StetFileDecision] {
    let review = try #require(s.state.prompts.review)
    guard case .stetReview(let decision) = review.decision() else {
      Issue.record("no decision by hunk")
      return []
    }
    return decision.files
  }

  private func results(_ s: Session, _ files: [MadeFile]) throws -> [[String]] {
    zip(files, try sent(s)).map { $0.result($1) }
  }

  @Test("all accepted is the proposal, all rejected the base", arguments: 0..<8)
  func allOrNothing(_ seed: Int) throws {
    let files = made(seed)
    var s = ReviewSamples.session(files)
    s.press(Key("A"))
    #expect(try results(s, files) == files.map(\.proposed))
    var other = ReviewSamples.session(files)
    other.press(Key("X"), Key("y"))
    #expect(try results(other, files) == files.map(\.base))
  }

  @Test("by line is by hunk", arguments: 0..<8)
  func byLine(_ seed: Int) throws {
    let files = made(seed)
    var whole = ReviewSamples.session(files)
    var lines = ReviewSamples.session(files)
    var dice = Dice(state: UInt64(seed))
    for file in files.indices {
      for hunk in files[file].described().hunks.indices {
        let verdict: ReviewVerdict = dice.roll(2) == 0 ? .accepted : .rejected
        whole.state.updateReview { $0.decide(verdict, file: file, hunk: hunk) }
        lines.state.updateReview { review in
          for operation in Array(review.files[file].hunks[hunk].operations).reversed() {
            review.decide(verdict, file: file, operations: [operation])
          }
        }
      }
    }
    #expect(try sent(whole) == sent(lines))
  }

  @Test("the order of decisions is irrelevant, and views never move one", arguments: 0..<8)
  func orderAndViews(_ seed: Int) throws {
    let files = made(seed)
    var straight = ReviewSamples.session(files)
    var shuffled = ReviewSamples.session(files, 150, 20)
    var dice = Dice(state: UInt64(seed) &+ 99)
    var decisions: [(file: Int, operation: Int, verdict: ReviewVerdict)] = []
    for (file, content) in (straight.state.review?.files ?? []).enumerated() {
      for operation in content.operations.indices {
        decisions.append((file, operation, dice.roll(2) == 0 ? .accepted : .rejected))
      }
    }
    for decision in decisions {
      straight.state.updateReview {
        $0.decide(decision.verdict, file: decision.file, operations: [decision.operation])
      }
    }
    let looks: [Key] = [
      Key("1"), Key("2"), Key("0"), Key("w"), Key("W"), Key("s"), Key("j"), Key("]"), Key("}"), Key("i"),
      Key("v"), Key("G"), Key("K"), Key("m"),
    ]
    for index in decisions.indices.reversed() {
      shuffled.size.columns = [20, 40, 80, 150, 200][dice.roll(5)]
      shuffled.frame()
      shuffled.press(looks[dice.roll(looks.count)])
      let decision = decisions[index]
      shuffled.state.updateReview {
        $0.decide(decision.verdict, file: decision.file, operations: [decision.operation])
      }
    }
    #expect(try sent(straight) == sent(shuffled))
    #expect(straight.state.review?.tallies.map(\.summary) == shuffled.state.review?.tallies.map(\.summary))
  }

  @Test("undo goes back to the beginning and redo to the end", arguments: 0..<8)
  func undoIsTotal(_ seed: Int) throws {
    let files = made(seed)
    var s = ReviewSamples.session(files)
    let start = try #require(s.state.review)
    var dice = Dice(state: UInt64(seed) &+ 7)
    var trail: [[[ReviewVerdict?]]] = []
    for _ in 0..<40 {
      switch dice.roll(7) {
      case 0: s.press(Key("y"))
      case 1: s.press(Key("n"))
      case 2: s.press(Key(" "))
      case 3: s.press(Key("Y"))
      case 4: s.press(Key("V"), Key("n"))
      case 5:
        s.state.updateReview { review in
          guard let hunk = review.currentHunk else { return }
          let own = review.files[review.cursor.file].hunks[hunk].operations
          review.edit(file: review.cursor.file, operations: own, text: "mine \(dice.roll(9))\n")
        }
      default: s.press(Key("s"))
      }
      s.press([Key("]"), Key("J"), Key("}"), Key("{")][dice.roll(4)])
      trail.append(try #require(s.state.review).verdicts)
    }
    let end = try #require(s.state.review)
    var steps = 0
    while s.state.review?.undoStack.isEmpty == false {
      s.press(Key("u"))
      steps += 1
    }
    #expect(s.state.review?.verdicts == start.verdicts)
    #expect(s.state.review?.decidedHunks == 0)
    for _ in 0..<steps { s.press(.ctrl("r")) }
    #expect(s.state.review?.verdicts == end.verdicts)
    #expect(s.state.review?.tallies == end.tallies)
  }

  @Test("a draft brings every decision, comment and mark back", arguments: 0..<4)
  func draft(_ seed: Int) throws {
    let files = made(seed)
    var s = ReviewSamples.session(files)
    s.press(Key("y"), Key("n"), Key("c"))
    s.type("why?")
    s.press(Key(.enter), Key("r"))
    s.state.updateReview { review in
      guard let hunk = review.currentHunk else { return }
      let own = review.files[review.cursor.file].hunks[hunk].operations
      review.edit(file: review.cursor.file, operations: own, text: "mine\n")
    }
    let left = try #require(s.state.review)
    var other = ReviewSamples.session(files)
    other.send(.reviewDraft(id: "R9", left.draft))
    let back = try #require(other.state.review)
    #expect(back.verdicts == left.verdicts)
    #expect(back.comments == left.comments)
    #expect(back.viewed == left.viewed)
    #expect(back.tallies == left.tallies)
  }
}
