import StetHash
import StetStore
import StetWorkspace

/// The git diff of all that a turn changed so far (`turn/diff/updated`): git headers with blob ids, paths relative to
/// the workspace, exact renames folded.
enum TurnDiff {
  struct Change: Sendable {
    let path: String
    let before: FileState
    let after: FileState
  }

  /// Files larger than this are named, not shown: the text is for reading.
  static let fileLimit = 1 << 20

  /// `relative` gives the path that is shown. Blocks: for the workspace thread.
  static func text(_ changes: [Change], relative: (String) -> String) -> String {
    var changes = changes.filter { $0.before != $0.after }.sorted { $0.path < $1.path }
    var text = ""
    for (old, new) in takeRenames(&changes) {
      text += """
        diff --git a/\(relative(old)) b/\(relative(new))
        similarity index 100%
        rename from \(relative(old))
        rename to \(relative(new))

        """
    }
    for change in changes { text += one(change, name: relative(change.path)) }
    return text
  }

  struct Counts: Hashable, Sendable {
    var added = 0
    var removed = 0
  }

  /// The lines with signs in the hunks of such a text.
  static func counts(_ text: String) -> Counts {
    var counts = Counts()
    var isInHunk = false
    for line in text.utf8.split(separator: 10) {
      switch line.first {
      case UInt8(ascii: "@"): isInHunk = true
      case UInt8(ascii: "+") where isInHunk: counts.added += 1
      case UInt8(ascii: "-") where isInHunk: counts.removed += 1
      case UInt8(ascii: " "), UInt8(ascii: "\\"): break
      default: isInHunk = false
      }
    }
    return counts
  }

  // MARK: - Parts

  private static func takeRenames(_ changes: inout [Change]) -> [(old: String, new: String)] {
    var renames: [(String, String)] = []
    for gone in changes where gone.after.kind == .absent && gone.before.kind == .regular {
      guard
        let new = changes.first(where: { change in
          change.before.kind == .absent && change.after == gone.before
            && !renames.contains { $0.1 == change.path }
        })
      else { continue }
      renames.append((gone.path, new.path))
    }
    changes.removeAll { change in renames.contains { $0.0 == change.path || $0.1 == change.path } }
    return renames
  }

  private static func one(_ change: Change, name: String) -> String {
    let old = change.before
    let new = change.after
    var text = "diff --git a/\(name) b/\(name)\n"
    if old.kind == .absent {
      text += "new file mode \(mode(new))\n"
    } else if new.kind == .absent {
      text += "deleted file mode \(mode(old))\n"
    } else if mode(old) != mode(new) {
      text += "old mode \(mode(old))\nnew mode \(mode(new))\n"
    }
    if old.bytes == new.bytes { return text }
    let same = old.kind != .absent && new.kind != .absent && mode(old) == mode(new)
    text += "index \(blob(old))..\(blob(new))\(same ? " \(mode(new))" : "")\n"
    let from = old.kind == .absent ? "/dev/null" : "a/\(name)"
    let to = new.kind == .absent ? "/dev/null" : "b/\(name)"
    if max(old.bytes.count, new.bytes.count) > fileLimit || old.bytes.contains(0) || new.bytes.contains(0) {
      return text + "Binary files \(from) and \(to) differ\n"
    }
    do {
      return text + "--- \(from)\n+++ \(to)\n" + (try UnifiedDiff.text(old: old.bytes, new: new.bytes))
    } catch {
      return text + "Binary files \(from) and \(to) differ\n"
    }
  }

  private static func mode(_ state: FileState) -> String {
    switch state.kind {
    case .symlink: "120000"
    default: state.mode & 0o111 != 0 ? "100755" : "100644"
    }
  }

  private static func blob(_ state: FileState) -> String {
    state.kind == .absent ? String(repeating: "0", count: 40) : SHA1.blobID(state.bytes)
  }
}

extension ThreadSummary {
  /// A turn is over that changed so many lines.
  mutating func note(_ counts: TurnDiff.Counts?, nowMs: Int64) {
    updatedAtMs = nowMs
    guard let counts else { return }
    linesAdded = (linesAdded ?? 0) + counts.added
    linesRemoved = (linesRemoved ?? 0) + counts.removed
  }
}
