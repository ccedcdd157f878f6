import ArgumentParser
import Glibc
import StetClient
import StetProtocol
import StetTerminal
import StetUI

/// One run of `stet exec`: gathers what was asked, connects to the app-server in this process, and turns what comes in
/// over to the session until that says it is over.
struct ExecRun {
  let options: ExecOptions
  let task: ExecTask
  let prompt: String?

  /// Returns when the task is done; throws the exit code of any other end.
  func run() throws {
    StandardDescriptors.fill()
    let deadline = options.timeout.map { ExecClock.now + Int($0 * 1000) }
    let surroundings: Surroundings
    let order: ExecOrder
    do {
      surroundings = try options.surroundings()
      order = try ExecIntake(options: options, task: task, directory: surroundings.directory)
        .order(prompt: prompt, deadline: deadline)
    } catch PromptReader.ReadError.timeUp {
      StandardError.print("stet: \(PromptReader.ReadError.timeUp)")
      throw ExitCode(ExecOutcome(ending: .timeLimit).exitCode)
    } catch let error as ValidationError {
      StandardError.print("stet exec: \(error.message)\nSee 'stet exec --help'.")
      throw ExitCode(StetCommand.usageExitCode)
    }
    let output = output(surroundings)
    let outcome = ExecLoop(surroundings: surroundings, deadline: deadline).run(ExecSession(order), output)
    let code = keep(outcome) ? outcome.exitCode : 1
    if code != 0 { throw ExitCode(code) }
  }

  private func output(_ surroundings: Surroundings) -> any ExecOutput {
    let out = OutputDescriptor(number: STDOUT_FILENO)
    if options.json {
      return JSONOutput(
        out, limit: EventLimit(directory: surroundings.home.stateDirectory + "/exec"))
    }
    let log = OutputDescriptor(number: STDERR_FILENO)
    let isColored = Paint.isWanted(
      options.color, isTerminal: log.isTerminal, environment: surroundings.environment)
    return HumanOutput(out: out, log: log, isColored: isColored)
  }

  /// Writes the answer to the file of `-o`; false when that fails. A turn that did not complete leaves the file alone.
  private func keep(_ outcome: ExecOutcome) -> Bool {
    guard let path = options.answerFile, outcome.ending == .completed else { return true }
    do {
      try AtomicFile.write(Array((outcome.answer ?? "").utf8), to: path)
      return true
    } catch {
      StandardError.print("stet: the answer could not be written to \(error)")
      return false
    }
  }
}

/// The one thread that hears the server, the signals and the clock.
struct ExecLoop {
  let surroundings: Surroundings
  let deadline: ExecClock.Instant?

  /// Runs a session to its end; nothing of it is left running then.
  func run(_ session: ExecSession, _ output: any ExecOutput) -> ExecOutcome {
    let signals = ExecSignals()
    signals.install()
    let mailbox = Mailbox<ExecSession.Input>()
    let backend = Backend(
      surroundings, isHeadless: true, log: LogFile.logger(home: surroundings.home, label: "exec"))
    backend.warmUp()
    let client = AppClient(
      backend.connect(),
      events: AppClient.Events(
        onNotification: { mailbox.post(.notification($0)) },
        onRequest: { mailbox.post(.request($0, $1)) },
        onClose: { mailbox.post(.closed($0)) }))
    var performer = ExecPerformer(client: client, mailbox: mailbox, output: output, deadline: deadline)
    let outcome = performer.run(session, signals)
    mailbox.close()
    client.close()
    Blocking.run { await backend.shutdown() }
    return outcome
  }
}

/// Carries a session's steps out.
struct ExecPerformer {
  let client: AppClient
  let mailbox: Mailbox<ExecSession.Input>
  var output: any ExecOutput
  var deadline: ExecClock.Instant?
  private var session: ExecSession?
  private var outcome: ExecOutcome?
  /// Poll passes over a negative descriptor: that nobody reads any more is told once.
  private var watchedOutput = STDOUT_FILENO

  init(
    client: AppClient, mailbox: Mailbox<ExecSession.Input>, output: any ExecOutput,
    deadline: ExecClock.Instant?
  ) {
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
      for input in mailbox.drain() where outcome == nil { take(input) }
    }
    guard let outcome else { preconditionFailure("a run ended without an outcome") }
    return finish(outcome)
  }

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
    } catch {
      if outcome.ending == .completed { outcome.ending = .failed("\(error)") }
    }
    if case .failed(let reason) = outcome.ending, output is JSONOutput {
      StandardError.print("stet: \(reason)")
    }
    return outcome
  }

  /// Sleeps until the server, a signal or the clock has something, or the reader of standard output goes away: a turn
  /// that nobody reads is not paid for until it happens to say something.
  private mutating func wait(_ signals: ExecSignals) {
    var descriptors = [mailbox.descriptor, signals.descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    descriptors.append(pollfd(fd: watchedOutput, events: 0, revents: 0))
    let timeout = deadline.map { Int32(clamping: max(0, $0 - ExecClock.now)) } ?? -1
    // An interrupted wait is a signal; the loop looks for it.
    guard poll(&descriptors, nfds_t(descriptors.count), timeout) > 0, descriptors[2].revents != 0 else {
      return
    }
    watchedOutput = -1
    take(.outputClosed("\(OutputError(errorNumber: EPIPE))"))
  }
}
