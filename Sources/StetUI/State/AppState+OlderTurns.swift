import StetProtocol
import StetText

/// Threads open with their last turns; earlier ones are read when the user comes near them (U15).
extension AppState {
  /// Where the server can, only the last turns are asked for: a long thread shows its end at once.
  func askForLastTurns(_ params: inout ThreadResumeParams) {
    guard server?.isStet == true else { return }
    params.excludeTurns = true
    params.initialTurnsPage = ThreadResumeInitialTurnsPageParams(
      itemsView: .full, limit: OlderTurns.pageTurns, sortDirection: .desc)
  }

  /// Shows the turns that a resumed thread came with, and returns them, oldest first.
  mutating func load(_ response: ThreadResumeResponse) -> [Turn] {
    guard let page = response.initialTurnsPage else {
      older = OlderTurns()
      transcript.load(response.thread.turns, now: now)
      return response.thread.turns
    }
    let turns = Array(page.data.reversed())
    older = OlderTurns(cursor: page.data.isEmpty ? nil : page.nextCursor)
    transcript.load(turns, now: now)
    return turns
  }

  /// Asks for the page before what is loaded, one at a time, when its place is near.
  mutating func readOlderTurns() {
    guard let thread, let cursor = older.cursor, older.phase == .resting, canReadOlder, closedReason == nil,
      !isOpeningThread, older.isGoingToStart || isNearStart
    else { return }
    older.ask()
    let params = ThreadTurnsListParams(
      threadId: thread.id, cursor: cursor, itemsView: .full,
      limit: older.isGoingToStart ? OlderTurns.jumpTurns : OlderTurns.pageTurns, sortDirection: .desc)
    emit(.send(.threadTurnsList(params), .olderTurns(cursor: cursor)))
  }

  mutating func receiveOlderTurns(_ cursor: String, _ result: Result<ThreadTurnsListResponse, RPCError>) {
    guard older.phase == .asking, older.cursor == cursor else { return }
    switch result {
    case .failure(let error): older.fail(error.message)
    case .success(let page):
      let count = transcript.prepend(page.data.reversed(), now: now)
      older.receive(items: count, isEmpty: page.data.isEmpty, next: page.nextCursor)
      guard older.isGoingToStart else { return }
      goToFirstEntry()
      older.isGoingToStart = older.cursor != nil && canReadOlder
    }
  }

  mutating func goToFirstEntry() {
    transcript.selected = transcript.isEmpty ? nil : 0
    transcript.layout.scrollToTop()
  }

  /// Back at the end: what was read on the way up need not stay.
  mutating func letGoOlderTurns() {
    guard transcript.layout.isAtTail, transcript.items.count > OlderTurns.restingItems else { return }
    let surplus = min(
      transcript.items.count - OlderTurns.restingItems, transcript.selected ?? transcript.items.count)
    transcript.dropFirst(older.release(surplus: surplus))
  }

  private var canReadOlder: Bool { transcript.items.count < OlderTurns.maxItems && !transcript.isCut }

  private var isNearStart: Bool {
    switch transcript.layout.position {
    // Fewer entries than rows may not fill the screen.
    case .tail: transcript.items.count < transcriptRows
    case .anchor(let item, _): item < OlderTurns.margin
    }
  }

  /// What the rule above the transcript says of what lies before it; nothing while all is well.
  func olderWords(width: Int) -> String {
    let words: String
    switch older.phase {
    case .asking: words = "reading earlier turns …"
    case .failed(let reason):
      words = "scroll up tries again: earlier turns were not read: " + Words.firstLine(reason)
    case .resting:
      guard case .anchor(item: 0, _) = transcript.layout.position else { return "" }
      guard transcript.isCut || (older.cursor != nil && !canReadOlder) else { return "" }
      words = "more than can be shown: stet sessions show has the rest"
    }
    return " ↑ " + Width.truncate(words, columns: max(1, width - 9)) + " "
  }
}
