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
    let streams = ExecStreams()
    let outcome = ExecLoop(surroundings: surroundings, deadline: deadline, streams: streams)
      .run(ExecSession(order), output(surroundings, streams))
    let code = keep(outcome) ? outcome.exitCode : 1
    if code != 0 { throw ExitCode(code) }
  }

  private func output(_ surroundings: Surroundings, _ streams: ExecStreams) -> any ExecOutput {
    let out = OutputDescriptor(number: STDOUT_FILENO, backlog: streams.out)
    if options.json {
      return JSONOutput(
        out, limit: EventLimit(directory: surroundings.home.stateDirectory + "/exec"))
    }
    let log = OutputDescriptor(number: STDERR_FILENO, backlog: streams.log)
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

/// Standard output and standard error of a run, with what is still to be written.
struct ExecStreams: Sendable {
  let out = OutputBacklog(STDOUT_FILENO)
  let log = OutputBacklog(STDERR_FILENO)

  var isEmpty: Bool { out.isEmpty && log.isEmpty }

  /// Writes what the readers take at once; nobody can be told that standard error is gone.
  func flush() -> OutputError? {
    log.flush()
    return out.flush()
  }
}

/// The one thread that hears the server, the signals and the clock.
struct ExecLoop {
  let surroundings: Surroundings
  let deadline: ExecClock.Instant?
  let streams: ExecStreams

  /// Runs a session to its end; nothing of it is left running then.
  func run(_ session: ExecSession, _ output: any ExecOutput) -> ExecOutcome {
    let signals = ExecSignals()
    signals.install()
    let mailbox = Mailbox<ExecSession.Input>()
    let log = LogFile.logger(home: surroundings.home, label: "exec")
    let backend = Backend(surroundings, isHeadless: true, log: log)
    let door = ThreadDoor(backend, surroundings, log: log)
    backend.warmUp()
    let client = AppClient(
      backend.connect(),
      events: AppClient.Events(
        onNotification: { mailbox.post(.notification($0)) },
        onRequest: { mailbox.post(.request($0, $1)) },
        onClose: { mailbox.post(.closed($0)) }))
    var performer = ExecPerformer(
      client: client, mailbox: mailbox, output: output, streams: streams, door: door,
      deadline: deadline)
    let outcome = performer.run(session, signals)
    mailbox.close()
    client.close()
    door.close()
    Blocking.run { await backend.shutdown() }
    return outcome
  }
}
