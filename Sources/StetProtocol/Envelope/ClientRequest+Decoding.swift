import StetJSON

/// Reads the params of one method into its case of `ClientRequest`.
///
/// Not generic itself: a hundred instances of a generic type made at the first request, each with a search for its
/// conformances, would cost as much as the rest of the start.
struct Reader: Sendable {
  let callType: any ClientCall.Type
  private let make: @Sendable (JSONValue?, _ isStrict: Bool) throws(RPCError) -> ClientRequest

  init<Params: ClientCall>(_ make: @escaping @Sendable (Params) -> ClientRequest) {
    callType = Params.self
    self.make = { params, isStrict throws(RPCError) in make(try Self.decode(params, isStrict)) }
  }

  /// - Parameter isStrict: whether enum values that are not known are refused, as they are from a client.
  func read(_ params: JSONValue?, isStrict: Bool = true) throws(RPCError) -> ClientRequest {
    try make(params, isStrict)
  }

  var method: String { callType.method }

  private static func decode<Params: ClientCall>(
    _ params: JSONValue?, _ isStrict: Bool
  ) throws(RPCError) -> Params {
    if params?.isNull ?? true, let none = (Params.self as? any ParameterlessCall.Type)?.init() as? Params {
      return none
    }
    guard let params, !params.isNull else {
      throw .invalidRequest("Invalid request: missing field `params`")
    }
    do {
      return try Strictness.$isOn.withValue(isStrict) { try JSONCoder.decode(Params.self, from: params) }
    } catch {
      throw RequestFault.error(error, in: params)
    }
  }
}

extension ClientRequest {
  private static let readersByMethod = Dictionary(
    readers.map { ($0.method, $0) }, uniquingKeysWith: { first, _ in first })

  /// The methods that stet knows, in the order in which errors name them.
  public static let methods: [String] = readers.map(\.method)

  /// Reads a request of a client. Unknown methods come back as `.unknown`; bad params throw with Codex's text.
  public static func decode(method: String, params: JSONValue?) throws(RPCError) -> ClientRequest {
    guard let reader = readersByMethod[method] else { return .unknown(method: method, params: params) }
    return try reader.read(params)
  }

  /// The error for a method that the server does not serve.
  public static func unknownMethod(_ method: String, known: [String] = methods) -> RPCError {
    .invalidRequest("Invalid request: unknown variant `\(method)`, expected \(Strictness.oneOf(known))")
  }

  /// The params as a client sends them; nil where the method has none.
  public func params() throws -> JSONValue? {
    if case .unknown(_, let params) = self { return params }
    if call is any ParameterlessCall { return nil }
    return try call?.params()
  }
}
