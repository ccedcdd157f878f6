import StetJSON

/// The params of a method that clients call: it knows the method's name and what the answer looks like.
public protocol ClientCall: Codable, Hashable, Sendable {
  associatedtype Response: Codable & Hashable & Sendable
  static var method: String { get }
}

/// A method without params: the `params` member may be absent or null.
public protocol ParameterlessCall: ClientCall {
  init()
}

/// The params of a method that the server calls on clients.
public protocol ServerCall: Codable, Hashable, Sendable {
  associatedtype Response: Codable & Hashable & Sendable
  static var method: String { get }
}

/// `{}`: the answer of a method that is simply done.
public struct EmptyResponse: Codable, Hashable, Sendable {
  public init() {}
}

extension ClientCall {
  /// The params as a client sends them, nils left away.
  public func params() throws -> JSONValue { try clientValue() }
}
