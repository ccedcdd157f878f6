import StetJSON

/// `turn/steer`: Adds input to the running turn.
public struct TurnSteerParams: ClientCall {
  public typealias Response = TurnSteerResponse
  public static let method = "turn/steer"

  public var threadId: String
  public var expectedTurnId: String
  public var input: [UserInput]
  public var additionalContext: [String: AdditionalContextEntry]?
  public var clientUserMessageId: String?
  public var responsesapiClientMetadata: [String: String]?

  public init(
    threadId: String, expectedTurnId: String, input: [UserInput],
    additionalContext: [String: AdditionalContextEntry]? = nil, clientUserMessageId: String? = nil,
    responsesapiClientMetadata: [String: String]? = nil
  ) {
    self.threadId = threadId
    self.expectedTurnId = expectedTurnId
    self.input = input
    self.additionalContext = additionalContext
    self.clientUserMessageId = clientUserMessageId
    self.responsesapiClientMetadata = responsesapiClientMetadata
  }
}

public struct TurnSteerResponse: Codable, Hashable, Sendable {
  public var turnId: String

  public init(turnId: String) {
    self.turnId = turnId
  }
}

public struct AdditionalContextEntry: Codable, Hashable, Sendable {
  public var kind: AdditionalContextKind
  public var value: String

  public init(kind: AdditionalContextKind, value: String) {
    self.kind = kind
    self.value = value
  }
}

public enum AdditionalContextKind: WireEnum {
  case untrusted, application
  case unknown(String)

  public static let variants: [(name: String, value: AdditionalContextKind)] = [
    ("untrusted", .untrusted), ("application", .application),
  ]

  public static func unlisted(_ name: String) -> AdditionalContextKind { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `turn/interrupt`: Stops the running turn. An empty turn id means whichever runs.
public struct TurnInterruptParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "turn/interrupt"

  public var threadId: String
  /// Empty: whichever turn runs.
  public var turnId: String

  public init(threadId: String, turnId: String) {
    self.threadId = threadId
    self.turnId = turnId
  }
}
