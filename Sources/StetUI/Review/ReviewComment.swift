import StetText

/// A word to the agent: about lines, a file, or everything.
struct ReviewComment: Hashable, Sendable {
  enum Place: Hashable, Sendable {
    /// Lines of the proposed side, or of the base, first and last.
    case lines(path: String, isNew: Bool, line: Int, end: Int)
    case file(path: String)
    case whole
  }

  var place: Place
  var text: String

  var path: String? {
    switch place {
    case .lines(let path, _, _, _), .file(let path): path
    case .whole: nil
    }
  }

  /// Where it stands, for the line that asks for it.
  var placeWords: String { Self.words(place) }

  static func words(_ place: Place) -> String {
    switch place {
    case .lines(_, _, let line, let end): line == end ? "line \(line)" : "lines \(line) to \(end)"
    case .file: "the file"
    case .whole: "the whole change"
    }
  }

  /// The comment belongs below this line.
  func isBelow(_ line: DiffLine) -> Bool {
    guard case .lines(_, let isNew, _, let end) = place else { return false }
    return isNew
      ? line.newNumber == end && line.kind != .minus : line.oldNumber == end && line.kind == .minus
  }
}
