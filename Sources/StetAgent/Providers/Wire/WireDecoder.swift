import StetConfig

/// Turns the events of one response into `ModelEvent`s: a Responses item is what comes out, whatever the wire.
protocol WireDecoder: Sendable {
  /// The response is whole.
  var isFinished: Bool { get }
  /// The events that the data of one server-sent event stands for; throws when the provider says that it failed.
  mutating func decode(_ data: String) throws(ModelError) -> [ModelEvent]
  /// The connection ended. What is missing only for form is made up for; a response that was cut stays unfinished.
  mutating func end() -> [ModelEvent]
}

extension ProviderConfig.WireAPI {
  /// Below the base URL.
  var path: String {
    switch self {
    case .responses: "responses"
    case .chat: "chat/completions"
    case .messages: "messages"
    }
  }
}
