import StetProtocol

/// What the run loop does for the interface. None of it blocks the loop; results come back as events.
public enum Effect: Sendable {
  /// Send a request; its reply comes back as `Event.reply` with this tag.
  case send(ClientRequest, RequestTag)
  /// Answer a request of the server.
  case answer(RequestID, JSONValue)
  /// Refuse a request of the server that this interface can't answer.
  case refuse(RequestID, RPCError)
  /// Come back to the server whose connection was lost; `Event.connected` or `Event.clientClosed` follows.
  case reconnect
  /// Start the built-in demo in place of the present server.
  case startDemo
  /// Open `text` in the user's editor under a name that tells the editor the language.
  case edit(text: String, fileName: String, purpose: EditPurpose)
  /// Put text on the clipboard; comes back as `Event.copied`.
  case copy(String)
  /// Look for files whose path matches; comes back as `Event.files`.
  case findFiles(query: String)
  /// Write a thread, as `thread/read` gave it, as Markdown into a new file.
  case export(JSONValue, path: String)
  /// Read a picture's file; comes back as `Event.picture`, if it is one.
  case readPicture(path: String)
  /// Draw a picture for the terminal, under a number of its own; comes back as `Event.drawing`, if it can be drawn.
  case drawPicture(PictureRequest, id: Int)
  /// Look for sessions of other agents in this directory; comes back as `Event.foreign`.
  case findForeign
  /// Make one of them a thread; comes back as `Event.imported`, or as a warning.
  case importForeign(ForeignSession)
  /// Keep something beyond this run.
  case save(Saved)
  /// Look for what an earlier run had decided in a review; comes back as `Event.reviewDraft`, if there is something.
  case readReview(id: String)
  /// Look for what an earlier run had folded in a thread; comes back as `Event.folds`.
  case readFolds(thread: String)
  /// Call the user: BEL and a notification. Sent only while the pane is not focused.
  case attention(String, by: AttentionWays = .all)
  /// Whether clicks and the wheel come to the interface; off, the terminal's own selection works.
  case mouse(Bool)
  /// Write lines to the normal screen, into its scrollback, and go on.
  case dump([String])
  /// Give the terminal back to the shell (ctrl-z).
  case suspend
  /// Leave; with lines, print them to the normal screen afterwards.
  case quit(dump: [String]?)
}

/// How a user who looks elsewhere is called.
public struct AttentionWays: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let bell = AttentionWays(rawValue: 1)
  /// A notification of the desktop (OSC 9, OSC 777).
  public static let notification = AttentionWays(rawValue: 2)
  public static let all: AttentionWays = [.bell, .notification]
}

/// What an external edit was started for.
public enum EditPurpose: Hashable, Sendable {
  case draft
  /// The result of some operations of a review's file: a hunk, or a part of one.
  case reviewHunk(reviewId: String, file: Int, operations: Range<Int>)
  /// A whole proposed file of a review.
  case reviewFile(reviewId: String, file: Int)
  /// The text that a question or a review asks for.
  case field
}

/// What the interface keeps over runs.
public enum Saved: Hashable, Sendable {
  case theme(String)
  /// One message that was sent, for the history.
  case history(String)
  /// What is typed and queued but not sent; an empty draft removes the stored one.
  case draft(Draft)
  /// The decisions of an open review; nil when it is over.
  case review(id: String, JSONValue?)
  /// What was folded and unfolded by hand in a thread, by the entries' ids; all of it.
  case folds(thread: String, [String: Bool])
}

/// Text that was typed and not sent yet.
public struct Draft: Hashable, Sendable {
  public var threadId: String?
  public var text: String
  public var queue: [String]

  public init(threadId: String?, text: String, queue: [String]) {
    self.threadId = threadId
    self.text = text
    self.queue = queue
  }

  public var isEmpty: Bool { text.isEmpty && queue.isEmpty }
}

/// Which request a reply belongs to. The run loop carries it and never looks inside.
public enum RequestTag: Hashable, Sendable {
  case threadStart
  case threadResume
  case olderTurns(cursor: String)
  case threadList(generation: Int)
  case threadSearch(term: String)
  case threadFork
  case threadExport(path: String)
  /// `isWhole`: with what can be read of the servers.
  case mcpServers(isWhole: Bool)
  /// A thread of the picker was renamed, archived or deleted.
  case threadChanged(words: String)
  case turnStart(localId: Int)
  case turnSteer(localId: Int)
  case turnInterrupt
  case queueList
  case queueDelete
  case modelList
  case files(query: String)
  case prompts
  case skills
  case settings
  case contextRead
  case compactStart
  case compactUndo
  case snapshotList
  case snapshotPlan(snapshotId: String)
  case snapshotRestore
  case snapshotRedo
  case permissions(PermissionsLook)
  case shellCommand
  case snapshotFork
  case reviewPage(reviewId: String)
  case reviewText(reviewId: String, path: String, ReviewTextPurpose)
  case reviewPreview(reviewId: String)
  case reviewStart(title: String, isLook: Bool = false)
  case reviewList
  case reviewDecide(reviewId: String)
  case reviewSend(reviewId: String)
  case reviewStage
  case commitDraft(reviewId: String)
  case commit(reviewId: String?)
}
