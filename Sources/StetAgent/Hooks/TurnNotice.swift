import StetJSON
import StetProcess
import StetProtocol

/// The program of `notify`: started when a turn has completed, with one JSON argument, as Codex does (X8).
enum TurnNotice {
  /// Bytes of the argument: the kernel takes 128 KiB in one.
  private static let limit = 100_000
  /// Minutes that it may run; nobody waits for it.
  private static let longest = Duration.seconds(600)

  /// The argument; the longest texts are cut until it fits.
  static func argument(
    thread: String, turn: String, cwd: String, client: String? = nil, input: [String], answer: String?
  ) -> String {
    var most = limit / 2
    while true {
      var value: JSONObject = [
        "type": "agent-turn-complete", "thread-id": .string(thread), "turn-id": .string(turn),
        "cwd": .string(cwd),
      ]
      if let client { value["client"] = .string(OutputCutter.cut(client, to: most, file: nil)) }
      value["input-messages"] = .array(input.map { .string(OutputCutter.cut($0, to: most, file: nil)) })
      value["last-assistant-message"] =
        answer.map { .string(OutputCutter.cut($0, to: most, file: nil)) } ?? .null
      let text = JSONValue.object(value).text
      if text.utf8.count <= limit || most < 100 { return text }
      most /= 2
    }
  }

  /// Starts the program at once; what is returned is to be awaited beside everything else. Nil: it could not be started.
  static func start(
    _ argv: [String], argument: String, cwd: String, environment: [String: String]
  ) throws(ProcessError) -> @Sendable () async -> Void {
    let session = try ProcessSession.start(
      Command(argv: argv + [argument], cwd: cwd, environment: environment, errors: .merged))
    session.setTimeLimit(longest)
    return {
      for await _ in session.events {}
      _ = await session.waitForExit()
    }
  }
}

extension ThreadSession {
  /// A turn has completed, and the user wants to hear of it.
  func notifyOfTurn(_ turn: Running) {
    guard let argv = turn.model?.configuration?.notify, !argv.isEmpty,
      services.environment.modelClientOverride == nil
    else { return }
    guard noticeTasks.hasRoom else {
      return feed.warn(
        "The program of `notify` was not started: \(HookTasks.limit) of the turns before still run.")
    }
    let said = feed.words(of: turn.id)
    let argument = TurnNotice.argument(
      thread: id, turn: turn.id, cwd: settings.cwd, client: journal.summary?.originator,
      input: said.user, answer: said.agent)
    do {
      let rest = try TurnNotice.start(
        argv, argument: argument, cwd: settings.cwd, environment: hookEnvironment.user)
      _ = noticeTasks.start(rest)
    } catch {
      feed.warn("The program of `notify` can't be started: \(error)")
    }
  }
}

extension ThreadFeed {
  /// What the user said in a turn, and what the agent said last.
  func words(of turnId: String) -> (user: [String], agent: String?) {
    state.withLock { state in
      guard let turn = state.turns.last(where: { $0.id == turnId }) else { return ([], nil) }
      var user: [String] = []
      var agent: String?
      for entry in turn.entries {
        switch entry.item {
        case .userMessage(let item): user.append(UserInputItems.words(item.content))
        case .agentMessage(let item): agent = item.text
        default: break
        }
      }
      return (user, agent)
    }
  }
}
