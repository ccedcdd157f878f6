import StetJSON

/// The kind of an error, as far as clients tell kinds apart: a name, or an object with one key.
public enum CodexErrorInfo: Hashable, Sendable {
  /// One of the plain names, such as `contextWindowExceeded` or `other`.
  case named(String)
  case httpConnectionFailed(httpStatusCode: Int?)
  case responseStreamConnectionFailed(httpStatusCode: Int?)
  case responseStreamDisconnected(httpStatusCode: Int?)
  case responseTooManyFailedAttempts(httpStatusCode: Int?)
  case activeTurnNotSteerable(turnKind: NonSteerableTurnKind)
  case unknown(JSONValue)

  public static let contextWindowExceeded = named("contextWindowExceeded")
  public static let usageLimitExceeded = named("usageLimitExceeded")
  public static let rateLimitExceeded = named("rateLimitExceeded")
  public static let serverOverloaded = named("serverOverloaded")
  public static let internalServerError = named("internalServerError")
  public static let unauthorized = named("unauthorized")
  public static let badRequest = named("badRequest")
  public static let sandboxError = named("sandboxError")
  public static let other = named("other")
}

extension CodexErrorInfo: Codable {
  public init(from decoder: any Decoder) throws {
    let value = try JSONValue(from: decoder)
    if let name = value.stringValue {
      self = .named(name)
      return
    }
    guard let object = value.objectValue, object.count == 1,
      let (key, body) = object.first(where: { _ in true })
    else {
      self = .unknown(value)
      return
    }
    let status = body["httpStatusCode"]?.intValue
    switch key {
    case "httpConnectionFailed": self = .httpConnectionFailed(httpStatusCode: status)
    case "responseStreamConnectionFailed": self = .responseStreamConnectionFailed(httpStatusCode: status)
    case "responseStreamDisconnected": self = .responseStreamDisconnected(httpStatusCode: status)
    case "responseTooManyFailedAttempts": self = .responseTooManyFailedAttempts(httpStatusCode: status)
    case "activeTurnNotSteerable":
      self = .activeTurnNotSteerable(turnKind: try body.decode(TurnKindBody.self).turnKind)
    default: self = .unknown(value)
    }
  }

  private struct TurnKindBody: Decodable { let turnKind: NonSteerableTurnKind }

  public func encode(to encoder: any Encoder) throws { try jsonValue.encode(to: encoder) }

  /// The error as it stands on the wire.
  public var jsonValue: JSONValue {
    switch self {
    case .named(let name): .string(name)
    case .httpConnectionFailed(let status): Self.http("httpConnectionFailed", status)
    case .responseStreamConnectionFailed(let status): Self.http("responseStreamConnectionFailed", status)
    case .responseStreamDisconnected(let status): Self.http("responseStreamDisconnected", status)
    case .responseTooManyFailedAttempts(let status): Self.http("responseTooManyFailedAttempts", status)
    case .activeTurnNotSteerable(let kind):
      ["activeTurnNotSteerable": ["turnKind": .string(kind.name)]]
    case .unknown(let value): value
    }
  }

  private static func http(_ key: String, _ status: Int?) -> JSONValue {
    [key: ["httpStatusCode": status.map { .int(Int64($0)) } ?? .null]]
  }
}
