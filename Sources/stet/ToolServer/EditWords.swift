import StetProtocol
import StetText

/// An edit as a question shows it: every path, and as much of the change as fits.
enum EditWords {
  /// Files that can be looked over in one question; with more, nobody knows what they say yes to.
  static let fileLimit = 100
  /// Bytes of the change itself: clients show questions in a dialog.
  static let diffLimit = 6_000

  /// Nil when there is nothing to show, or too much of it.
  static func text(_ changes: [FileUpdateChange]) -> String? {
    guard !changes.isEmpty, changes.count <= fileLimit else { return nil }
    var names = ""
    var diff = ""
    var hidden = 0
    for change in changes {
      guard let (name, mark) = title(change) else { return nil }
      names += "\n- \(name)"
      for line in ["\(name):"] + lines(change.diff, mark) {
        if hidden == 0, diff.utf8.count + line.utf8.count < diffLimit {
          diff += "\n  \(line)"
        } else {
          hidden += 1
        }
      }
    }
    if hidden > 0 { diff += "\n  … \(hidden) more lines that are not shown here" }
    return "\(names)\n\(diff)"
  }

  /// What happens to the file, and what each line of its change begins with; nil for what is not known.
  private static func title(_ change: FileUpdateChange) -> (name: String, mark: String)? {
    let path = Sanitizer.folded(change.path)
    switch change.kind {
    case .add: return ("add \(path)", "+")
    case .delete: return ("delete \(path)", "-")
    case .update(let target):
      return (target.map { "move \(path) to \(Sanitizer.folded($0))" } ?? "change \(path)", "")
    case .unknown: return nil
    }
  }

  private static func lines(_ diff: String, _ mark: String) -> [String] {
    var lines = diff.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { mark + Sanitizer.folded(String($0)) }
  }
}
