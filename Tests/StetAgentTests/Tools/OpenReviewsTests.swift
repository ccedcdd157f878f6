import StetProtocol
import StetTestSupport
import StetWorkspace
import Testing

@testable import StetAgent

/// The reviews of a thread: which wait, which make room, and that each is decided once.
@Suite struct OpenReviewsTests {
  private func review(_ id: String, _ kind: OpenReviews.Kind) throws -> OpenReviews.Open {
    OpenReviews.Open(
      id: id, turnId: "t", itemId: "i", createdAtMs: 0, proposals: ProposalSet(files: []), kind: kind)
  }

  @Test("looks make room for looks, and never take the place of what waits for a decision")
  func looks() throws {
    let reviews = OpenReviews()
    #expect(reviews.add(try review("turn", .turn)).isEmpty)
    #expect(reviews.add(try review("proposal", .proposal)).isEmpty)
    var gone: [String] = []
    for number in 0..<100 {
      gone += reviews.add(try review("look \(number)", number % 2 == 0 ? .look : .picture)).map(\.id)
    }
    #expect(gone == (0..<(100 - OpenReviews.lookLimit)).map { "look \($0)" })
    #expect(reviews["turn"] != nil && reviews["proposal"] != nil && reviews["look 99"] != nil)
    for number in 0..<(OpenReviews.waitingLimit - 2) {
      #expect(reviews.add(try review("more \(number)", .turn)).isEmpty)
    }
    #expect(reviews.add(try review("one too many", .turn)).map(\.id) == ["turn"])
    #expect(reviews["look 99"] != nil)
  }

  @Test("a review takes its decisions once: queued, being carried out, or gone, it takes no others")
  func once() throws {
    let reviews = OpenReviews()
    let review = try review("a", .turn)
    reviews.add(review)
    let queued = OpenReviews.Queued(review: review, decision: ReviewDecision(proposals: review.proposals))
    #expect(reviews.enqueue(queued) && !reviews.enqueue(queued) && !reviews.land("a"))
    #expect(reviews.takeQueued()?.review.id == "a" && reviews.takeQueued() == nil)
    // It is still open, and on its way.
    #expect(!reviews.isUndecided("a") && !reviews.enqueue(queued) && !reviews.land("a"))
    reviews.landed("a")
    #expect(reviews.isUndecided("a") && reviews.land("a") && !reviews.land("a"))
    reviews.finish(OpenReviews.Done(review: review))
    reviews.landed("a")
    #expect(!reviews.isUndecided("a") && !reviews.enqueue(queued))
  }
}
