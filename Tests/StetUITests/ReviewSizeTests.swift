import StetProtocol
import StetText
import Testing

@testable import StetUI

/// review.md A5 "Performance": what is not on the screen is neither laid out nor coloured.
@Suite("review.md A5: large reviews") struct ReviewSizeTests {
  private func opened(_ files: [MadeFile]) -> Session {
    var s = Samples.working()
    s.size = .init(columns: 200, rows: 40)
    let (changes, review) = ReviewSamples.request(files)
    s.proposeEdit(changes, review: review)
    s.state.openReview()
    return s
  }

  @Test("a diff of 100,000 lines shows its end after one key and colours what is visible")
  func oneLongFile() {
    let old = (0..<50_000).map { "let a\($0) = \($0)" }
    let new = (0..<50_000).map { "let b\($0) = \($0)" }
    let file = MadeFile(path: "long.swift", pieces: [.change(old: old, new: new)])
    var s = opened([file, ReviewSamples.code])
    s.frame()
    #expect(s.state.review?.files[0].lines.count == 100_000)
    s.press(Key("2"), Key("G"))
    s.frame()
    #expect(s.shows("b49999"))
    #expect(s.state.reviewRows.colouredLines < 1_000)
    s.press(Key("y"))
    #expect(s.state.review?.tallies[0].summary == .accepted)
    s.press(Key("u"))
    #expect(s.state.review?.tallies[0].summary == .undecided)
  }

  @Test("a review of 1,000 files colours the first alone and goes to the last at once")
  func manyFiles() {
    let files = (0..<1_000).map { number in
      MadeFile(path: "dir\(number / 50)/f\(number).swift", pieces: ReviewSamples.code.pieces)
    }
    var s = opened(files)
    s.frame()
    #expect(s.state.reviewRows.colouredLines < 1_000)
    s.press(Key(.tab), Key("G"), Key(.enter))
    s.frame()
    #expect(s.state.review?.cursor.file == 999)
    #expect(s.shows("(1000 of 1000)"))
    #expect(s.state.reviewRows.colouredLines < 1_000)
    s.press(Key("A"))
    #expect(s.state.review?.isComplete == true)
  }
}
