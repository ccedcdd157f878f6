import StetConfig
import StetJSON
import StetNet

/// Speaks to model endpoints over HTTP, in the wire of the request's provider: `POST {base_url}/…`, answered as
/// server-sent events.
struct WireClient: ModelClient {
  let http: HTTPClient
  /// The environment that `env_http_headers` reads from.
  let environment: [String: String]
  let nowMs: @Sendable () -> Int64
  let cache: WireCache
  /// What is known of a model at a provider.
  var metadata: @Sendable (String, ProviderConfig) -> ModelMetadata = {
    ModelCatalog.metadata(for: $0, provider: $1)
  }

  func stream(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
    guard let provider = request.provider else {
      let error = ModelError(.configuration, message: "No model provider is configured.")
      return AsyncThrowingStream { throw error }
    }
    let metadata = metadata(request.model, provider)
    let target = WireTarget(
      wire: provider.wireAPI, origin: ModelTarget.origin(provider.id, request.model, provider.wireAPI),
      flags: metadata.flags, images: metadata.images)
    let encoded = cache.encode(request, for: target)
    let wire = ProviderRequest(provider: provider, apiKey: request.apiKey, environment: environment)
    var post = wire.post(
      provider.wireAPI.path, body: Self.body(request, metadata, encoded, provider.wireAPI),
      accept: "text/event-stream")
    post.headers += request.headers.map { ($0.name, $0.value) }
    let source = WireSource(
      events: http.stream(post), decoder: Self.decoder(request, target, encoded), host: wire.host,
      silence: provider.silence, nowMs: nowMs)
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

  // MARK: - Wires

  private static func body(
    _ request: ModelRequest, _ metadata: ModelMetadata, _ encoded: WireCache.Encoded,
    _ wire: ProviderConfig.WireAPI
  ) -> [UInt8] {
    switch wire {
    case .responses: ResponsesBody.bytes(request, metadata, encoded)
    case .chat: ChatBody.bytes(request, metadata, encoded)
    case .messages: MessagesBody.bytes(request, metadata, encoded)
    }
  }

  private static func decoder(
    _ request: ModelRequest, _ target: WireTarget, _ encoded: WireCache.Encoded
  ) -> any WireDecoder {
    let names = CallNames(asFunctions: encoded.tools.asFunctions)
    switch target.wire {
    case .responses: return ResponsesDecoder(names: names)
    case .messages: return MessagesDecoder(names: names, callIds: encoded.callIds)
    case .chat:
      // What may not be called is no call, also when it is written as one (C2).
      let textCalls = target.flags.textToolCalls && request.mayCallTools ? TextCalls(request.tools) : nil
      return ChatDecoder(names: names, callIds: encoded.callIds, textCalls: textCalls)
    }
  }
}
