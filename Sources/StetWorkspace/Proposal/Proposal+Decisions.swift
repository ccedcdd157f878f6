extension Proposal {
  public enum Verdict: Hashable, Sendable { case all, partial, none }

  /// The decision about an operation; nil for an id that is none. In an edited hunk the first operation
  /// holds the text, the others an empty edit.
  public func decision(of id: Operation.ID) -> Decision? { index(of: id).map { decisions[$0] } }

  /// Names the content as a whole in `decide`.
  public static let contentId = "content"

  /// Decides an operation, or all operations of a hunk by the hunk's id. The text of an edited hunk
  /// replaces the base lines from its first to its last operation, context between them included; that of
  /// `contentId` is the whole file.
  public mutating func decide(_ id: String, _ decision: Decision) throws(WorkspaceError) {
    if id == Self.contentId, let first = operations.firstIndex(where: { $0.part == .lines }) {
      set(first..<operations.count, decision)
      if case .edit(let bytes) = decision { wholeText = bytes }
    } else if let index = index(of: id) {
      set(index..<(index + 1), decision)
    } else if let hunk = standardHunks.first(where: { $0.id == id }) {
      set(hunk.range, decision)
    } else {
      throw WorkspaceError(.unknownOperation, "There is no operation or hunk \(id) in \(path)", path: path)
    }
  }

  /// Decides everything, decided before or not.
  public mutating func decideAll(_ decision: Decision) {
    (spans, wholeText) = ([], nil)
    for index in decisions.indices { decisions[index] = decision }
  }

  /// What nobody decided is not wanted: for the end of a review.
  public mutating func rejectUndecided() {
    for index in decisions.indices where decisions[index] == .undecided { decisions[index] = .reject }
  }

  public var isDecided: Bool { !decisions.contains(.undecided) }

  /// What the decisions make of the proposal; undecided counts as rejected.
  public var verdict: Verdict {
    if decisions.allSatisfy({ $0 == .accept }) { return .all }
    return decisions.allSatisfy { $0 == .reject || $0 == .undecided } ? .none : .partial
  }

  /// Hunks with nothing accepted or edited.
  public var rejectedHunks: [ProposalHunk.ID] {
    standardHunks.filter { hunk in decisions[hunk.range].allSatisfy { $0 == .reject || $0 == .undecided } }
      .map(\.id)
  }

  /// Hunks of which some lines are accepted and some are not; without those that were edited.
  public var dividedHunks: [ProposalHunk.ID] {
    let others = Set(rejectedHunks).union(editedHunks)
    return standardHunks.filter { hunk in
      !others.contains(hunk.id) && decisions[hunk.range].contains { $0 == .reject || $0 == .undecided }
    }.map(\.id)
  }

  /// Hunks with an edited operation.
  public var editedHunks: [ProposalHunk.ID] {
    standardHunks.filter { hunk in
      decisions[hunk.range].contains { if case .edit = $0 { true } else { false } }
    }.map(\.id)
  }

  private mutating func set(_ range: Range<Int>, _ decision: Decision) {
    // A new word about a part of an edited file or hunk ends that edit: its text spoke for the whole.
    if wholeText != nil, let first = operations.firstIndex(where: { $0.part == .lines }),
      range.upperBound > first
    {
      wholeText = nil
      for index in first..<operations.count { decisions[index] = .undecided }
    }
    for span in spans where span.overlaps(range) {
      for index in span { decisions[index] = .undecided }
    }
    spans.removeAll { $0.overlaps(range) }
    guard case .edit = decision, range.count > 1 else {
      for index in range { decisions[index] = decision }
      return
    }
    for index in range { decisions[index] = .edit([]) }
    decisions[range.lowerBound] = decision
    spans.append(range)
  }

  func index(of id: Operation.ID) -> Int? {
    switch id {
    case "file", "mode", "rename": return operations.firstIndex { $0.id == id }
    default: break
    }
    let numbers = id.split { $0 == "," || $0 == ":" }.map { Int($0) }
    guard numbers.count == 4, let base = numbers[0], let new = numbers[2] else { return nil }
    // The starts of line operations grow together, so the list is sorted by the pair.
    var low = operations.firstIndex { $0.part == .lines } ?? operations.count
    var high = operations.count
    while low < high {
      let middle = (low + high) / 2
      let operation = operations[middle]
      if (operation.baseStart, operation.newStart) < (base, new) { low = middle + 1 } else { high = middle }
    }
    return low < operations.count && operations[low].id == id ? low : nil
  }
}
