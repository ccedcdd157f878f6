/// What the decisions so far would leave on disk.
public struct ProposalResult: Hashable, Sendable {
  /// Where the file is then.
  public let path: String
  public let state: FileState
  /// The old path of an accepted move: nothing is there any more.
  public let removes: String?
}

extension Proposal {
  /// Base and proposal put together by the decisions; undecided counts as rejected.
  public func result() -> ProposalResult {
    let content = content()
    guard accepted(.rename), let movePath, content.kind != .absent else {
      return ProposalResult(path: path, state: content, removes: nil)
    }
    return ProposalResult(path: movePath, state: content, removes: path)
  }

  /// The writes that bring the base to the result; empty when nothing changes.
  public func plannedWrites() -> [PlannedWrite] {
    let result = result()
    if let old = result.removes {
      return [
        PlannedWrite(path: result.path, expected: .absent, result: result.state),
        PlannedWrite(path: old, expected: base.stamp, result: .absent),
      ]
    }
    if result.state == base { return [] }
    return [PlannedWrite(path: path, expected: base.stamp, result: result.state)]
  }

  private func accepted(_ part: Operation.Part) -> Bool {
    guard let index = operations.firstIndex(where: { $0.part == part }) else { return false }
    return decisions[index] == .accept
  }

  private func content() -> FileState {
    let mode = base.kind == .absent || accepted(.mode) ? proposed.mode : base.mode
    if let index = operations.firstIndex(where: { $0.part == .whole }) {
      switch decisions[index] {
      case .accept: return proposed.kind == .regular ? proposed.with(mode: mode) : proposed
      case .reject, .undecided: return base.kind == .regular ? base.with(mode: mode) : base
      case .edit(let bytes): return .regular(bytes, mode: mode)
      }
    }
    guard operations.contains(where: { $0.part == .lines }) else {
      return base.kind == .regular ? base.with(mode: mode) : base
    }
    // All lines of a new file rejected: it is not created.
    if base.kind == .absent, verdict == .none { return .absent }
    if let wholeText { return .regular(wholeText, mode: mode) }
    return .regular(compose(), mode: mode)
  }

  /// Walks the base, taking base, proposed or edited lines for each operation.
  private func compose() -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(max(base.bytes.count, proposed.bytes.count))
    let ending = LineEndings.first(of: base.bytes.isEmpty ? proposed.bytes : base.bytes)
    func append(_ piece: ArraySlice<UInt8>) {
      // A last line without line end that now has a successor must get one.
      if let last = out.last, last != LineEndings.lf, !piece.isEmpty { out.append(contentsOf: ending) }
      out.append(contentsOf: piece)
    }
    var cursor = 0
    var index = operations.firstIndex { $0.part == .lines } ?? operations.count
    while index < operations.count {
      let operation = operations[index]
      append(baseLines.lines(cursor..<operation.base.lowerBound))
      var end = operation.base.upperBound
      var next = index + 1
      switch decisions[index] {
      case .accept: append(newLines.lines(operation.new))
      case .reject, .undecided: append(baseLines.lines(operation.base))
      case .edit(let bytes):
        append(bytes[...])
        if let span = spans.first(where: { $0.lowerBound == index }) {
          next = span.upperBound
          end = operations[next - 1].base.upperBound
        }
      }
      cursor = end
      index = next
    }
    append(baseLines.lines(cursor..<baseLines.count))
    return out
  }
}
