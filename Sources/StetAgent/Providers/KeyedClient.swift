import StetConfig

/// Sends requests with the key that a program prints, and asks it for another one once when the provider refuses the
/// first (L8: one refresh, then stop).
struct KeyedClient: ModelClient {
  let base: any ModelClient
  let keys: ProviderKeys

  func stream(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
    guard let provider = request.provider, provider.keyCommand != nil else { return base.stream(request) }
    let source = Source(base: base, keys: keys, request: request, provider: provider)
    return AsyncThrowingStream(unfolding: { try await source.next() })
  }

  private actor Source {
    private let base: any ModelClient
    private let keys: ProviderKeys
    private var request: ModelRequest
    private let provider: ProviderConfig
    private var events: AsyncThrowingStream<ModelEvent, any Error>.Iterator?
    private var mayRefresh = true

    init(base: any ModelClient, keys: ProviderKeys, request: ModelRequest, provider: ProviderConfig) {
      self.base = base
      self.keys = keys
      self.request = request
      self.provider = provider
    }

    func next() async throws -> ModelEvent? {
      while true {
        do {
          // The iterator is a value: it is taken out while it works, so that the actor may be left meanwhile.
          var iterator: AsyncThrowingStream<ModelEvent, any Error>.Iterator
          if let events {
            iterator = events
          } else {
            request.apiKey = try await keys.key(provider)?.value
            iterator = base.stream(request).makeAsyncIterator()
          }
          let event = try await iterator.next(isolation: self)
          events = iterator
          mayRefresh = false
          return event
        } catch let error as ModelError where error.kind == .http(status: 401) && mayRefresh {
          mayRefresh = false
          guard keys.refused(request.apiKey, by: provider) else { throw error }
          events = nil
        }
      }
    }
  }
}
