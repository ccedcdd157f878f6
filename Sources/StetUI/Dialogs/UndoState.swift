import StetProtocol

/// The undo screen: the changes that can be taken back, and what taking one back would do.
struct UndoState: Sendable {
  enum Phase: Sendable {
    case loadingList
    case nothing
    case planning
    /// The dry run's result; nothing was touched.
    case planned(StetSnapshotRestoreResponse)
    case applying
    case failed(String)
  }

  /// What goes back to before the turn. The conversation goes on in a fork; the old one stays.
  enum Content: CaseIterable, Sendable {
    case files, both, conversation

    var words: String {
      switch self {
      case .files: "files"
      case .both: "files and conversation"
      case .conversation: "conversation"
      }
    }

    var next: Content {
      switch self {
      case .files: .both
      case .both: .conversation
      case .conversation: .files
      }
    }
  }

  var entries: [StetSnapshot] = []
  /// All turns from the selected one on, not it alone.
  var isOnwards = false
  var content = Content.files
  /// What changed since goes back too; what is there is kept with the undo.
  var overwrites = false
  var selected = 0
  /// Whether it was opened to take the last undo back.
  var startsWithRedo = false
  var phase = Phase.loadingList
  var top = 0

  var entry: StetSnapshot? { entries.indices.contains(selected) ? entries[selected] : nil }

  var plan: StetSnapshotRestoreResponse? {
    if case .planned(let plan) = phase { plan } else { nil }
  }

  /// Taking back an undo is a redo; what a review wrote is taken back in the same way.
  var isRedo: Bool { entry?.standsAlone == true }

  /// Paths that would be written, deleted, recreated or merged.
  var applicable: [StetRestoreEntry] {
    plan?.files.filter { $0.action != "refuse" && $0.action != "none" } ?? []
  }

  /// Refused paths that could be put back all the same.
  var conflicts: Int { plan?.files.count(where: \.isConflict) ?? 0 }

  /// Those of `applicable` that were refused without the user's word.
  var overwritten: Int { applicable.count { $0.reason != nil } }
}

extension StetSnapshot {
  /// It is no turn's doing but that of an undo or of a review, and is named by its own id.
  var standsAlone: Bool { cause == "restore" || cause == "review" }
}

extension StetRestoreEntry {
  /// What would happen to the path, in words.
  var intent: String {
    switch action {
    case "write": "put back" + overWords
    case "delete": "delete (it was created)" + overWords
    case "recreate": "create again" + overWords
    case "merge": "merge with your edits" + overWords
    case "none": "already as it was"
    case "refuse": "left alone: " + reasonWords
    default: Words.firstLine(action)
    }
  }

  /// What did happen, from the verified result.
  var result: String {
    switch action {
    case "write": "put back" + overWords
    case "delete": "deleted" + overWords
    case "recreate": "created again" + overWords
    case "merge": "merged with your edits" + overWords
    case "none": "already as it was"
    case "refuse": "left alone: " + reasonWords
    default: Words.firstLine(action)
    }
  }

  /// What it is done in spite of.
  private var overWords: String { reason == nil ? "" : ", although: " + reasonWords }

  private var reasonWords: String {
    switch reason {
    case "userEdited": "changed since"
    case "userDeleted": "you deleted it"
    case "tooLarge": "over the limits of undo"
    case "unreadable": "it can't be read"
    case "readOnly": "it may not be written"
    case "nameEncoding": "its name is not UTF-8"
    case "binary": "binary, changed since"
    case "typeChanged": "it is something else now"
    case "otherThread": "another thread changed it"
    case "expired": "no longer stored"
    case "parentSymlink": "its folder is a link now"
    case "locked": "another thread is writing"
    case let other?: Words.firstLine(other)
    case nil: "not safe"
    }
  }
}
