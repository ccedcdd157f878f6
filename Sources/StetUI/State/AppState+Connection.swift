import StetProtocol

/// How the interface stands to its server.
enum ServerConnection: Sendable {
  /// It was asked for; there has been no answer.
  case connecting
  case open
  /// It was lost, and is being tried by itself.
  case comingBack
  case down

  /// How long nothing may come before it is said. A server on another machine starts within seconds; coming back is
  /// tried for half a minute before its end is told anyway.
  var silenceMs: Int? {
    switch self {
    case .connecting: 10_000
    case .comingBack: 60_000
    case .open, .down: nil
    }
  }
}

/// What was open when the connection was lost, as it was: it goes on from there if the server tells all that was
/// missed.
struct LostThread: Sendable {
  var turn: RunningTurn?
  var items: [TranscriptItem]
  /// The entry that says so.
  var noteId: String
}

/// Connecting, losing the connection, coming back.
extension AppState {
  mutating func connect(_ facts: ServerFacts) {
    let isSwitch = server != nil
    server = facts
    link = .open
    environment.directory = facts.directory ?? environment.directory
    environment.overrides = facts.overrides ?? environment.overrides
    closedReason = nil
    canReconnect = false
    // What was typed before there was a server to ask.
    promptsOf = nil
    if let askedForList { askForList(askedForList) }
    if heldPrompt != nil, askedForList != .command { askForList(.command) }
    if facts.isReturn, let thread {
      reattach(thread.id, after: facts.seen[thread.id])
      return
    }
    if isSwitch, !facts.isReturn {
      closeThread()
      dialogs = []
      launch = .new(prompt: nil)
    }
    openFirstThread()
  }

  mutating func disconnect(_ reason: String?, _ comeback: Comeback) {
    let wasTrying = closedReason != nil
    closedReason = reason ?? "the connection to the server is closed"
    canReconnect = comeback == .byKey
    link = comeback == .trying ? .comingBack : .down
    silentSince = nil
    saveReviewDraft()
    forgetCommitting()
    for prompt in prompts.prompts { keepTyped(prompt.field) }
    prompts.removeAll()
    closeReview()
    let open = lost == nil ? transcript.items.suffix(Self.lostItems).filter { !$0.isFinal } : []
    let lostTurn = turn
    if let turn { transcript.closeTurn(turn.id, wasCut: true) }
    turn = nil
    isOpeningThread = false
    returnPending()
    // Only what is new is said when the attempts to come back are over.
    if wasTrying, comeback == .no { return }
    var content = ErrorContent(message: "\(lossTitle): \(closedReason ?? "")", willRetry: false)
    content.advice = lossAdvice(comeback)
    let note = transcript.addOwn(.error(content), now: now)
    if thread != nil, lost == nil { lost = LostThread(turn: lostTurn, items: open, noteId: note) }
  }

  /// Entries at the end among which those that were open are looked for: a turn has fewer at a time.
  private static let lostItems = 200

  private var lossTitle: String { server == nil ? "Not connected" : "Disconnected" }

  private func lossAdvice(_ comeback: Comeback) -> String {
    let isThere = thread != nil
    switch comeback {
    case .no: return "What is shown is kept; stet resume --last goes on."
    case .trying: return "What is shown is kept; what runs at the server goes on. Trying to come back …"
    case .byKey:
      return isThere
        ? "What is shown is kept; /reconnect comes back to this thread." : "/reconnect tries again."
    }
  }

  /// Joins the open thread again after a lost connection; what is shown stays until the server says what is. Where it
  /// can, it tells only what was missed.
  private mutating func reattach(_ id: String, after seq: Int?) {
    isOpeningThread = true
    show("connected again")
    var params = ThreadResumeParams(threadId: id, stet: wantedOptions)
    if let seq, server?.isStet == true, lost != nil {
      var options = params.stet ?? StetThreadOptions()
      options.afterSeq = seq
      params.stet = options
    }
    askForLastTurns(&params)
    emit(.send(.threadResume(params), .threadResume))
  }

  /// The server tells all that was missed: the thread goes on as it was.
  mutating func goOn(from lost: LostThread) {
    turn = lost.turn
    let note = NoteContent(kind: .info, text: "The connection was lost for a while. Nothing is missing.")
    transcript.reopen(lost.items, note: (lost.noteId, .note(note)))
    older.retry()
  }

  // MARK: Silence

  /// When a server that says nothing has to be told of.
  var silenceLimit: Instant? {
    guard !canReconnect, let silentSince, let limit = link.silenceMs else { return nil }
    return silentSince.advanced(by: limit)
  }

  /// A server that never answers is told of once, with what can be done; what it says later still counts, and
  /// takes the words back.
  mutating func noteSilence() {
    guard link.silenceMs != nil else {
      silentSince = nil
      for id in silenceNotes { transcript.withdraw(id) }
      silenceNotes = []
      return
    }
    silentSince = silentSince ?? now
    guard let silenceLimit, now >= silenceLimit else { return }
    canReconnect = true
    let name = server?.place ?? environment.place ?? "The app-server"
    var content = ErrorContent(message: "No answer yet: \(name)", willRetry: false)
    content.advice = "It is still waited for. /reconnect starts anew; ctrl-c twice quits."
    silenceNotes.append(transcript.addOwn(.error(content), now: now))
  }
}
