import Glibc
import StetClient
import StetProtocol
import StetTerminal

/// Carries a session's steps out.
struct ExecPerformer {
  /// How long the readers of a run that was stopped may still take for what is left, in milliseconds.
  private static let lastWordsMilliseconds = 1_000

  let client: AppClient
  let mailbox: Mailbox<ExecSession.Input>
  let streams: ExecStreams
  let door: ThreadDoor
  var output: any ExecOutput
  var deadline: ExecClock.Instant?
  private var session: ExecSession?
  private var outcome: ExecOutcome?
  /// Poll passes over a negative descriptor: that nobody reads any more is told once.
  private var watchedOutput = STDOUT_FILENO

  init(
    client: AppClient, mailbox: Mailbox<ExecSession.Input>, output: any ExecOutput, streams: ExecStreams,
    door: ThreadDoor, deadline: ExecClock.Instant?
  ) {
    self.door = door
    self.streams = streams
    self.client = client
    self.mailbox = mailbox
    self.output = output
    self.deadline = deadline
  }

  mutating func run(_ session: ExecSession, _ signals: ExecSignals) -> ExecOutcome {
    self.session = session
    perform(session.start())
    while outcome == nil {
      wait(signals)
      while outcome == nil, let number = signals.take() { take(.signal(number)) }
      if let deadline, ExecClock.now >= deadline {
        self.deadline = nil
        take(.timeUp)
      }
      guard takesMore else { continue }
      for input in mailbox.drain() where outcome == nil { take(input) }
    }
    guard let outcome else { preconditionFailure("a run ended without an outcome") }
    return deliver(finish(outcome), signals)
  }

  /// A reader that is behind holds up what the server says, until the run is to end.
  private var takesMore: Bool { streams.isEmpty || session?.stopping != nil }

  private mutating func take(_ input: ExecSession.Input) { perform(session?.take(input) ?? []) }

  private mutating func perform(_ steps: [ExecSession.Step]) {
    for step in steps {
      switch step {
      case .send(let request, let call):
        client.send(request) { [mailbox] in mailbox.post(.reply(call, $0)) }
      case .initialized: client.notify("initialized")
      case .answer(let id, let value): client.answer(id, value)
      case .refuse(let id, let error): client.refuse(id, error)
      case .hurry(let milliseconds): deadline = ExecClock.now + milliseconds
      case .finish(let outcome): self.outcome = outcome
      case .listen: door.open()
      case .show(let event): show(event)
      }
    }
  }

  private mutating func show(_ event: ExecEvent) {
    do throws(OutputError) {
      try output.show(event)
    } catch {
      perform(session?.take(.outputClosed("\(error)")) ?? [])
    }
  }

  private mutating func finish(_ outcome: ExecOutcome) -> ExecOutcome {
    var outcome = outcome
    do throws(OutputError) {
      try output.end(outcome)
      if case .failed(let reason) = outcome.ending, output is JSONOutput {
        StandardError.print("stet: \(reason)")
      }
    } catch {
      // Nothing of the last words has got out, whatever they were.
      if outcome.ending == .completed { outcome.ending = .failed("\(error)") }
      StandardError.print("stet: \(error)")
    }
    return outcome
  }

  /// Waits for the readers to take what is left: as long as they like, but for a signal, the clock, and a run that was
  /// stopped.
  private func deliver(_ outcome: ExecOutcome, _ signals: ExecSignals) -> ExecOutcome {
    var outcome = outcome
    var limit = deadline
    switch session?.stopping {
    case .interrupted, .timeLimit: limit = ExecClock.now + Self.lastWordsMilliseconds
    case .completed, .failed, nil: break
    }
    var reason: ExecOutcome.Ending?
    while reason == nil, !streams.isEmpty {
      var descriptors = [
        streams.out.interest, streams.log.interest,
        pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      _ = poll(&descriptors, nfds_t(descriptors.count), Self.timeout(limit))
      if let number = signals.take() { reason = .interrupted(signal: number) }
      if let limit, ExecClock.now >= limit { reason = reason ?? session?.stopping ?? .timeLimit }
      if let failure = streams.flush() { reason = reason ?? .failed("\(failure)") }
    }
    // A run that ended worse keeps its own reason.
    if let reason, outcome.ending == .completed {
      outcome.ending = reason
      if case .failed(let text) = reason { StandardError.print("stet: \(text)") }
    }
    return outcome
  }

  private static func timeout(_ limit: ExecClock.Instant?) -> Int32 {
    limit.map { Int32(clamping: max(0, $0 - ExecClock.now)) } ?? -1
  }

  /// Sleeps until the server, a signal or the clock has something, or a reader takes more of what is left, or the
  /// reader of standard output goes away: a turn that nobody reads is not paid for until it happens to say something.
  private mutating func wait(_ signals: ExecSignals) {
    var descriptors = [takesMore ? mailbox.descriptor : -1, signals.descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    let wanted = streams.out.isEmpty ? 0 : Int16(POLLOUT)
    descriptors += [pollfd(fd: watchedOutput, events: wanted, revents: 0), streams.log.interest]
    // An interrupted wait is a signal; the loop looks for it.
    guard poll(&descriptors, nfds_t(descriptors.count), Self.timeout(deadline)) > 0 else { return }
    if let failure = streams.flush() { return closed("\(failure)") }
    if Int32(descriptors[2].revents) & ~POLLOUT != 0 { closed("\(OutputError(errorNumber: EPIPE))") }
  }

  private mutating func closed(_ reason: String) {
    watchedOutput = -1
    take(.outputClosed(reason))
  }
}
