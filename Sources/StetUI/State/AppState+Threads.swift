import StetProtocol

/// Opening threads, sending messages.
extension AppState {
  mutating func apply(_ setup: Setup) {
    self.setup = setup
    openFirstThread()
  }

  mutating func openFirstThread() {
    guard server != nil, thread == nil, !isOpeningThread else { return }
    switch launch {
    case .new(let prompt):
      guard setup == .ready else { return }
      startThread()
      if let prompt, !prompt.isEmpty {
        launch = .new(prompt: nil)
        submit(prompt)
      }
    case .resume(let id): resumeThread(id)
    case .resumeLast: listThreads(forPicker: false)
    case .picker:
      launch = .new(prompt: nil)
      openThreadPicker()
      openFirstThread()
    case .viewer: break
    }
  }

  /// How edits are reviewed in a new thread: as asked for, else hunk by hunk unless nothing may ask.
  private var wantedReview: EditReviewMode {
    environment.overrides.editReview ?? (environment.overrides.approvalPolicy == .never ? .off : .ask)
  }

  /// A server without hunk review comes nearest with a sandbox that asks before each write.
  private var wantedSandbox: SandboxMode? {
    if let sandbox = environment.overrides.sandbox { return sandbox }
    if isTrusting { return .workspaceWrite }
    return server?.hunkReview == false && wantedReview == .ask ? .readOnly : nil
  }

  var wantedOptions: StetThreadOptions? {
    server?.hunkReview == true ? StetThreadOptions(editReview: wantedReview) : nil
  }

  /// Why the directory can't be trusted by a key now, or nil. A new thread that may write marks it as trusted.
  var trustObstacle: String? {
    guard let thread, transcript.isEmpty, !isWorking else { return "only in a thread that has not begun" }
    guard case .readOnly = thread.sandbox, server?.hunkReview == true else {
      return "commands may write here"
    }
    return environment.overrides.sandbox == nil ? nil : "the sandbox was chosen on the command line"
  }

  /// Starts the thread anew with a sandbox that may write in the directory.
  mutating func trustDirectory() {
    isTrusting = true
    startThread()
  }

  mutating func startThread() {
    closeThread()
    isOpeningThread = true
    let overrides = environment.overrides
    let params = ThreadStartParams(
      approvalPolicy: overrides.approvalPolicy,
      cwd: server?.choosesDirectory == true ? nil : environment.directory, model: overrides.model,
      modelProvider: overrides.modelProvider, sandbox: wantedSandbox, stet: wantedOptions)
    emit(.send(.threadStart(params), .threadStart))
  }

  mutating func resumeThread(_ id: String) {
    closeThread()
    isOpeningThread = true
    let overrides = environment.overrides
    var params = ThreadResumeParams(
      threadId: id, approvalPolicy: overrides.approvalPolicy, model: overrides.model,
      modelProvider: overrides.modelProvider, sandbox: overrides.sandbox, stet: wantedOptions)
    askForLastTurns(&params)
    emit(.send(.threadResume(params), .threadResume))
  }

  /// Forgets the open thread; what was typed stays.
  mutating func closeThread() {
    let hadThread = thread != nil
    if hadThread { leaveReviews() }
    thread = nil
    sandbox = nil
    turn = nil
    usage = nil
    context = nil
    requests = []
    turnUses = []
    turnDiff = ""
    // What was chosen before there was a thread holds for the one that opens.
    if hadThread { wanted = WantedSettings() }
    // Without a thread there are only warnings and errors, which nobody may have read yet.
    if hadThread {
      transcript.reset()
      transcript.forgetFolds()
    }
    older = OlderTurns()
    lost = nil
    prompts.removeAll()
    waitingRows = []
    focus = .composer
    // What was typed before there was a thread still goes to the one that opens.
    returnPending(isHeldToo: false)
  }

  mutating func opened(_ response: ThreadStartResponse) {
    isOpeningThread = false
    thread = ThreadInfo(response, editReview: review(in: response.sandbox))
    if server?.choosesDirectory == true { environment.directory = response.cwd }
    sendWantedMode()
    lookAtPermissions()
  }

  /// Where the server takes no decision by hunk, a sandbox that may not write asks before each edit.
  private func review(in sandbox: SandboxPolicy) -> EditReviewMode {
    if server?.hunkReview == true { return wantedReview }
    if case .readOnly = sandbox { return wantedReview }
    return .off
  }

  mutating func opened(_ response: ThreadResumeResponse) {
    isOpeningThread = false
    thread = ThreadInfo(response, editReview: review(in: response.sandbox))
    listWaitingReviews()
    let back = lost
    lost = nil
    sendWantedMode()
    if response.stet?.complete == true, let back { return goOn(from: back) }
    let turns = load(response)
    if let thread { emit(.readFolds(thread: thread.id)) }
    // What was given back may have arrived before the connection was lost.
    for item in turns.suffix(1).flatMap(\.items) { noteArrival(item) }
    if let last = turns.last, last.status == .inProgress {
      turn = RunningTurn(id: last.id, startedAt: now)
    }
    lookAtPermissions()
  }

  mutating func failedToOpen(_ error: RPCError, isResume: Bool) {
    isOpeningThread = false
    // A thread that could not be joined again is no longer open; what it showed stays.
    if isResume { thread = nil }
    let what = isResume ? "The thread could not be opened" : "The thread could not be started"
    let advice =
      isResume
      ? "/resume lists the threads there are; what you write now starts a new one."
      : "What you write now tries again."
    var content = ErrorContent(message: "\(what): \(error.message)", willRetry: false)
    content.advice = advice
    transcript.addOwn(.error(content), now: now)
    if isResume { launch = .new(prompt: nil) }
    returnPending()
  }

  // MARK: Messages

  /// Sends a message of the user: starts a turn, steers the running one, or waits for a thread to be there.
  mutating func submit(_ text: String) {
    if let turn, let thread {
      let id = outbox.add(text, .steer, isHeld: false)
      let params = TurnSteerParams(
        threadId: thread.id, expectedTurnId: turn.id, input: input(text),
        clientUserMessageId: outbox.clientId(id))
      emit(.send(.turnSteer(params), .turnSteer(localId: id)))
      return
    }
    // A thread that is being joined again is not open at a server that was started anew.
    let isOpen = thread != nil && !isOpeningThread
    let id = outbox.add(text, .start, isHeld: !isOpen)
    if isOpen {
      startTurn(id, text)
    } else if thread == nil, server != nil, !isOpeningThread, setup == .ready {
      startThread()
    }
    transcript.layout.follow()
  }

  private mutating func startTurn(_ localId: Int, _ text: String) {
    guard let thread else { return }
    var params = TurnStartParams(threadId: thread.id, input: input(text))
    params.clientUserMessageId = outbox.clientId(localId)
    params.model = wanted.model
    if let mode = wanted.mode { apply(mode, to: &params) }
    wanted = WantedSettings()
    emit(.send(.turnStart(params), .turnStart(localId: localId)))
  }

  private func apply(_ mode: WorkMode, to params: inout TurnStartParams) {
    params.approvalPolicy = policyForModes
    guard server?.hunkReview == true else {
      params.sandboxPolicy = mode.sandbox
      return
    }
    params.permissions = mode.profile
    params.stet = StetThreadOptions(editReview: mode.review)
  }

  /// A mode is about edits and the sandbox: what the user configured of questions stays, unless there are none at all,
  /// which no mode can work with.
  private var policyForModes: AskForApproval? {
    thread?.approvalPolicy == .never ? .onRequest : nil
  }

  /// A mode that was chosen while the thread was being opened holds from its first moment.
  private mutating func sendWantedMode() {
    if let mode = wanted.mode, send(mode) { wanted.mode = nil }
  }

  /// A mode holds at once, also for what the running turn does next; a server of others learns it with the next message.
  mutating func send(_ mode: WorkMode) -> Bool {
    guard server?.hunkReview == true, closedReason == nil, let thread else { return false }
    let params = ThreadSettingsUpdateParams(
      threadId: thread.id, approvalPolicy: policyForModes, permissions: mode.profile,
      stet: StetThreadOptions(editReview: mode.review))
    emit(.send(.threadSettingsUpdate(params), .settings))
    return true
  }

  /// Messages that were typed before there was a thread: the first starts a turn, the others queue behind it.
  mutating func sendHeldMessages() {
    guard thread != nil, !isOpeningThread, outbox.pending.contains(where: \.isHeld) else { return }
    var isFirst = !isWorking
    for pending in outbox.pending where pending.isHeld {
      if isFirst, let index = outbox.pending.firstIndex(where: { $0.localId == pending.localId }) {
        outbox.pending[index].isHeld = false
        startTurn(pending.localId, pending.text)
        isFirst = false
      } else if outbox.take(pending.localId) != nil {
        outbox.queue.append(pending.text)
      }
    }
  }

  /// Gives messages that never arrived back to the user: the last into the composer, the others into the queue.
  mutating func returnPending(isHeldToo: Bool = true) {
    for pending in outbox.takeBack(where: { isHeldToo || !$0.isHeld }) { giveBack(pending.text) }
  }

  /// A turn is over: what was to start or steer it and never came is given back. A steer that crossed the end of a turn
  /// that completed is not: refused, it starts a turn of its own; taken, it begins the next turn of a server that
  /// queues.
  mutating func returnPending(after status: TurnStatus) {
    let queues = server?.hunkReview == true
    let returned = outbox.takeBack { pending in
      guard status == .completed, pending.kind == .steer else { return true }
      return pending.isAccepted && !queues
    }
    for pending in returned { giveBack(pending.text) }
  }

  /// Nothing that was typed is lost: back into an empty composer, else to the front of the queue.
  mutating func giveBack(_ text: String) {
    if composer.isEmpty {
      composer.replace(withMessage: text)
    } else {
      outbox.queue.insert(text, at: 0)
    }
    noteDraftChange()
  }

  mutating func sendNextQueued() {
    guard !isWorking, !outbox.queue.isEmpty else { return }
    submit(outbox.queue.removeFirst())
    noteDraftChange()
  }

  mutating func stopTurn() {
    guard let thread, isWorking else { return }
    guard turn?.isStopping != true else { return }
    turn?.isStopping = true
    emit(.send(.turnInterrupt(.init(threadId: thread.id, turnId: turn?.id ?? "")), .turnInterrupt))
  }
}
