import Glibc
import StetProcess
import StetProtocol
import Synchronization

/// A client's command from the call that asks for it to its end. What is asked of it while it starts waits its turn.
final class ClientCommand: Sendable {
  /// Bytes handed to the process at a time; it takes a mebibyte before it makes us wait.
  private static let inputChunk = 64 << 10
  /// How long input waits for a process that does not read. Its client learns of it then.
  private static let inputPatience: Duration = .seconds(30)
  /// Between looks whether a process reads on.
  private static let inputPause: Duration = .milliseconds(5)

  private enum Control: Sendable {
    case input([UInt8], close: Bool, AgentReply<EmptyResponse>)
    case resize(TerminalSize, AgentReply<EmptyResponse>)
  }

  private struct State {
    var process: ProcessSession?
    var isOver = false
    /// Nil: let it run. Else what ends it: TERM first, or KILL at once.
    var ending: Ending?
    var inputIsClosed = false
  }

  enum Ending: Sendable { case terminate, kill }

  /// One chunk of a stream; whether the cap is reached with it.
  typealias Output = @Sendable (_ bytes: ArraySlice<UInt8>, _ isError: Bool, _ capReached: Bool) -> Void

  let plan: ClientCommandPlan
  private let state = Mutex(State())
  private let controls: AsyncStream<Control>
  private let send: AsyncStream<Control>.Continuation

  init(_ plan: ClientCommandPlan) {
    self.plan = plan
    // Bounded by the requests of one connection that may be unanswered.
    (controls, send) = AsyncStream.makeStream()
  }

  // MARK: - From the client

  func write(_ bytes: [UInt8], close: Bool, _ reply: @escaping AgentReply<EmptyResponse>) {
    let isClosed = state.withLock { state in
      defer { if close { state.inputIsClosed = true } }
      return state.inputIsClosed
    }
    guard !isClosed else { return reply(.failure(.invalidRequest("stdin is already closed"))) }
    post(.input(bytes, close: close, reply), reply)
  }

  func resize(_ size: TerminalSize, _ reply: @escaping AgentReply<EmptyResponse>) {
    post(.resize(size, reply), reply)
  }

  private func post(_ control: Control, _ reply: AgentReply<EmptyResponse>) {
    if case .terminated = send.yield(control) { reply(.failure(.invalidRequest("the process has ended"))) }
  }

  /// Ends the process, or keeps it from starting.
  func end(_ ending: Ending) {
    let process = state.withLock { state in
      state.ending = state.ending ?? ending
      return state.process
    }
    if let process { Self.end(process, ending) }
  }

  private static func end(_ process: ProcessSession, _ ending: Ending) {
    if ending == .kill { process.signal(SIGKILL) }
    // Also after a KILL of the group: what left the group goes with its session.
    Task { await process.terminate() }
  }

  // MARK: - The process

  /// Starts the process.
  func start(_ environment: [String: String], _ walls: SandboxLaunch?) throws(ProcessError) -> ProcessSession
  {
    let process = try ProcessSession.start(
      Command(
        argv: plan.argv, cwd: plan.cwd, environment: environment, pty: plan.terminal,
        stdin: plan.takesInput ? .pipe : .null, errors: .separate, sandbox: walls))
    if let limit = plan.timeLimit { process.setTimeLimit(limit) }
    let ending = state.withLock { state in
      state.process = process
      return state.ending
    }
    if let ending { Self.end(process, ending) }
    Task { await obey(process) }
    return process
  }

  /// Reads the process to its end. `streamed` gets what is streamed, in order, from one task.
  func run(_ process: ProcessSession, streamed: Output) async -> ClientCommandResult {
    var result = ClientCommandResult(
      exitCode: 255, output: CappedOutput(cap: streamCap), errorOutput: CappedOutput(cap: streamCap))
    func take(_ bytes: [UInt8], _ stream: inout CappedOutput, isError: Bool) {
      guard plan.streamsOutput else { return stream.keep(bytes) }
      let wasReached = stream.capReached
      let part = stream.admit(bytes)
      if !wasReached { streamed(part, isError, stream.capReached) }
    }
    for await event in process.events {
      switch event {
      case .output(let bytes): take(bytes, &result.output, isError: false)
      case .errorOutput(let bytes): take(bytes, &result.errorOutput, isError: true)
      case .exited(let status):
        result.exitCode =
          process.reachedTimeLimit ? ClientCommandResult.timeLimitCode : status.shellCode
      }
    }
    return result
  }

  private var streamCap: Int? { plan.outputCap ?? (plan.streamsOutput ? Int.max : nil) }

  /// Nothing more is taken for it; what waits for a process that never started is refused.
  func close() {
    send.finish()
    guard state.withLock({ $0.process == nil }) else { return }
    Task {
      for await control in controls {
        switch control {
        case .input(_, _, let reply), .resize(_, let reply):
          reply(.failure(.invalidRequest("the process did not start")))
        }
      }
    }
  }

  /// Ends the process at once and waits until it is gone.
  func endNow() async {
    end(.kill)
    await state.withLock { $0.process }?.terminate(grace: .zero)
  }

  private func obey(_ process: ProcessSession) async {
    for await control in controls {
      switch control {
      case .resize(let size, let reply):
        process.resize(size)
        reply(.success(EmptyResponse()))
      case .input(let bytes, let close, let reply):
        let isTaken = await feed(bytes, to: process)
        if close { process.closeInput() }
        reply(
          isTaken
            ? .success(EmptyResponse())
            : .failure(.invalidRequest("the process takes no more input")))
      }
    }
  }

  private func feed(_ bytes: [UInt8], to process: ProcessSession) async -> Bool {
    var rest = bytes[...]
    let deadline = ContinuousClock.now + Self.inputPatience
    while !rest.isEmpty {
      let chunk = rest.prefix(Self.inputChunk)
      if process.write(Array(chunk)) {
        rest = rest.dropFirst(chunk.count)
        continue
      }
      guard process.exitStatus == nil, ContinuousClock.now < deadline else { return false }
      do { try await Task.sleep(for: Self.inputPause) } catch { return false }
    }
    return true
  }
}
