import StetProtocol
import StetText

/// Everything the interface knows. One value, owned by the run loop; `update` and `frame` are its only doors.
public struct AppState: Sendable {
  public internal(set) var theme: Theme

  var environment: UIEnvironment
  var settings = InterfaceSettings()
  var launch: Launch
  var now = Instant(milliseconds: 0)
  var server: ServerFacts?
  var setup = Setup.looking
  var closedReason: String?
  var link = ServerConnection.connecting
  /// Since when nothing has come from a server that is waited for.
  var silentSince: Instant?
  /// The entries that say so; they go when it speaks.
  var silenceNotes: [String] = []
  /// What was open when the connection was lost.
  var lost: LostThread?
  /// The lost connection can be asked for again.
  var canReconnect = false

  var thread: ThreadInfo?
  var isOpeningThread = false
  /// The user said that commands and edits may write in the directory.
  var isTrusting = false
  var turn: RunningTurn?
  /// The walls around commands, as the server found them; nil until it has said so.
  var sandbox: SandboxFacts?
  var usage: ThreadTokenUsage?
  /// What the window is filled with, where the server says so.
  var context: StetContextUse?
  /// The newest requests, the last one last.
  var requests: [TokenUsageBreakdown] = []
  /// Reviews of approvals that a model is at.
  var autoReviews: Set<String> = []
  /// What the turns since the thread was opened used.
  var turnUses: [TurnUse] = []
  /// The unified diff of what the last turn changed.
  var turnDiff = ""
  /// Overrides chosen since the last message; they go out with the next.
  var wanted = WantedSettings()
  var transcript = Transcript()
  /// What lies before the transcript's first entry.
  var older = OlderTurns()
  var outbox: Outbox

  var composer = Composer()
  var popup: Popup?
  /// The list that was asked for since a popup was wanted.
  var askedForList: Popup.Kind?
  /// The user's own prompts, as they were listed last.
  var customPrompts: [CustomPrompt] = []
  /// The directory whose prompts these are, and the one that was asked for last.
  var promptsOf: String?
  var askedPromptsOf: String?
  /// A message that waits for the list.
  var heldPrompt: HeldPrompt?
  /// Skills that a message may name.
  var skills: [SkillMetadata] = []
  /// The query whose completion was closed with esc.
  var dismissedPopup: String?
  var prompts = PromptQueue()
  var dialogs: [Dialog] = []
  /// Sessions of other agents in this directory.
  var foreign: [ForeignSession] = []
  /// The one that is being brought over.
  var importing: String?
  var focus = Focus.composer
  var notice: Notice?
  var themes = Theme.bundled
  var hasChosenTheme = false
  var models: [Model] = []
  /// For the page of MCP servers; nil while they are asked for.
  var mcpServers: [McpServerStatus]?

  var pageCache = PageCache()
  var reviewRows = ReviewRowCache()
  /// A diff that is looked at without being asked about.
  var viewer: ReviewState?
  /// A review that the user opened, until its text is there.
  var starting: StartingReview?
  /// A review whose text came while the user went on typing: it waits for a key.
  var readyReview: ReviewState?
  /// The model's message for a commit that came while other keys were pressed.
  var commitDraft: (id: String, text: String)?
  /// Keys and pastes so far, and as many as there were when a review or a message was last asked for: what comes after
  /// another key must not take the keys from where they go (U2).
  var keysTaken = 0
  var keysAtRequest = 0
  /// A review or a message that opened by itself, until it was seen.
  var arrival: Arrival?
  /// Reviews that wait at the server, as it last listed them.
  var waitingRows: [StetReviewRow] = []
  /// A review that was left with words or decisions in it, for `/review` and `/review send`.
  var laidAside: ReviewState?
  /// What was laid aside goes out when the turn is over.
  var isReviewDue = false
  /// A line of text that the review asks for.
  var reviewField: PromptField?
  /// What stands where in the review, for the mouse.
  var reviewHits: [Int: ReviewHit] = [:]
  /// The review that was answered last: one that takes its place begins with its decisions.
  var lastReview: ReviewState?
  /// Which state of which review is kept for another run.
  var savedReview: (id: String, revision: Int)?
  /// How the terminal shows real pictures; nil until it said that it can.
  var pictureAbility: PictureAbility?
  var pictures = PictureStage()
  /// Those of the frame that is being made.
  var framePictures: [FramePicture] = []
  /// When the last frame was made.
  var paintedAt: Instant?
  var size = Size(columns: 80, rows: 24)
  /// Rows of the transcript at the last frame, for scrolling.
  var transcriptRows = 10
  var isPaneFocused = true
  var lastKey: Instant?
  var lastInterrupt: Instant?
  var draftChangedAt: Instant?
  var savedDraft: Draft?
  /// What an earlier run left in its queue, until a thread is open.
  var restoredQueue: Draft?
  var threadListGeneration = 0
  var outgoing: [Effect] = []

  enum Focus: Sendable { case composer, transcript }

  /// - Parameter theme: the theme of the first frame; `Event.themes` and `Event.background` can change it.
  public init(_ environment: UIEnvironment, launch: Launch, theme: Theme) {
    self.environment = environment
    outbox = Outbox(run: environment.run)
    self.launch = launch
    self.theme = theme
  }

  /// Takes one event and says what is to be done. Never blocks, never fails.
  public mutating func update(_ event: Event, now: Instant) -> [Effect] {
    self.now = max(now, self.now)
    switch event {
    case .input(let input): handle(input)
    case .connected(let facts): connect(facts)
    case .setup(let setup): apply(setup)
    case .notification(let notification): receive(notification)
    case .request(let id, let request): receive(id, request)
    case .reply(let tag, let result): receive(tag, result)
    case .edited(let purpose, let text): finishEdit(purpose, text)
    case .copied(let words): show(words)
    case .files(let query, let paths): complete(query, paths)
    case .foreign(let sessions): receiveForeign(sessions)
    case .imported(let id): imported(id)
    case .restored(let draft): restore(draft)
    case .reviewDraft(let id, let draft): restoreReview(id, draft)
    case .folds(let id, let folds): if thread?.id == id { transcript.restore(folds: folds) }
    case .history(let messages): composer.load(history: messages)
    case .themes(let themes, let name): install(themes, use: name)
    case .settings(let settings): adopt(settings)
    case .picture(let path, let facts): transcript.show(facts, of: path)
    case .showsPictures(let ability): pictureAbility = ability
    case .drawing(let drawing, let request): pictures.take(drawing, for: request)
    case .background(let isDark): adopt(isDark: isDark)
    case .notice(let words): show(words)
    case .warning(let words): warn(words)
    case .clientClosed(let reason, let comeback): disconnect(reason, comeback)
    case .ending: saveDraft()
    case .tick: break
    }
    settle()
    defer { outgoing = [] }
    return outgoing
  }

  /// What follows from the new state, whatever the event was.
  private mutating func settle() {
    if let notice, notice.until <= now { self.notice = nil }
    placeRestoredQueue()
    sendHeldMessages()
    updatePopup()
    searchPickedText()
    noteReviewChange()
    saveDraftIfDue()
    noteSilence()
    if focus != .transcript { older.isGoingToStart = false }
    transcript.settleSelection()
    letGoOlderTurns()
    readOlderTurns()
    readPictures()
    askForDrawings()
    saveFolds()
  }

  /// What was folded by hand is folded in the next run, too (U24).
  private mutating func saveFolds() {
    guard let thread, transcript.hasNewFolds else { return }
    transcript.hasNewFolds = false
    emit(.save(.folds(thread: thread.id, transcript.folds)))
  }

  /// Asks for the pictures of new entries. Paths of a server elsewhere mean nothing here.
  private mutating func readPictures() {
    guard !transcript.unreadPictures.isEmpty else { return }
    defer { transcript.unreadPictures = [] }
    guard environment.place == nil, server?.place == nil else { return }
    for path in transcript.unreadPictures { emit(.readPicture(path: path)) }
  }

  mutating func emit(_ effect: Effect) { outgoing.append(effect) }

  mutating func show(_ words: String, isWarning: Bool = false) {
    notice = Notice(
      text: Words.firstLine(words), isWarning: isWarning, until: now.advanced(by: Notice.showMs))
  }

  /// A warning that stays.
  mutating func warn(_ words: String) {
    transcript.addOwn(.note(NoteContent(kind: .warning, text: words)), now: now)
  }

  /// A turn runs, or a message that starts one is on its way.
  var isWorking: Bool { turn != nil || outbox.pending.contains { $0.kind == .start && !$0.isHeld } }

  var selectedItem: TranscriptItem? {
    guard let selected = transcript.selected, transcript.items.indices.contains(selected) else { return nil }
    return transcript.items[selected]
  }
}

/// Settings the user chose; each goes out once, with the next message.
struct WantedSettings: Sendable {
  var model: String?
  var mode: WorkMode?

  var isEmpty: Bool { model == nil && mode == nil }
}

/// A message that may name a prompt of the user's own, sent before the prompts were known.
struct HeldPrompt: Sendable {
  var text: String
  /// tab was pressed, not enter.
  var queues: Bool
}
