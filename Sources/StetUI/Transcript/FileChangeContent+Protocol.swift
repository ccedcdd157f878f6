import StetProtocol
import StetText

extension FileChangeContent {
  init(_ item: FileChangeItem) {
    switch item.status {
    case .inProgress: state = .proposed
    case .completed: state = .applied
    case .declined: state = .declined
    case .failed, .unknown: state = .failed
    }
    files = item.changes.map(File.init)
    guard let outcome = item.stet else { return }
    let proposed = outcome.proposedChanges.map(File.init)
    // A file of which nothing was written is missing from `changes`; it stays on the screen with its verdict.
    for file in proposed where !files.contains(where: { $0.path == file.path }) { files.append(file) }
    refused = []
    for (index, file) in files.enumerated() {
      guard let result = outcome.files.first(where: { $0.path == file.path }) else { continue }
      files[index].verdict = Verdict(result, proposed: proposed.first { $0.path == file.path })
      if result.outcome == .partial || result.outcome == .applied, !result.rejectedHunks.isEmpty {
        if let original = proposed.first(where: { $0.path == file.path }) { refused.append(original) }
      }
    }
  }
}

extension FileChangeContent.File {
  init(_ change: FileUpdateChange) {
    path = change.path
    movePath = nil
    switch change.kind {
    case .add:
      kind = .add
      diff = .added(change.diff, path: change.path)
    case .delete:
      kind = .delete
      diff = .deleted(change.diff, path: change.path)
    case .update(let target):
      kind = .update
      movePath = target
      diff = .parse(hunks: Self.withoutMoveNote(change.diff, target))
    case .unknown:
      kind = .update
      diff = .parse(hunks: change.diff)
    }
  }

  /// A move appends a line about its target to the diff; it is no part of the text.
  private static func withoutMoveNote(_ diff: String, _ target: String?) -> String {
    guard let target else { return diff }
    let note = "\n\nMoved to: " + target
    return diff.hasSuffix(note) ? String(diff.dropLast(note.count)) : diff
  }
}

extension FileChangeContent.Verdict {
  /// Says what is on disk now, never what was meant.
  init(_ result: StetFileResult, proposed: FileChangeContent.File?) {
    let total = max(proposed?.diff.hunks.count ?? 0, result.rejectedHunks.count + result.editedHunks.count)
    let edited = result.editedHunks.isEmpty ? "" : ", \(result.editedHunks.count) edited"
    switch result.outcome {
    case .applied: self.init(words: "✓" + edited, tone: .good)
    case .partial:
      let kept = max(0, total - result.rejectedHunks.count)
      self.init(words: "\(kept) of \(total) ✓" + edited, tone: .mixed)
    case .rejected: self.init(words: "✗ refused", tone: .bad)
    case .stale: self.init(words: "✗ changed on disk, not written", tone: .bad)
    case .conflicted: self.init(words: "✗ conflict, not written", tone: .bad)
    case .failed: self.init(words: "✗ failed", tone: .bad)
    case .unknown(let name): self.init(words: Words.firstLine(name), tone: .mixed)
    }
  }
}
