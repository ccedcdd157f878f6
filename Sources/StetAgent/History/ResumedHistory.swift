import StetProtocol

/// What the reply to `thread/resume` shows of the history: read from disk first, completed with what runs.
struct ResumedHistory: Sendable {
  let turnsCursor: String?
  let itemsCursor: String?
  private let stored: [Turn]
  private let excludesTurns: Bool
  private let firstPage: TurnsPage?
  private let pageView: TurnItemsView

  /// Blocks on the disk.
  init(_ pages: HistoryPages, _ params: ThreadResumeParams) throws {
    excludesTurns = params.excludeTurns == true
    stored = excludesTurns ? [] : try pages.storedTurns()
    pageView = params.initialTurnsPage?.itemsView ?? .summary
    firstPage = try params.initialTurnsPage.map {
      try pages.turns(cursor: nil, limit: $0.limit, direction: $0.sortDirection, view: $0.itemsView)
    }
    turnsCursor = try pages.lastTurnCursor()
    itemsCursor = try pages.lastItemCursor()
  }

  func turns(_ live: [TurnState]) -> [Turn] {
    excludesTurns ? [] : stored + live.map { $0.wire(.full) }
  }

  /// The page, its turns as they are now.
  func page(_ live: [TurnState]) -> TurnsPage? {
    guard var page = firstPage else { return nil }
    page.data = page.data.map { turn in live.last { $0.id == turn.id }?.wire(pageView) ?? turn }
    return page
  }
}
