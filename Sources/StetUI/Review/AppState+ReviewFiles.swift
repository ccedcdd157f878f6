import StetProtocol
import StetText

/// The file list, the mouse, and the views that follow them.
extension AppState {
  mutating func perform(_ command: ReviewFilesCommand) {
    guard let review else { return }
    switch command {
    case .next: goToFile(review.cursor.file + 1)
    case .previous: goToFile(review.cursor.file - 1)
    case .pageDown: goToFile(min(review.cursor.file + review.view.pageRows, review.files.count - 1))
    case .pageUp: goToFile(max(review.cursor.file - review.view.pageRows, 0))
    case .first: goToFile(0)
    case .last: goToFile(review.files.count - 1)
    case .accept: perform(.acceptFile)
    case .reject: perform(.rejectFile)
    case .viewed: markViewed(review)
    case .open, .close: updateReview { $0.view.showsFiles = false }
    }
  }

  private mutating func goToFile(_ file: Int) { updateReview { $0.moveCursor(toFile: file) } }

  /// A click goes to the line or opens the file; on the line under the cursor, what is hidden there.
  mutating func clickReview(_ position: Point) {
    guard reviewField == nil, let review, review.confirm == nil, let hit = reviewHits[position.y] else {
      return
    }
    if let file = hit.file, position.x < hit.fileColumns {
      updateReview { review in
        review.moveCursor(toFile: file)
        review.view.showsFiles = false
      }
    } else if let row = hit.row {
      updateReview { $0.cursor.row = row }
      if case .gap? = review.index[row] { expand(whole: false) }
      if review.index[row] == .folded { expand(whole: false) }
    }
  }

  /// shift-tab: ask before each edit, or review what landed when the turn is over.
  mutating func switchReviewMode() {
    let present = wanted.mode ?? thread?.mode ?? .ask
    wantMode(present == .ask ? .reviewAtEnd : .ask)
  }
}
