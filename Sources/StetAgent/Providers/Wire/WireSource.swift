import DequeModule
import StetNet

/// The stream of one response, pulled event by event: no buffer between the network and the session.
actor WireSource {
  /// Bytes of an error body that are read; the rest says nothing new.
  static let errorBodyLimit = 64 * 1024
  /// Events that wait behind a piece of text before it is joined with those that follow: who reads every piece as it
  /// comes sees every piece.
  static let backlog = 16
  /// Bytes of joined text: a few screen lines, so that a flood is still seen to flow.
  static let joinedLimit = 1_024

  private var events: AsyncThrowingStream<HTTPEvent, any Error>.Iterator
  private var decoder: any WireDecoder
  private let host: String
  /// What to say when nothing listens at a server of this machine.
  private let silence: String?
  private let nowMs: @Sendable () -> Int64
  private var parser = SSEParser()
  private var ready: Deque<ModelEvent> = []
  private var failure: ModelError?

  init(
    events: AsyncThrowingStream<HTTPEvent, any Error>, decoder: any WireDecoder, host: String,
    silence: String? = nil, nowMs: @escaping @Sendable () -> Int64
  ) {
    self.events = events.makeAsyncIterator()
    self.decoder = decoder
    self.host = host
    self.silence = silence
    self.nowMs = nowMs
  }

  func next() async throws -> ModelEvent? {
    while true {
      if let event = takeReady() { return event }
      if let failure { throw failure }
      if decoder.isFinished { return nil }
      try await pull()
    }
  }

  private func takeReady() -> ModelEvent? {
    guard let first = ready.popFirst() else { return nil }
    guard ready.count >= Self.backlog, case .textDelta(let id, var text) = first else { return first }
    while text.utf8.count < Self.joinedLimit, case .textDelta(id, let more)? = ready.first {
      text += more
      ready.removeFirst()
    }
    return .textDelta(itemId: id, delta: text)
  }

  private func pull() async throws {
    do {
      // The iterator is a value: it is taken out while it works, so that the actor may be left meanwhile.
      var iterator = events
      let event = try await iterator.next(isolation: self)
      events = iterator
      switch event {
      case .head(let status, let headers): try await head(status, headers)
      case .bytes(let bytes): feed(bytes)
      case nil:
        try finish(
          ModelError(.cut, message: "The connection to \(host) ended before the answer was complete."))
      }
    } catch let error as NetError {
      try finish(ModelError(network: error, silence: silence))
    }
  }

  /// The connection is over: the answer is whole, or it failed.
  private func finish(_ error: ModelError) throws {
    ready += decoder.end()
    if !decoder.isFinished { throw error }
  }

  private func feed(_ bytes: [UInt8]) {
    do {
      for event in try parser.feed(bytes) { ready += try decoder.decode(event.data) }
    } catch let error as ModelError {
      failure = error  // after the events that came before it
    } catch {
      failure = ModelError(.malformed, message: "\(error)")
    }
  }

  private func head(_ status: Int, _ headers: HTTPHeaders) async throws {
    let type = headers["content-type"] ?? ""
    if (200..<300).contains(status), type.firstRange(of: "json") == nil, type.firstRange(of: "html") == nil {
      return
    }
    var body: [UInt8] = []
    var iterator = events
    do {
      while body.count < Self.errorBodyLimit, let event = try await iterator.next(isolation: self) {
        if case .bytes(let bytes) = event { body += bytes.prefix(Self.errorBodyLimit - body.count) }
      }
    } catch let error as NetError where status >= 400 && error.code != .cancelled {
      // The status is the answer; what broke off is only its explanation.
    }
    events = iterator
    if (200..<300).contains(status) {
      throw ModelError(
        .configuration,
        message: "\(host) did not answer with an event stream (\(type)); is its base_url right?",
        details: String(decoding: body, as: UTF8.self))
    }
    let now = nowMs()
    throw ResponsesFault.http(
      status: status, body: body, retryAfterMs: RetryAfter.parse(headers: headers, nowMs: now), host: host,
      nowMs: now)
  }
}
