import StetProtocol
import StetText

/// The items of a thread in order, and how far they have arrived.
struct Transcript: Sendable {
  // Written by this type's own files only.
  var items: [TranscriptItem] = []
  var positions: [String: Int] = [:]
  var ownItems = 0
  /// Entries at the beginning were let go because there are too many.
  var isCut = false
  var layout = TranscriptLayout()
  /// Pictures whose files were not read yet.
  var unreadPictures: [String] = []
  /// Pictures that are read of a thread that is opened; of older ones the path alone is shown.
  static let maxPictures = 40
  /// What was folded and unfolded by hand, by the server's ids of the entries: they are the same in the next run.
  private(set) var folds: [String: Bool] = [:]
  /// Something was folded since the last look.
  var hasNewFolds = false
  /// The item that the transcript's keys act on.
  var selected: Int?

  /// Items kept in memory. Older ones go when a thread grows past it; the thread log has them all (U15).
  static let maxItems = 20_000

  var isEmpty: Bool { items.isEmpty }

  func item(_ id: String) -> TranscriptItem? { positions[id].map { items[$0] } }

  func position(of id: String) -> Int? { positions[id] }

  /// Lays out or scrolls: the layout and the items are changed together and neither is copied.
  mutating func withLayout<Result>(
    _ body: (inout TranscriptLayout, inout [TranscriptItem]) -> Result
  ) -> Result {
    body(&layout, &items)
  }

  /// A picture's file was read.
  mutating func show(_ facts: PictureFacts, of path: String) {
    for index in items.indices {
      guard case .image(var image) = items[index].content, image.path == path else { continue }
      image.facts = facts
      items[index].content = .image(image)
    }
  }

  /// Every line that was made is made again from its source.
  mutating func layOutAnew() {
    for index in items.indices { items[index].layOutAnew() }
  }

  // MARK: Server items

  /// An item began.
  mutating func start(_ item: ThreadItem, turnId: String, now: Instant) {
    if let retry = positions["retry-" + turnId], !items[retry].isFinal { items[retry].isFinal = true }
    put(item, turnId: turnId, isFinal: isComplete(item), now: now)
  }

  /// An item ended. What was streamed before is replaced by the server's final text.
  mutating func complete(_ item: ThreadItem, turnId: String, now: Instant) {
    put(item, turnId: turnId, isFinal: true, now: now)
  }

  /// The kinds that come whole: their start is all there is to see.
  func isComplete(_ item: ThreadItem) -> Bool {
    switch item {
    case .userMessage, .imageView, .enteredReviewMode, .contextCompaction: true
    default: false
    }
  }

  mutating func put(_ item: ThreadItem, turnId: String, isFinal: Bool, now: Instant) {
    let content = TranscriptItem.Content(item)
    if let position = positions[item.id] {
      items[position].content = Self.merged(content, over: items[position], isFinal: isFinal, now: now)
      layout.forget(position)
    } else {
      append(TranscriptItem(id: item.id, turnId: turnId, content: content, isFinal: false, startedAt: now))
      if case .image(let image) = content {
        unreadPictures = (unreadPictures + [image.path]).suffix(Self.maxPictures)
      }
    }
    guard let position = positions[item.id] else { return }
    switch item {
    case .agentMessage(let message): items[position].setMarkdown(message.text)
    case .plan(let plan): items[position].setMarkdown(plan.text)
    case .commandExecution(let command): items[position].setOutput(command.aggregatedOutput ?? "")
    default: break
    }
    if isFinal { items[position].finishMarkdown() }
    items[position].isFinal = isFinal
  }

  /// Keeps what only the stream told: the text of reasoning that the end does not repeat, and the time it took.
  private static func merged(
    _ content: TranscriptItem.Content, over old: TranscriptItem, isFinal: Bool, now: Instant
  ) -> TranscriptItem.Content {
    if case .image(let new) = content, case .image(let earlier) = old.content, new.path == earlier.path {
      return old.content
    }
    guard case .reasoning(var new) = content, case .reasoning(let earlier) = old.content else {
      return content
    }
    if new.text.isEmpty { (new.summary, new.raw) = (earlier.summary, earlier.raw) }
    if isFinal { new.durationMs = now.since(old.startedAt) }
    return .reasoning(new)
  }

  // MARK: Deltas

  mutating func appendText(_ id: String, _ delta: String) {
    guard let position = positions[id] else { return }
    items[position].appendMarkdown(delta)
  }

  mutating func appendReasoning(_ id: String, _ delta: String, part: Int, isSummary: Bool) {
    change(id) { content in
      guard case .reasoning(var reasoning) = content else { return }
      reasoning.append(delta, part: part, isSummary: isSummary)
      content = .reasoning(reasoning)
    }
  }

  mutating func appendOutput(_ id: String, _ delta: String) {
    guard let position = positions[id] else { return }
    items[position].appendOutput(delta)
    if case .command(var command) = items[position].content, command.state == .waiting {
      command.state = .running
      items[position].content = .command(command)
    }
  }

  mutating func setProgress(_ id: String, _ message: String) {
    change(id) { content in
      guard case .tool(var tool) = content else { return }
      tool.progress = message
      content = .tool(tool)
    }
  }

  mutating func setChanges(_ id: String, _ changes: [FileUpdateChange]) {
    change(id) { content in
      guard case .fileChange(var change) = content else { return }
      change.files = changes.map(FileChangeContent.File.init)
      content = .fileChange(change)
    }
  }

  private mutating func change(_ id: String, _ body: (inout TranscriptItem.Content) -> Void) {
    guard let position = positions[id] else { return }
    body(&items[position].content)
  }

  // MARK: Own items

  /// Adds an entry that the server has no item for, and returns its id.
  @discardableResult mutating func addOwn(
    _ content: TranscriptItem.Content, turnId: String? = nil, isFinal: Bool = true, now: Instant
  ) -> String {
    ownItems += 1
    let id = "ui-\(ownItems)"
    append(TranscriptItem(id: id, turnId: turnId, content: content, isFinal: isFinal, startedAt: now))
    return id
  }

  /// Puts entries back as they were before they were closed, and gives one of our own another text.
  mutating func reopen(_ old: [TranscriptItem], note: (id: String, content: TranscriptItem.Content)) {
    for item in old {
      guard let position = positions[item.id] else { continue }
      items[position] = item
      layout.forget(position)
    }
    change(note.id) { $0 = note.content }
  }

  /// The plan of a turn: one item that each update replaces.
  mutating func setPlan(_ update: TurnPlanUpdatedNotification, now: Instant) {
    let id = "plan-" + update.turnId
    let content = TranscriptItem.Content.plan(PlanContent(update))
    if let position = positions[id] {
      items[position].content = content
    } else {
      append(TranscriptItem(id: id, turnId: update.turnId, content: content, isFinal: true, startedAt: now))
    }
  }

  /// A failure that the server tries again by itself: one item that each further try replaces.
  mutating func setRetry(_ error: ErrorContent, turnId: String, now: Instant) {
    let id = "retry-" + turnId
    if let position = positions[id], !items[position].isFinal, position == items.count - 1 {
      items[position].content = .error(error)
      return
    }
    positions[id] = nil
    append(
      TranscriptItem(id: id, turnId: turnId, content: .error(error), isFinal: false, startedAt: now))
  }

  /// The server closes nothing of an interrupted turn: what is still open ends here.
  mutating func closeTurn(_ turnId: String, wasCut: Bool) {
    for position in items.indices.reversed() {
      guard let owner = items[position].turnId else { continue }
      if owner != turnId { break }
      if items[position].isFinal { continue }
      items[position].content = Self.closed(items[position].content, wasCut: wasCut)
      items[position].finishMarkdown()
      if case .command(let command) = items[position].content, command.state == .running { continue }
      items[position].isFinal = true
    }
  }

  /// An open message is cut and an open change was not made; a command that outlives its turn goes on.
  private static func closed(_ content: TranscriptItem.Content, wasCut: Bool) -> TranscriptItem.Content {
    switch content {
    case .command(var command):
      if wasCut || command.state == .waiting { command.state = .stopped }
      return .command(command)
    case .fileChange(var change):
      change.state = .stopped
      return .fileChange(change)
    default: return content
    }
  }

  private mutating func append(_ item: TranscriptItem) {
    positions[item.id] = items.count
    items.append(item)
    items[items.count - 1].isFolded = folds[item.id]
    guard items.count > Self.maxItems else { return }
    dropFirst(Self.maxItems / 10)
    isCut = true
  }

  // MARK: Folding

  mutating func toggleFold(_ position: Int) {
    guard items.indices.contains(position) else { return }
    let group = group(of: position)
    // Each of them on a line of its own, to be unfolded by itself.
    if group.count > 1 { return group.forEach { fold($0, true) } }
    fold(position, !items[position].folded)
  }

  /// Folds everything, or unfolds it if all is folded.
  mutating func toggleAllFolds() {
    let shouldFold = items.contains { $0.canFold && !$0.folded }
    for position in items.indices where items[position].canFold {
      if shouldFold, items[position].quietWords != nil {
        regroup(position)
      } else {
        fold(position, shouldFold)
      }
    }
  }

  /// Choices that are kept of a thread: more than anybody makes one by one.
  static let maxFolds = 1_000

  private mutating func fold(_ position: Int, _ isFolded: Bool) {
    items[position].isFolded = isFolded
    let id = items[position].id
    // Entries of the interface itself have other ids in the next run.
    guard !id.hasPrefix("ui-"), folds[id] != nil || folds.count < Self.maxFolds else { return }
    folds[id] = isFolded
    hasNewFolds = true
  }

  /// As it was before anything was chosen: with its neighbours, if it is quiet.
  private mutating func regroup(_ position: Int) {
    items[position].isFolded = nil
    if folds.removeValue(forKey: items[position].id) != nil { hasNewFolds = true }
  }

  /// Takes what an earlier run had folded; what was chosen since stays.
  mutating func restore(folds earlier: [String: Bool]) {
    folds.merge(earlier) { chosen, _ in chosen }
    for position in items.indices where items[position].isFolded == nil {
      if let isFolded = folds[items[position].id] { items[position].isFolded = isFolded }
    }
  }

  mutating func forgetFolds() { (folds, hasNewFolds) = ([:], false) }
}
