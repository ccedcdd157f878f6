import StetProtocol

/// What is allowed: the permissions screen, the state of the sandbox, modes, and running a command outside.
extension AppState {
  // MARK: What the server says

  /// Asks for the walls as they are and for what waits for the user's word; only servers of stet know.
  mutating func lookAtPermissions() {
    guard server?.hunkReview == true, let thread else { return }
    emit(.send(.stetPermissionsList(StetPermissionsListParams(threadId: thread.id)), .permissions(.opened)))
  }

  /// The thread's settings changed; walls that another policy asks for may be others.
  mutating func apply(_ settings: ThreadSettings) {
    let old = thread?.sandbox
    thread?.apply(settings)
    guard server?.hunkReview == true, let thread, thread.sandbox != old else { return }
    emit(.send(.stetPermissionsList(StetPermissionsListParams(threadId: thread.id)), .permissions(.listed)))
  }

  mutating func receivePermissions(_ look: PermissionsLook, _ result: Result<StetPermissions, RPCError>) {
    switch result {
    case .success(let answer):
      sandbox = SandboxFacts(answer.sandbox)
      updatePermissions { $0.take(answer) }
      if look == .opened { tellOfWishes(answer) }
    case .failure(let error):
      updatePermissions { state in
        state.isLoading = false
        state.problem = error.message
      }
    }
  }

  /// A project asks for what grants rights or starts programs: nothing of it holds until the user agreed to each. Of
  /// hooks the server tells itself.
  private mutating func tellOfWishes(_ answer: StetPermissions) {
    let asked = answer.data.compactMap(PermissionsState.Row.init).filter { $0.isAsked && !$0.isHook }
    guard !asked.isEmpty else { return }
    warn(
      "This project's own settings ask for \(Words.plural(asked.count, "right")) that you have not agreed to; "
        + "nothing of it holds. /permissions shows each.")
  }

  // MARK: The screen

  mutating func openPermissions(testing command: String) {
    guard server?.hunkReview == true else {
      show("this server keeps its rules to itself", isWarning: true)
      return
    }
    guard thread != nil else {
      show("no thread is open", isWarning: true)
      return
    }
    dialogs.append(.permissions(PermissionsState()))
    command.isEmpty ? askForPermissions() : test(command)
  }

  mutating func updatePermissions(_ change: (inout PermissionsState) -> Void) {
    guard let index = dialogs.lastIndex(where: { if case .permissions = $0 { true } else { false } }),
      case .permissions(var state) = dialogs[index]
    else { return }
    change(&state)
    dialogs[index] = .permissions(state)
  }

  var permissionsState: PermissionsState? {
    for case .permissions(let state) in dialogs.reversed() { return state }
    return nil
  }

  mutating func perform(_ command: PermissionsCommand) {
    switch command {
    case .next: updatePermissions { $0.move(by: 1) }
    case .previous: updatePermissions { $0.move(by: -1) }
    case .agree: if let row = permissionsState?.row { change(row, allow: true) }
    case .revoke: revoke()
    case .test: updatePermissions { $0.field = TextBuffer($0.tested ?? "") }
    case .runTest:
      if let text = permissionsState?.field?.text, text.contains(where: { !$0.isWhitespace }) { test(text) }
    case .leaveTest: updatePermissions { $0.field = nil }
    case .close: closeDialog()
    }
  }

  /// The first press says what a second one does.
  private mutating func revoke() {
    guard let row = permissionsState?.row else { return }
    if permissionsState?.doomed == row.id {
      change(row, allow: false)
    } else {
      updatePermissions { $0.doomed = row.id }
      show("d again takes it back")
    }
  }

  private mutating func askForPermissions() {
    guard let thread else { return }
    emit(.send(.stetPermissionsList(StetPermissionsListParams(threadId: thread.id)), .permissions(.listed)))
  }

  private mutating func change(_ row: PermissionsState.Row, allow: Bool) {
    guard let thread else { return }
    notice = nil
    updatePermissions { $0.doomed = nil }
    let params = StetPermissionsChangeParams(threadId: thread.id, id: row.id, allow: allow)
    emit(.send(.stetPermissionsChange(params), .permissions(.listed)))
  }

  private mutating func test(_ command: String) {
    guard let thread else { return }
    updatePermissions { state in
      state.field = nil
      state.tested = command
      state.verdict = nil
    }
    let params = StetPermissionsListParams(threadId: thread.id, command: command)
    emit(.send(.stetPermissionsList(params), .permissions(.listed)))
  }

  // MARK: Modes

  /// The next mode in the order in which they are listed.
  mutating func wantNextMode() {
    let current = wanted.mode ?? thread?.mode ?? .ask
    let all = WorkMode.allCases
    let index = all.firstIndex(of: current) ?? 0
    wantMode(all[(index + 1) % all.count])
  }

  // MARK: Outside

  /// Why the selected entry can't be run outside, or nil.
  var outsideObstacle: String? {
    guard case .command(let content) = selectedItem?.content, content.denied != nil else {
      return "the sandbox refused nothing of this entry"
    }
    return closedReason == nil && thread != nil ? nil : "not connected"
  }

  mutating func askOutside() {
    guard outsideObstacle == nil, case .command(let content) = selectedItem?.content else { return }
    var script = content.command
    if let home = thread?.directory, content.directory != home, !content.directory.isEmpty {
      script = "cd \(ShellWords.quote(content.directory)) &&\n" + script
    }
    dialogs.append(.outside(OutsideState(script: script, directory: thread?.directory ?? "")))
  }

  mutating func perform(_ command: OutsideCommand) {
    guard case .outside(let state)? = dialogs.last else { return }
    dialogs.removeLast()
    guard command == .run, let thread else { return }
    emit(
      .send(.threadShellCommand(.init(threadId: thread.id, command: state.script)), .shellCommand))
    transcript.layout.follow()
  }
}

/// Why the permissions were asked for.
public enum PermissionsLook: Hashable, Sendable {
  /// A thread was opened.
  case opened
  /// The screen shows them, or the header.
  case listed
}
