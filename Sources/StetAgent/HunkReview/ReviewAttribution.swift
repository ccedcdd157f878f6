import StetProtocol
import StetWorkspace

/// Which tool call made a hunk of a composed diff: the last of those whose own diffs share the most lines with it.
struct ReviewAttribution {
  private struct Call {
    let id: String
    var added: Set<Substring> = []
    var removed: Set<Substring> = []
  }

  /// By path, in the order of the calls.
  private var calls: [String: [Call]] = [:]

  /// - Parameter items: the items of a turn, in their order.
  init(_ items: [ThreadItem]) {
    for case .fileChange(let item) in items where item.status == .completed {
      for change in item.changes { add(change, by: item.id) }
    }
  }

  private mutating func add(_ change: FileUpdateChange, by id: String) {
    var call = Call(id: id)
    for line in change.diff.split(separator: "\n", omittingEmptySubsequences: false) {
      switch change.kind {
      case .add: call.added.insert(line)
      case .delete: call.removed.insert(line)
      default:
        if line.hasPrefix("+") { call.added.insert(line.dropFirst()) }
        if line.hasPrefix("-") { call.removed.insert(line.dropFirst()) }
      }
    }
    calls[change.path, default: []].append(call)
  }

  /// The call of each hunk, by the hunk's id. A hunk that shares no line with any of several calls has none.
  func callIds(_ proposals: ProposalSet) -> [String: String] {
    var found: [String: String] = [:]
    for file in proposals.files {
      guard let calls = calls[file.path], let first = calls.first else { continue }
      if calls.count == 1 {
        for hunk in file.hunks() { found[hunk.id] = first.id }
        continue
      }
      let lines = ReviewLines(file)
      for hunk in file.hunks() { found[hunk.id] = call(of: hunk, lines, calls) }
    }
    return found
  }

  private func call(of hunk: ProposalHunk, _ lines: ReviewLines, _ calls: [Call]) -> String? {
    let (removed, added) = lines.changed(hunk)
    var best: (id: String, score: Int)?
    for call in calls {
      let score = added.count { call.added.contains($0) } + removed.count { call.removed.contains($0) }
      if score > 0, score >= best?.score ?? 0 { best = (call.id, score) }
    }
    return best?.id
  }
}

/// The changed lines of a proposal's hunks as text.
private struct ReviewLines {
  private let file: Proposal
  private let base: [Substring]
  private let new: [Substring]
  private let operations: [Operation.ID: StetWorkspace.Operation]

  init(_ file: Proposal) {
    self.file = file
    base = Self.lines(file.base)
    new = Self.lines(file.proposed)
    operations = Dictionary(file.operations.map { ($0.id, $0) }) { first, _ in first }
  }

  func changed(_ hunk: ProposalHunk) -> (removed: [Substring], added: [Substring]) {
    var removed: [Substring] = []
    var added: [Substring] = []
    for id in hunk.operations {
      guard let operation = operations[id] else { continue }
      removed += base.dropFirst(operation.baseStart - 1).prefix(operation.baseLines)
      added += new.dropFirst(operation.newStart - 1).prefix(operation.newLines)
    }
    return (removed, added)
  }

  private static func lines(_ state: FileState) -> [Substring] {
    guard state.kind == .regular, !state.isBinary else { return [] }
    return String(decoding: state.bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
  }
}
