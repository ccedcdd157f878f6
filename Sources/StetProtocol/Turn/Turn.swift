import StetJSON

/// A turn; its items are there as far as `itemsView` says. Times are Unix seconds.
public struct Turn: Codable, Hashable, Sendable {
  public var id: String
  /// Equal to `id` unless delegated or a review.
  public var rootTurnId: String?
  public var items: [ThreadItem]
  @Defaulted public var itemsView: TurnItemsView
  public var status: TurnStatus
  public var error: TurnError?
  public var startedAt: Int?
  public var completedAt: Int?
  public var durationMs: Int?
  /// The whole turn as it goes to clients, where it was made as text; `items` is empty then.
  public private(set) var text: JSONText?

  private enum CodingKeys: CodingKey {
    case id, rootTurnId, items, itemsView, status, error, startedAt, completedAt, durationMs
  }

  /// A stored turn of which only the text is there: a value for each of thousands of items would be made to be written
  /// at once.
  public init(
    id: String, status: TurnStatus, startedAt: Int?, completedAt: Int?, durationMs: Int?, text: JSONText
  ) {
    self.init(
      id: id, rootTurnId: id, items: [], status: status, startedAt: startedAt, completedAt: completedAt,
      durationMs: durationMs)
    self.text = text
  }

  public init(
    id: String, rootTurnId: String? = nil, items: [ThreadItem], itemsView: TurnItemsView = .full,
    status: TurnStatus, error: TurnError? = nil, startedAt: Int? = nil, completedAt: Int? = nil,
    durationMs: Int? = nil
  ) {
    self.id = id
    self.rootTurnId = rootTurnId
    self.items = items
    self.itemsView = itemsView
    self.status = status
    self.error = error
    self.startedAt = startedAt
    self.completedAt = completedAt
    self.durationMs = durationMs
  }

  /// Written as one value: a resume carries thousands of turns, and a container for each would take half its time.
  public func encode(to encoder: any Encoder) throws { try value().encode(to: encoder) }

  /// The turn as a value.
  fileprivate func value() throws -> JSONValue {
    if let text { return .verbatim(text) }
    let error = try error.map { try JSONValue(encoding: $0) } ?? .null
    func number(_ value: Int?) -> JSONValue { value.map { JSONValue($0) } ?? .null }
    let items = try items.map {
      if case .unknown(let value) = $0 { value } else { try JSONValue(encoding: $0) }
    }
    return .object(
      JSONObject([
        ("id", .string(id)), ("rootTurnId", rootTurnId.map { .string($0) } ?? .null),
        ("items", .array(items)),
        ("itemsView", .string(itemsView.name)), ("status", .string(status.name)), ("error", error),
        ("startedAt", number(startedAt)), ("completedAt", number(completedAt)),
        ("durationMs", number(durationMs)),
      ]))
  }
}

// Synthesised Codable code picks this over the general one: an encoder for each of thousands of turns costs more than
// their bytes.
extension KeyedEncodingContainer {
  public mutating func encode(_ turns: [Turn], forKey key: Key) throws {
    try encode(JSONValue.array(turns.map { try $0.value() }), forKey: key)
  }
}

/// Why a turn failed.
public struct TurnError: Codable, Hashable, Sendable {
  public var message: String
  public var codexErrorInfo: CodexErrorInfo?
  public var additionalDetails: String?
  public var misalignment: JSONValue?

  public init(
    message: String, codexErrorInfo: CodexErrorInfo? = nil, additionalDetails: String? = nil,
    misalignment: JSONValue? = nil
  ) {
    self.message = message
    self.codexErrorInfo = codexErrorInfo
    self.additionalDetails = additionalDetails
    self.misalignment = misalignment
  }
}

public enum NonSteerableTurnKind: WireEnum {
  case review, compact
  case unknown(String)

  public static let variants: [(name: String, value: NonSteerableTurnKind)] = [
    ("review", .review), ("compact", .compact),
  ]

  public static func unlisted(_ name: String) -> NonSteerableTurnKind { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// How much of a turn's items is present.
public enum TurnItemsView: WireEnum, HasDefault {
  case notLoaded, summary, full
  case unknown(String)

  public static let variants: [(name: String, value: TurnItemsView)] = [
    ("notLoaded", .notLoaded), ("summary", .summary), ("full", .full),
  ]
  public static var absent: TurnItemsView { .full }

  public static func unlisted(_ name: String) -> TurnItemsView { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// How a turn stands.
public enum TurnStatus: WireEnum {
  case completed, interrupted, failed, inProgress
  case unknown(String)

  public static let variants: [(name: String, value: TurnStatus)] = [
    ("completed", .completed), ("interrupted", .interrupted), ("failed", .failed),
    ("inProgress", .inProgress),
  ]

  public static func unlisted(_ name: String) -> TurnStatus { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
