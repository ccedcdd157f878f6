/// What can be taken back: single verdicts with what they were before, or the comments before and after.
enum ReviewStep: Sendable {
  struct Change: Sendable {
    var file: Int
    var operation: Int
    var before: ReviewVerdict?
    var after: ReviewVerdict?
  }

  case verdicts([Change])
  case comments(before: [ReviewComment], after: [ReviewComment])

  var weight: Int {
    switch self {
    case .verdicts(let changes): changes.count
    case .comments(let before, let after): before.count + after.count
    }
  }
}

extension ReviewState {
  /// Changes that are kept for undo over all steps: 64 bytes each, so at most some 60 MB after hours of review.
  static let maxUndoWeight = 1_000_000
  /// A delete of more lines than this is asked about once more.
  static let largeDelete = 200

  /// Decides every operation of a hunk. Without details of the server the whole change is one decision.
  mutating func decide(_ verdict: ReviewVerdict?, file: Int, hunk: Int) {
    guard files.indices.contains(file), files[file].hunks.indices.contains(hunk) else { return }
    guard canDecideParts else { return decideAll(verdict) }
    set(verdict, files[file].hunks[hunk].operations.map { (file, $0) })
  }

  /// Decides some operations of a file.
  mutating func decide(_ verdict: ReviewVerdict?, file: Int, operations: [Int]) {
    guard files.indices.contains(file) else { return }
    guard canDecideParts else { return decideAll(verdict) }
    set(verdict, operations.filter { verdicts[file].indices.contains($0) }.map { (file, $0) })
  }

  /// Decides what the cursor is on: a hunk, or a folded file, whose one row is one decision.
  mutating func decideShown(_ verdict: ReviewVerdict?) {
    guard let file, let hunk = currentHunk else { return }
    if file.isFolded {
      decide(verdict, file: cursor.file)
    } else {
      decide(verdict, file: cursor.file, hunk: hunk)
    }
  }

  /// Decides a file as a whole, decided before or not.
  mutating func decide(_ verdict: ReviewVerdict?, file: Int) {
    guard files.indices.contains(file) else { return }
    guard canDecideParts else { return decideAll(verdict) }
    set(verdict, files[file].operations.indices.map { (file, $0) })
  }

  /// Decides what is undecided in a file, or in all files.
  mutating func decideRest(_ verdict: ReviewVerdict, file: Int?) {
    let scope = canDecideParts ? file.map { files.indices.contains($0) ? [$0] : [] } : nil
    set(
      verdict,
      (scope ?? Array(files.indices)).flatMap { file in
        verdicts[file].indices.filter { verdicts[file][$0] == nil }.map { (file, $0) }
      })
  }

  /// Decides everything, decided before or not.
  mutating func decideAll(_ verdict: ReviewVerdict?) {
    set(verdict, files.indices.flatMap { file in files[file].operations.indices.map { (file, $0) } })
  }

  /// Hunks undecided in a file, or in all of them.
  func undecided(file: Int?) -> Int {
    (file.map { [$0] } ?? Array(tallies.indices)).reduce(0) { $0 + tallies[$1].hunks - tallies[$1].decided }
  }

  /// Undecided deletes in a scope that take more lines away than anybody reads in passing.
  func largeDeletes(file: Int?) -> [Int] {
    (file.map { [$0] } ?? Array(files.indices)).filter {
      files[$0].kind == "delete" && files[$0].removed > Self.largeDelete
        && tallies[$0].summary != .accepted
    }
  }

  /// The user's own text for a hunk, or a part of one. Text that says what was proposed accepts it.
  mutating func edit(file: Int, operations: Range<Int>, text: String) {
    guard files.indices.contains(file), !operations.isEmpty,
      operations.clamped(to: 0..<files[file].operations.count) == operations
    else { return }
    if text == proposedText(file: file, operations: operations) {
      return set(.accepted, operations.map { (file, $0) })
    }
    let hunk = files[file].hunks.first { !$0.isPart && $0.operations == operations }
    setEdit(ReviewEdit(text: text, count: operations.count, hunkId: hunk?.id), file, operations)
  }

  /// The user's own text of the whole file: its changes stand for it together.
  /// - Returns: false where other decisions stand between them.
  mutating func editWhole(_ file: Int, text: String) -> Bool {
    let content = files[file].operations.indices.filter { files[file].operations[$0].role == .content }
    guard let first = content.first, let last = content.last, content.count == last - first + 1 else {
      return false
    }
    let edit = ReviewEdit(text: text, count: content.count, hunkId: ReviewEdit.wholeFile)
    setEdit(edit, file, first..<last + 1)
    return true
  }

  private mutating func setEdit(_ edit: ReviewEdit, _ file: Int, _ operations: Range<Int>) {
    let own = operations.map { (file, $0) }
    var changes = dropEdits(own)
    for (_, operation) in own {
      let verdict: ReviewVerdict =
        operation == operations.lowerBound ? .edited(edit) : .covered(by: operations.lowerBound)
      change(file, operation, to: verdict, &changes)
    }
    finish(changes)
  }

  /// What the operations make of the lines from the first to the last of them, context between them included.
  func proposedText(file: Int, operations: Range<Int>) -> String? {
    guard files.indices.contains(file) else { return nil }
    let ranges = files[file].operations[operations].flatMap { [$0.removed, $0.added] }.filter { !$0.isEmpty }
    guard let low = ranges.map(\.lowerBound).min(), let high = ranges.map(\.upperBound).max() else {
      return nil
    }
    let lines = files[file].lines[low..<high]
    let text = lines.filter { $0.kind == .plus || $0.kind == .context }.map { $0.text + "\n" }.joined()
    // The file's last line may have no end.
    return lines.last?.kind == .noNewline && lines.dropLast().last?.kind == .plus
      ? text.droppingLineFeed : text
  }

  // MARK: Comments

  mutating func comment(_ comment: ReviewComment, replacing index: Int? = nil) {
    var after = comments
    if let index, after.indices.contains(index) {
      if comment.text.isEmpty { after.remove(at: index) } else { after[index] = comment }
    } else if !comment.text.isEmpty {
      after.append(comment)
    }
    guard after != comments else { return }
    remember(.comments(before: comments, after: after))
    comments = after
    revision += 1
    rebuild()
  }

  // MARK: Undo

  mutating func undo() -> Bool {
    guard let step = undoStack.popLast() else { return false }
    redoStack.append(step)
    play(step, isUndo: true)
    return true
  }

  mutating func redo() -> Bool {
    guard let step = redoStack.popLast() else { return false }
    undoStack.append(step)
    play(step, isUndo: false)
    return true
  }

  private mutating func play(_ step: ReviewStep, isUndo: Bool) {
    revision += 1
    switch step {
    case .verdicts(let changes):
      for change in isUndo ? changes.reversed() : changes {
        verdicts[change.file][change.operation] = isUndo ? change.before : change.after
      }
      for file in Set(changes.map(\.file)) { tallies[file] = tally(file) }
    case .comments(let before, let after):
      comments = isUndo ? before : after
      rebuild()
    }
  }

  // MARK: Setting

  private mutating func set(_ verdict: ReviewVerdict?, _ targets: [(file: Int, operation: Int)]) {
    var changes = dropEdits(targets)
    for target in targets { change(target.file, target.operation, to: verdict, &changes) }
    finish(changes)
  }

  private mutating func change(
    _ file: Int, _ operation: Int, to verdict: ReviewVerdict?, _ changes: inout [ReviewStep.Change]
  ) {
    let before = verdicts[file][operation]
    guard before != verdict else { return }
    changes.append(.init(file: file, operation: operation, before: before, after: verdict))
    verdicts[file][operation] = verdict
  }

  /// A new word about a part of an edit ends that edit: its text spoke for all of it.
  private mutating func dropEdits(_ targets: [(file: Int, operation: Int)]) -> [ReviewStep.Change] {
    var changes: [ReviewStep.Change] = []
    for target in targets {
      let lead: Int
      switch verdicts[target.file][target.operation] {
      case .edited: lead = target.operation
      case .covered(let by): lead = by
      default: continue
      }
      guard case .edited(let edit)? = verdict(target.file, lead) else { continue }
      for operation in lead..<min(lead + edit.count, verdicts[target.file].count) {
        change(target.file, operation, to: nil, &changes)
      }
    }
    return changes
  }

  private mutating func finish(_ changes: [ReviewStep.Change]) {
    guard !changes.isEmpty else { return }
    for file in Set(changes.map(\.file)) { tallies[file] = tally(file) }
    remember(.verdicts(changes))
    revision += 1
  }

  private mutating func remember(_ step: ReviewStep) {
    undoStack.append(step)
    redoStack = []
    var weight = undoStack.reduce(0) { $0 + $1.weight }
    while weight > Self.maxUndoWeight, undoStack.count > 1 { weight -= undoStack.removeFirst().weight }
  }
}
