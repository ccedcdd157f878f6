import StetConfig
import StetJSON
import StetNet

/// Speaks the Responses wire: `POST {base_url}/responses`, answered as server-sent events.
struct ResponsesClient: ModelClient {
  let http: HTTPClient
  /// The environment that `env_http_headers` reads from.
  let environment: [String: String]
  let nowMs: @Sendable () -> Int64

  /// Bytes of an error body that are read; the rest says nothing new.
  static let errorBodyLimit = 64 * 1024

  func stream(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
    guard let provider = request.provider else {
      let error = ModelError(.configuration, message: "No model provider is configured.")
      return AsyncThrowingStream { throw error }
    }
    let wire = ProviderRequest(provider: provider, apiKey: request.apiKey, environment: environment)
    let body = ResponsesBody.bytes(
      request, metadata: ModelCatalog.metadata(for: request.model, provider: provider))
    let source = Source(
      events: http.stream(wire.post("responses", body: body, accept: "text/event-stream")), host: wire.host,
      nowMs: nowMs)
    let secrets =
      [request.apiKey].compactMap { $0 } + provider.headers(environment: environment).map(\.value)
      + provider.queryParams.map(\.value)
    return AsyncThrowingStream(unfolding: {
      do {
        return try await source.next()
      } catch let error as ModelError {
        throw error.hiding(secrets)
      }
    })
  }
}

extension ResponsesClient {
  /// The stream of one response, pulled event by event: no buffer between the network and the session.
  private actor Source {
    private var events: AsyncThrowingStream<HTTPEvent, any Error>.Iterator
    private let host: String
    private let nowMs: @Sendable () -> Int64
    private var parser = SSEParser()
    private var decoder = ResponsesDecoder()
    private var ready: [ModelEvent] = []
    private var failure: ModelError?
    private var sawHead = false

    init(
      events: AsyncThrowingStream<HTTPEvent, any Error>, host: String, nowMs: @escaping @Sendable () -> Int64
    ) {
      self.events = events.makeAsyncIterator()
      self.host = host
      self.nowMs = nowMs
    }

    func next() async throws -> ModelEvent? {
      while true {
        if !ready.isEmpty { return ready.removeFirst() }
        if let failure { throw failure }
        if decoder.isFinished { return nil }
        try await pull()
      }
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
          throw ModelError(.cut, message: "The connection to \(host) ended before the answer was complete.")
        }
      } catch let error as NetError {
        throw ModelError(network: error)
      }
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
      sawHead = true
      let type = headers["content-type"] ?? ""
      if (200..<300).contains(status), type.firstRange(of: "json") == nil,
        type.firstRange(of: "html") == nil
      {
        return
      }
      var body: [UInt8] = []
      var iterator = events
      while body.count < ResponsesClient.errorBodyLimit, let event = try await iterator.next(isolation: self)
      {
        if case .bytes(let bytes) = event {
          body += bytes.prefix(ResponsesClient.errorBodyLimit - body.count)
        }
      }
      events = iterator
      if (200..<300).contains(status) {
        throw ModelError(
          .configuration,
          message: "\(host) did not answer with an event stream (\(type)); is its base_url right?",
          details: String(decoding: body, as: UTF8.self))
      }
      throw ResponsesFault.http(
        status: status, body: body,
        retryAfterMs: RetryPolicy.parseRetryAfter(headers: headers, nowMs: nowMs()),
        host: host)
    }
  }
}
