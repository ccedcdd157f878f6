import StetProtocol
import StetText

/// `/diff`: the review screen with what was changed, to look at and comment on; nothing is decided there.
extension AppState {
  mutating func runDiff(_ argument: String) {
    if argument.isEmpty || argument == "turn" { return openTurnDiff() }
    guard let (target, title) = Self.base(argument) else {
      return show("/diff takes turn, thread, head, staged or uncommitted", isWarning: true)
    }
    startReview(target, title: title, use: .look)
  }

  /// What a word after `/review` or `/diff` compares.
  static func base(_ word: String) -> (target: JSONObject, title: String)? {
    switch word {
    case "thread": (["type": "thread"], "the whole thread")
    case "head": (["type": "head"], "HEAD and the working tree")
    case "staged": (["type": "staged"], "HEAD and the index")
    case "uncommitted": (["type": "uncommitted"], "what is not committed")
    default: nil
    }
  }

  /// The server knows both sides of a turn that is over; while it runs, and of other servers, its diff so far.
  private mutating func openTurnDiff() {
    let local = localDiff
    guard server?.hunkReview == true, server?.snapshots == true, !isWorking,
      let turn = changingTurn ?? lastTurn
    else {
      return local.isEmpty ? show("no file was changed yet") : open(local)
    }
    startReview(["type": "turn", "turnId": .string(turn)], title: Self.turnTitle, use: .look)
  }

  static let turnTitle = "the last turn"

  var lastTurn: String? { transcript.items.last { $0.turnId != nil }?.turnId }

  /// The last turn that changed a file by an edit, unless a later one has a diff of its own.
  private var changingTurn: String? {
    guard turnDiff.isEmpty else { return lastTurn }
    return transcript.items.last { item in
      if case .fileChange(let content) = item.content { content.state == .applied } else { false }
    }?.turnId
  }

  /// Opens what this interface itself knows of the last turn.
  /// - Returns: whether it knows anything.
  mutating func openLocalDiff() -> Bool {
    let files = localDiff
    guard !files.isEmpty else { return false }
    open(files)
    return true
  }

  private mutating func open(_ files: [ReviewFile]) {
    var review = ReviewState(threadId: thread?.id ?? "", files: files)
    review.isViewer = true
    review.title = Self.turnTitle
    view(review)
  }

  private var localDiff: [ReviewFile] {
    if turnDiff.isEmpty { return changedFiles.map(ReviewFile.init) }
    return FileDiff.parse(unified: turnDiff).map { diff in
      let path = diff.path ?? diff.oldPath ?? "?"
      let isMove = diff.path != nil && diff.oldPath != nil && diff.path != diff.oldPath
      return ReviewFile(
        ViewedDiff.File(path: isMove ? diff.oldPath ?? path : path, movePath: isMove ? path : nil, diff: diff)
      )
    }
  }

  /// The files that the last turn with changes touched, from its items.
  private var changedFiles: [FileChangeContent.File] {
    var turnId: String?
    var files: [FileChangeContent.File] = []
    for item in transcript.items.reversed() {
      if let turnId, item.turnId != turnId { break }
      guard case .fileChange(let content) = item.content, content.state == .applied else { continue }
      turnId = item.turnId
      files = content.files.filter { $0.verdict?.tone != .bad } + files
    }
    return files
  }
}
