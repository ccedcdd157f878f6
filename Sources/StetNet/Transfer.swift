import Synchronization

/// One request on its way, between the network thread that fills it and the one reader that empties it.
///
/// The buffer is bounded: at `bufferLimit` the network thread pauses the connection until the reader has taken what
/// is there, so a slow reader costs memory once and then slows the sender down through TCP.
final class Transfer: Sendable {
  /// A megabyte is some thousands of stream events: far more than a live reader lets lie, small enough for many
  /// requests at once.
  static let bufferLimit = 1 << 20

  let request: HTTPRequest
  private let loop: CurlLoop
  private let state = Mutex(State())

  typealias Delivery = Result<HTTPEvent?, NetError>

  private struct State {
    var head: HTTPEvent?
    var bytes: [UInt8] = []
    var end: Result<Void, NetError>?
    var reader: CheckedContinuation<Delivery, Never>?
    var isPaused = false
    /// Nobody reads any more; what still comes is let go.
    var isReleased = false

    mutating func take() -> Delivery? {
      if let event = head {
        head = nil
        return .success(event)
      }
      if !bytes.isEmpty {
        defer { bytes = [] }
        return .success(.bytes(bytes))
      }
      switch end {
      case .success: return .success(nil)
      case .failure(let error): return .failure(error)
      case nil: return nil
      }
    }
  }

  init(_ request: HTTPRequest, on loop: CurlLoop) {
    self.request = request
    self.loop = loop
  }

  // MARK: the reader's side

  /// The next event, nil at the end. One reader at a time. A cancelled task gets `.cancelled`, at once.
  func next() async throws(NetError) -> HTTPEvent? {
    let delivery = await withTaskCancellationHandler {
      await withCheckedContinuation { (reader: CheckedContinuation<Delivery, Never>) in
        var wake = false
        let ready: Delivery? = state.withLock { state in
          if let ready = state.take() {
            if state.isPaused {
              state.isPaused = false
              wake = true
            }
            return ready
          }
          if state.reader != nil { return .failure(NetError(.invalidRequest, "a response has one reader")) }
          state.reader = reader
          return nil
        }
        if wake { loop.post(.resume(self)) }
        if let ready { reader.resume(returning: ready) }
      }
    } onCancel: {
      cancel()
    }
    return try delivery.get()
  }

  /// The reader goes away: what is buffered is dropped and the connection is closed. Nothing after the end.
  func cancel() {
    if finish(.failure(.cancelled), dropping: true) { loop.post(.cancel(self)) }
  }

  /// The reader has all that it wants. The rest is let go, so that the connection can serve the next request; one
  /// that does not end soon is closed (`Exchange.lingerMs`).
  func release() {
    let isOpen = state.withLock { state in
      state.isReleased = true
      (state.head, state.bytes, state.isPaused) = (nil, [], false)
      return state.end == nil
    }
    if isOpen { loop.post(.release(self)) }
  }

  // MARK: the network thread's side

  func deliver(head: HTTPEvent) {
    deliver { if $0.end == nil { $0.head = head } }
  }

  /// False: the buffer is full; nothing was taken and the connection must pause until `.resume` is posted.
  func deliver(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var fits = true
    deliver { state in
      guard state.end == nil, !state.isReleased else { return }
      if state.bytes.count < Self.bufferLimit {
        state.bytes.append(contentsOf: bytes)
      } else {
        state.isPaused = true
        fits = false
      }
    }
    return fits
  }

  /// The only end counts; later ones say false.
  @discardableResult func finish(_ end: Result<Void, NetError>, dropping: Bool = false) -> Bool {
    var isFirst = false
    deliver { state in
      guard state.end == nil else { return }
      isFirst = true
      state.end = end
      if dropping { (state.head, state.bytes) = (nil, []) }
    }
    return isFirst
  }

  private func deliver(_ change: (inout sending State) -> Void) {
    let (reader, ready) = state.withLock { state in
      change(&state)
      guard let reader = state.reader, let ready = state.take() else {
        return (CheckedContinuation<Delivery, Never>?.none, Delivery?.none)
      }
      state.reader = nil
      return (reader, ready)
    }
    if let reader, let ready { reader.resume(returning: ready) }
  }
}

/// Keeps a request alive for as long as somebody may read it. A reader that was cancelled closes the connection at
/// once; one that has read enough leaves it a moment to end by itself.
final class TransferLease: Sendable {
  let transfer: Transfer
  private let client: HTTPClient

  init(_ transfer: Transfer, of client: HTTPClient) {
    self.transfer = transfer
    self.client = client
  }

  deinit { if Task.isCancelled { transfer.cancel() } else { transfer.release() } }
}
