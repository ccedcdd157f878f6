import CPlatform
import Glibc
import Synchronization

/// What `ProcessLoop.start` hands to the session object.
struct StartedProcess: Sendable {
  var id: UInt64
  var pid: Int32
  var queue: EventQueue
  var input: InputBudget
}

/// The one thread behind all sessions: it starts, reads, writes, signals and collects children.
///
/// A thread of its own because descriptors are polled, because bubblewrap dies with the *thread* that spawned it
/// (so that one must never end), and because signals to a group and collecting its leader must not race.
final class ProcessLoop: Sendable {
  enum Request: Sendable {
    case start(SpawnPlan, Latch<Result<StartedProcess, ProcessError>>)
    case resumeReading(UInt64)
    case write(UInt64, [UInt8])
    case closeInput(UInt64)
    case resize(UInt64, TerminalSize)
    case signal(UInt64, Int32)
    case timeLimit(UInt64, Duration, grace: Duration)
    case terminate(UInt64, grace: Duration)
    case abandon(UInt64)
  }

  /// Started at first use, lives as long as the program, as each loop does.
  static let shared: Result<ProcessLoop, ProcessError> = {
    do throws(ProcessError) {
      return .success(try ProcessLoop())
    } catch {
      return .failure(error)
    }
  }()

  let epoll: Int32
  let wake: Int32
  private let requests = Mutex<[Request]>([])

  init() throws(ProcessError) {
    epoll = try check(stet_epoll_create(), "epoll_create")
    wake = try check(stet_eventfd(), "eventfd")
    try check(stet_epoll_set(epoll, wake, Token.wake, true, false), "epoll_ctl")
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let loop = Unmanaged<ProcessLoop>.fromOpaque(argument).takeRetainedValue()
        // Signals belong to the program's own threads; a write to a closed pipe must be EPIPE here.
        _ = stet_block_signals()
        _ = stet_thread_name("stet-process")
        ChildTable(loop: loop).run()
      }, Unmanaged.passRetained(self).toOpaque())
    if result != 0 {
      throw ProcessError(.system, "pthread_create: \(errorText(result))", underlying: result)
    }
    pthread_detach(thread)
  }

  /// Starts a child on the thread and waits for the answer.
  func start(_ plan: SpawnPlan) -> Result<StartedProcess, ProcessError> {
    let answer = Latch<Result<StartedProcess, ProcessError>>()
    post(.start(plan, answer))
    return answer.wait()
  }

  /// Hands a request to the thread; requests are served in the order of the calls.
  func post(_ request: Request) {
    requests.withLock { $0.append(request) }
    // Fails only when the descriptor is not ours any more, which is a broken program.
    let result = stet_eventfd_signal(wake)
    assert(result == 0)
  }

  func takeRequests() -> [Request] {
    requests.withLock { requests in
      let taken = requests
      requests = []
      return taken
    }
  }
}

/// What an epoll event is about: a session and one of its descriptors.
struct Token {
  enum Role: UInt64 { case output = 0, error, input, process }

  static let wake = UInt64.max

  let session: UInt64
  let role: Role

  init(_ session: UInt64, _ role: Role) {
    self.session = session
    self.role = role
  }

  init?(_ raw: UInt64) {
    guard raw != Token.wake, let role = Role(rawValue: raw & 3) else { return nil }
    self.init(raw >> 2, role)
  }

  var raw: UInt64 { session << 2 | role.rawValue }
}
