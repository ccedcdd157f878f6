import StetJSON
import StetProcess
import StetProtocol

/// Why a project's program can't run behind walls.
struct HookFault: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Runs the hooks of a thread: all that are for an event at once, each told to the clients when it begins and ends.
/// A value made for one turn.
struct HookRunner: Sendable {
  /// Those that may run.
  let handlers: [HookHandler]
  let feed: ThreadFeed
  let turnId: String?
  let cwd: String
  /// Members that every program is told.
  let base: JSONObject
  let environment: HookEnvironment
  let tasks: HookTasks
  /// Of what commands that still run left for these programs, the user's own among them, to act on.
  let sweep: ProtectedSweep
  /// Makes the walls around a project's programs: what they run can be changed by the commands of a turn, so they may do
  /// no more than those. Nil where commands have none either.
  let walls: @Sendable (_ directory: String) async throws -> SandboxLaunch?

  func has(_ event: HookEvent) -> Bool { handlers.contains { $0.event == event } }

  /// Runs what is for this event and waits for it, but for those that nobody waits for. Cancelling the task ends the
  /// programs.
  func run(_ event: HookEvent, _ call: HookCall = HookCall(), limitSeconds: Int? = nil) async -> HookOutcome {
    var jobs: [Job] = []
    for handler in handlers where handler.event == event {
      for fields in call.inputs(for: handler) {
        let job = Job(handler: handler, event: event, fields: fields, tag: call.tag, limit: limitSeconds)
        // The same program in two files is one program.
        if !jobs.contains(where: { $0.handler.argv == handler.argv && $0.fields == fields }) {
          jobs.append(job)
        }
      }
    }
    guard !jobs.isEmpty else { return HookOutcome() }
    await sweep.running()
    for job in jobs where job.handler.isAsync {
      if !tasks.start({ _ = await run(job) }) { skipped(job) }
    }
    let awaited = jobs.filter { !$0.handler.isAsync }
    guard !awaited.isEmpty else { return HookOutcome() }
    let answers = await withTaskGroup(of: (Int, HookAnswer).self) { group in
      for (index, job) in awaited.enumerated() { group.addTask { (index, await run(job)) } }
      var answers: [Int: HookAnswer] = [:]
      for await (index, answer) in group { answers[index] = answer }
      return answers
    }
    var outcome = HookOutcome()
    for (index, job) in awaited.enumerated() {
      guard let answer = answers[index] else { continue }
      outcome.add(answer, of: job.handler)
      if let message = answer.message { feed.warn(message) }
    }
    return outcome
  }

  // MARK: - Parts

  private struct Job: Sendable {
    let handler: HookHandler
    let event: HookEvent
    let fields: JSONObject
    let tag: String
    let limit: Int?
  }

  private func skipped(_ job: Job) {
    feed.warn(
      "A \(job.event.rawValue) hook was left out, \(HookTasks.limit) programs that nobody waits for still run: "
        + job.handler.shownCommand)
  }

  private func run(_ job: Job) async -> HookAnswer {
    let startedMs = feed.clock.nowMs()
    tell(ServerNotification.hookStarted, job, startedMs, nil)
    var input = base
    input["hook_event_name"] = .string(job.event.rawValue)
    for (name, value) in job.fields { input[name] = value }
    let answer = HookAnswer(await end(of: job, input), of: job.event)
    tell(ServerNotification.hookCompleted, job, startedMs, answer)
    return answer
  }

  /// The scripts of a project may have changed since the turn began, by the turn itself.
  private func end(of job: Job, _ input: JSONObject) async -> HookAnswer.End {
    let handler = job.handler
    if handler.project != nil, HookCatalog.hash(handler) != handler.hash {
      return .broken("what it runs has changed since you agreed to it; `stet trust` shows it")
    }
    do {
      // Relative names in a project's command are those of the files that the user agreed to.
      let directory = handler.project ?? cwd
      let sandbox = handler.project == nil ? nil : try await walls(directory)
      return await HookProcess.run(
        handler, input: input, cwd: directory, environment: environment.variables(for: handler),
        sandbox: sandbox, limitSeconds: job.limit)
    } catch {
      return .broken("it is a project's, and there is no sandbox to run it in (\(error))")
    }
  }

  private func tell(
    _ make: (HookRunNotification) -> ServerNotification, _ job: Job, _ startedMs: Int64, _ answer: HookAnswer?
  ) {
    let handler = job.handler
    let tag = job.tag.isEmpty ? "" : ":\(job.tag)"
    let now = feed.clock.nowMs()
    let run: JSONValue = [
      "id": .string("\(job.event.keyName):\(handler.order):\(handler.path)\(tag)"),
      "eventName": .string(job.event.wireName), "handlerType": "command",
      "executionMode": handler.isAsync ? "async" : "sync", "scope": .string(job.event.scope),
      "sourcePath": .string(handler.path), "source": .string(handler.source.rawValue),
      "displayOrder": JSONValue(handler.order), "status": .string(answer?.status ?? "running"),
      "statusMessage": handler.statusMessage.map(JSONValue.string) ?? .null,
      "startedAt": .int(startedMs / 1_000),
      "completedAt": answer == nil ? .null : .int(now / 1_000),
      "durationMs": answer == nil ? .null : .int(max(0, now - startedMs)),
      "entries": .array((answer?.entries ?? []).map(Self.entry)),
    ]
    feed.notify(make(HookRunNotification(threadId: feed.threadId, turnId: turnId, run: run)))
  }

  private static func entry(_ entry: HookAnswer.Entry) -> JSONValue {
    let (kind, text) =
      switch entry {
      case .warning(let text): ("warning", text)
      case .stop(let text): ("stop", text)
      case .feedback(let text): ("feedback", text)
      case .context(let text): ("context", text)
      case .error(let text): ("error", text)
      }
    return ["kind": .string(kind), "text": .string(text)]
  }
}
