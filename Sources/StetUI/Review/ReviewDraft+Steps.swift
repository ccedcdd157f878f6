import StetProtocol

/// Undo and redo over a restart: the steps beside the decisions that they led to.
extension ReviewState {
  /// Single changes that are kept, the newest first: some 60 bytes each.
  private static let maxSavedChanges = 10_000

  /// The newest steps of a stack, the oldest of them first.
  func saved(_ stack: [ReviewStep]) -> JSONValue {
    var left = Self.maxSavedChanges
    var steps: [JSONValue] = []
    for step in stack.reversed() {
      left -= step.weight
      guard left >= 0 else { break }
      steps.append(saved(step))
    }
    return .array(steps.reversed())
  }

  private func saved(_ step: ReviewStep) -> JSONValue {
    switch step {
    case .comments(let before, let after):
      return ["before": .array(before.map(\.json)), "after": .array(after.map(\.json))]
    case .verdicts(let changes):
      let rows = changes.map { change -> JSONValue in
        let file = files[change.file]
        return [
          .string(file.path), .string(file.key(change.operation)), saved(change.before, in: file),
          saved(change.after, in: file),
        ]
      }
      return ["changes": .array(rows)]
    }
  }

  private func saved(_ verdict: ReviewVerdict?, in file: ReviewFile) -> JSONValue {
    switch verdict {
    case nil: return .null
    case .accepted: return "accept"
    case .rejected: return "reject"
    case .covered(let lead): return ["by": .string(file.key(lead))]
    case .edited(let edit):
      return [
        "text": .string(edit.text), "count": .int(Int64(edit.count)),
        "hunk": edit.hunkId.map(JSONValue.string) ?? .null,
      ]
    }
  }

  /// The steps that an earlier run kept. One that speaks of what is not there as it was, and all before it, can't be
  /// taken back: the decisions it led to are not these.
  func steps(_ saved: JSONValue?) -> [ReviewStep] {
    var known: [String: (file: Int, numbers: [String: Int])] = [:]
    for (index, file) in files.enumerated() {
      let numbers = Dictionary(file.operations.indices.map { (file.key($0), $0) }) { first, _ in first }
      known[file.path] = (index, numbers)
    }
    var steps: [ReviewStep] = []
    for value in (saved?.arrayValue ?? []).reversed() {
      guard let step = step(value, known) else { break }
      steps.append(step)
    }
    return steps.reversed()
  }

  private func step(
    _ value: JSONValue, _ known: [String: (file: Int, numbers: [String: Int])]
  ) -> ReviewStep? {
    guard let rows = value["changes"]?.arrayValue else {
      guard let before = value["before"]?.arrayValue, let after = value["after"]?.arrayValue else {
        return nil
      }
      return .comments(
        before: before.compactMap(ReviewComment.init), after: after.compactMap(ReviewComment.init))
    }
    var changes: [ReviewStep.Change] = []
    for row in rows {
      guard let parts = row.arrayValue, parts.count == 4, let path = parts[0].stringValue,
        let (file, numbers) = known[path], let operation = parts[1].stringValue.flatMap({ numbers[$0] }),
        let before = verdict(parts[2], file, numbers), let after = verdict(parts[3], file, numbers)
      else { return nil }
      changes.append(.init(file: file, operation: operation, before: before.value, after: after.value))
    }
    return .verdicts(changes)
  }

  /// Undecided is a verdict here, too.
  private struct Kept { var value: ReviewVerdict? }

  private func verdict(_ saved: JSONValue, _ file: Int, _ numbers: [String: Int]) -> Kept? {
    if saved.isNull { return Kept(value: nil) }
    switch saved.stringValue {
    case "accept": return Kept(value: .accepted)
    case "reject": return Kept(value: .rejected)
    default: break
    }
    if let lead = saved["by"]?.stringValue { return numbers[lead].map { Kept(value: .covered(by: $0)) } }
    guard let text = saved["text"]?.stringValue, let count = saved["count"]?.intValue, count > 0,
      count <= files[file].operations.count
    else { return nil }
    return Kept(value: .edited(.init(text: text, count: Int(count), hunkId: saved["hunk"]?.stringValue)))
  }
}
