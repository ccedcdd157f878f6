import StetText

/// A diff to look at without a server: what `stet diff` shows of two files or of a patch.
public struct ViewedDiff: Sendable {
  public struct File: Sendable {
    /// The old path, for a file that moved.
    public var path: String
    public var movePath: String?
    public var diff: FileDiff
    /// Both sides whole, where they are known; more context can be shown then.
    public var sides: ReviewSides?

    public init(path: String, movePath: String? = nil, diff: FileDiff, sides: ReviewSides? = nil) {
      self.path = path
      self.movePath = movePath
      self.diff = diff
      self.sides = sides
    }
  }

  /// What is compared, in a few words.
  public var title: String
  public var files: [File]

  public init(title: String, files: [File]) {
    self.title = title
    self.files = files
  }
}

extension AppState {
  /// The review screen alone, with a diff that there is nothing to decide about; leaving it quits.
  public init(_ environment: UIEnvironment, viewing viewed: ViewedDiff, theme: Theme) {
    self.init(environment, launch: .viewer, theme: theme)
    var review = ReviewState(files: viewed.files.map(ReviewFile.init))
    review.isViewer = true
    review.title = viewed.title
    viewer = review
    dialogs = [.review]
  }
}

extension ReviewFile {
  init(_ file: ViewedDiff.File) {
    self.init(path: file.path, kind: "update", diff: file.diff)
    movePath = file.movePath
    language = Language.forPath(name)
    if file.diff.isBinary { hunks[0].title = "Binary content" }
    if lines.isEmpty, let target = file.movePath { hunks[0].title = "Moved to " + Sanitizer.display(target) }
    sides = file.sides
    if added > 0, removed == 0, lines.allSatisfy({ $0.kind != .context }), hunks.count == 1 { kind = "add" }
    if removed > 0, added == 0, lines.allSatisfy({ $0.kind != .context }), hunks.count == 1 {
      kind = "delete"
    }
  }
}
