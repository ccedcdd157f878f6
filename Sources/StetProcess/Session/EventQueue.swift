import Synchronization

/// Events of one session between the process thread and its one consumer.
///
/// Full (`highMark`) means that the process thread stops reading, so the pipe fills and the process waits;
/// reading goes on when the consumer has emptied it to `lowMark`.
final class EventQueue: Sendable {
  /// Bytes that wait before reading stops: a few reads of the consumer, small against many sessions.
  static let highMark = 1 << 20
  static let lowMark = 256 << 10
  /// Small reads are joined up to this, so a consumer handles few events for fast output.
  static let chunkLimit = 64 << 10
  /// Places of taken chunks that wait to be removed together.
  static let takenLimit = 32

  enum Stream { case output, error }

  private struct Chunk {
    var stream: Stream
    var bytes: [UInt8]
  }

  private struct State {
    var chunks: [Chunk] = []
    var head = 0
    var waiting = 0
    var paused = false
    var exit: ExitStatus?
    var exitDelivered = false
    var cancelled = false
    var consumer: CheckedContinuation<ProcessEvent?, Never>?
    var exitWaiters: [CheckedContinuation<ExitStatus, Never>] = []
    var reachedTimeLimit = false
    var leftBehind: [LeftProcess] = []

    mutating func pop() -> ProcessEvent? {
      if head < chunks.count {
        let chunk = chunks[head]
        // A flood never empties the queue: what was taken must not stay in it until it does.
        chunks[head].bytes = []
        head += 1
        if head == chunks.count {
          chunks.removeAll(keepingCapacity: true)
          head = 0
        } else if head >= EventQueue.takenLimit {
          chunks.removeFirst(head)
          head = 0
        }
        waiting -= chunk.bytes.count
        return chunk.stream == .output ? .output(chunk.bytes) : .errorOutput(chunk.bytes)
      }
      if let exit, !exitDelivered {
        exitDelivered = true
        return .exited(exit)
      }
      return nil
    }

    mutating func append(_ bytes: [UInt8], _ stream: Stream) {
      waiting += bytes.count
      if let last = chunks.indices.last, last >= head, chunks[last].stream == stream,
        chunks[last].bytes.count + bytes.count <= EventQueue.chunkLimit
      {
        chunks[last].bytes += bytes
      } else {
        chunks.append(Chunk(stream: stream, bytes: bytes))
      }
    }
  }

  private let state = Mutex(State())
  private let resumeReading: @Sendable () -> Void

  /// `resumeReading` is called on the consumer's thread when there is room again.
  init(resumeReading: @escaping @Sendable () -> Void) {
    self.resumeReading = resumeReading
  }

  var exitStatus: ExitStatus? { state.withLock { $0.exit } }

  var reachedTimeLimit: Bool {
    get { state.withLock { $0.reachedTimeLimit } }
    set { state.withLock { $0.reachedTimeLimit = newValue } }
  }

  /// Set before the end is told.
  var leftBehind: [LeftProcess] {
    get { state.withLock { $0.leftBehind } }
    set { state.withLock { $0.leftBehind = newValue } }
  }

  /// Adds output; false when the queue is full and reading should pause.
  func push(_ bytes: [UInt8], _ stream: Stream) -> Bool {
    let (consumer, event, more) = state.withLock { state in
      guard !state.cancelled, !bytes.isEmpty else {
        return (CheckedContinuation<ProcessEvent?, Never>?.none, ProcessEvent?.none, true)
      }
      state.append(bytes, stream)
      let consumer = state.consumer
      state.consumer = nil
      let event = consumer == nil ? nil : state.pop()
      state.paused = state.waiting >= Self.highMark
      return (consumer, event, !state.paused)
    }
    consumer?.resume(returning: event)
    return more
  }

  /// The process has ended and all its output is pushed.
  func finish(_ status: ExitStatus) {
    let (consumer, event, waiters) = state.withLock { state in
      state.exit = status
      let waiters = state.exitWaiters
      state.exitWaiters = []
      let consumer = state.consumer
      state.consumer = nil
      return (consumer, consumer == nil ? nil : state.pop(), waiters)
    }
    consumer?.resume(returning: event)
    for waiter in waiters { waiter.resume(returning: status) }
  }

  /// The next event; nil after `exited` or when the consumer's task is cancelled.
  func next() async -> ProcessEvent? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        take(continuation)
      }
    } onCancel: {
      let consumer = state.withLock { state in
        let consumer = state.consumer
        state.consumer = nil
        return consumer
      }
      consumer?.resume(returning: nil)
    }
  }

  private func take(_ continuation: CheckedContinuation<ProcessEvent?, Never>) {
    enum Step {
      case answer(ProcessEvent?, resume: Bool)
      case wait(displaced: CheckedContinuation<ProcessEvent?, Never>?)
    }
    let step = state.withLock { state -> Step in
      if let event = state.pop() {
        let resume = state.paused && state.waiting <= Self.lowMark
        if resume { state.paused = false }
        return .answer(event, resume: resume)
      }
      if state.exitDelivered || state.cancelled || Task.isCancelled { return .answer(nil, resume: false) }
      let displaced = state.consumer
      state.consumer = continuation
      return .wait(displaced: displaced)
    }
    switch step {
    case .answer(let event, let resume):
      if resume { resumeReading() }
      continuation.resume(returning: event)
    case .wait(let displaced):
      displaced?.resume(returning: nil)
    }
  }

  /// Waits for the end without taking events.
  func waitForExit() async -> ExitStatus {
    await withCheckedContinuation { continuation in
      let status = state.withLock { state in
        if state.exit == nil { state.exitWaiters.append(continuation) }
        return state.exit
      }
      if let status { continuation.resume(returning: status) }
    }
  }

  /// Nobody will read any more: output is thrown away from here on.
  func discard() {
    let consumer = state.withLock { state in
      state.cancelled = true
      state.chunks = []
      state.head = 0
      state.waiting = 0
      let consumer = state.consumer
      state.consumer = nil
      return consumer
    }
    consumer?.resume(returning: nil)
  }
}
