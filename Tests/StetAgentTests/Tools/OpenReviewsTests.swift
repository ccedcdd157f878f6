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
