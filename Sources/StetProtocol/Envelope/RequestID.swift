import StetJSON

/// The id of a request: a 64-bit whole number or a string. Fractions and null are no ids.
public enum RequestID: Hashable, Sendable {
  case int(Int64)
  case string(String)

  /// Reads an id; nil where the wire carries something that is none.
  public init?(_ value: JSONValue) {
    switch value {
    case .int(let number): self = .int(number)
    case .string(let text): self = .string(text)
    default: return nil
    }
  }

  public var jsonValue: JSONValue {
    switch self {
    case .int(let number): .int(number)
    case .string(let text): .string(text)
    }
  }
}

extension RequestID: Codable {
  public init(from decoder: any Decoder) throws {
    guard let id = RequestID(try JSONValue(from: decoder)) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "an id is a whole number or a string"))
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws { try jsonValue.encode(to: encoder) }
}

extension RequestID: CustomStringConvertible {
  public var description: String {
    switch self {
    case .int(let number): String(number)
    case .string(let text): text
    }
  }
}
