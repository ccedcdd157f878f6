import StetProtocol

/// What the server answers: from the handshake to the turn.
extension ExecSession {
  mutating func answered(_ call: Call, _ value: JSONValue) -> [Step] {
    switch call {
    case .initialize: return [.initialized] + openThread()
    case .list: return found(value)
    case .open: return opened(value)
    case .begin: return begun(value)
    case .interrupt: return []
    }
  }

  mutating func failed(_ call: Call, _ error: RPCError) -> [Step] {
    switch call {
    // The turn had ended already, or is about to begin: its end comes all the same, or the grace is over.
    case .interrupt: return []
    case .initialize, .list, .open, .begin: return end(stopping ?? .failed(Self.text(error)))
    }
  }

  /// A server that does not know a method lists all that it knows; only the first part is for people.
  private static func text(_ error: RPCError) -> String {
    guard error.message.hasPrefix("Invalid request: unknown variant"),
      let end = error.message.firstRange(of: ", expected")
    else { return error.message }
    return "the app-server can't do this: \(error.message[..<end.lowerBound])"
  }

  // MARK: - The thread

  private mutating func openThread() -> [Step] {
    phase = .opening
    switch order.task {
    case .start, .review: return [.send(.threadStart(startParams), .open)]
    case .resume(let choice), .fork(let choice):
      if case .named(let name) = choice, Self.isId(name) { return [open(name)] }
      return [.send(.threadList(listParams(choice)), .list)]
    }
  }

  /// The form of a UUID; anything else is a name.
  private static func isId(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.map(\.utf8.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.allSatisfy(\.isHexDigit) }
  }

  /// Threads that are looked through for a name.
  private static let pageLimit: UInt32 = 100

  private func listParams(_ choice: ExecTask.Choice) -> ThreadListParams {
    var params = ThreadListParams(
      modelProviders: [], sortKey: .updatedAt, sourceKinds: ThreadSourceKind.ofUsers)
    switch choice {
    case .last(let anywhere):
      params.limit = 1
      if !anywhere { params.cwd = .one(order.directory) }
    case .named(let name):
      params.limit = Self.pageLimit
      params.searchTerm = name
    }
    return params
  }

  private mutating func found(_ value: JSONValue) -> [Step] {
    let rows = value["data"]?.arrayValue ?? []
    switch order.task {
    case .resume(.named(let name)), .fork(.named(let name)):
      guard let row = rows.first(where: { $0["name"]?.stringValue == name }), let id = row["id"]?.stringValue
      else { return end(.failed("no thread has the id or the name \(name)")) }
      return [open(id)]
    default:
      guard let id = rows.first?["id"]?.stringValue else {
        return end(.failed("there is no thread of \(order.directory) yet; --all looks everywhere"))
      }
      return [open(id)]
    }
  }

  private func open(_ id: String) -> Step {
    let directory = order.movesThread ? order.directory : nil
    let roots = workspaceRoots(directory)
    var isFork = order.isEphemeral
    if case .fork = order.task { isFork = true }
    // What is to leave nothing on disk goes on with a copy that is in memory.
    if isFork {
      return .send(
        .threadFork(
          ThreadForkParams(
            threadId: id, approvalPolicy: order.approvalPolicy, cwd: directory,
            ephemeral: order.isEphemeral ? true : nil, excludeTurns: true, model: order.model,
            runtimeWorkspaceRoots: roots, sandbox: order.sandbox, stet: Self.options)), .open)
    }
    return .send(
      .threadResume(
        ThreadResumeParams(
          threadId: id, approvalPolicy: order.approvalPolicy, cwd: directory, excludeTurns: true,
          model: order.model, runtimeWorkspaceRoots: roots, sandbox: order.sandbox, stet: Self.options)),
      .open)
  }

  private var startParams: ThreadStartParams {
    ThreadStartParams(
      approvalPolicy: order.approvalPolicy, cwd: order.directory, ephemeral: order.isEphemeral ? true : nil,
      model: order.model, runtimeWorkspaceRoots: workspaceRoots(order.directory), sandbox: order.sandbox,
      stet: Self.options)
  }

  /// Nobody reviews here: what the sandbox allows is written.
  private static let options = StetThreadOptions(editReview: .off)

  private func workspaceRoots(_ directory: String?) -> [String]? {
    guard !order.writableDirectories.isEmpty else { return nil }
    return [directory ?? order.directory] + order.writableDirectories
  }

  private mutating func opened(_ value: JSONValue) -> [Step] {
    guard let thread = ExecThread(value) else {
      return end(.failed("the app-server opened no thread"))
    }
    self.thread = thread
    defer { early = [] }
    var steps: [Step] = [.show(.threadStarted(thread))] + early.map { .show($0) }
    if case .review(let target) = order.task {
      phase = .beginning
      steps.append(.send(.reviewStart(ReviewStartParams(threadId: thread.id, target: target)), .begin))
    } else if order.input.isEmpty {
      // A fork without a prompt is a copy and no more.
      answer = thread.id
      steps += end(.completed)
    } else {
      phase = .beginning
      let params = TurnStartParams(
        threadId: thread.id, input: order.input, outputSchema: order.outputSchema)
      steps.append(.send(.turnStart(params), .begin))
    }
    // Nobody can resume a thread that is in memory alone.
    if phase == .beginning, !order.isEphemeral { steps.append(.listen) }
    return steps
  }

  private mutating func begun(_ value: JSONValue) -> [Step] {
    turnId = value["turn"]?["id"]?.stringValue ?? ""
    phase = .running
    // Somebody wanted to stop before there was a turn to be stopped.
    return stopping == nil ? [] : [interruption]
  }
}
