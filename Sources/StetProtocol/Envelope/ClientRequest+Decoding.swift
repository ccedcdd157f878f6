import StetJSON

/// Reads the params of one method into its case of `ClientRequest`.
protocol MethodReader: Sendable {
  var callType: any ClientCall.Type { get }
  func read(_ params: JSONValue?) throws(RPCError) -> ClientRequest
}

struct Reader<Params: ClientCall>: MethodReader {
  let make: @Sendable (Params) -> ClientRequest
  var callType: any ClientCall.Type { Params.self }

  init(_ make: @escaping @Sendable (Params) -> ClientRequest) { self.make = make }

  func read(_ params: JSONValue?) throws(RPCError) -> ClientRequest {
    if params?.isNull ?? true, let none = (Params.self as? any ParameterlessCall.Type)?.init() as? Params {
      return make(none)
    }
    guard let params, !params.isNull else {
      throw .invalidRequest("Invalid request: missing field `params`")
    }
    do {
      return make(try Strictness.$isOn.withValue(true) { try JSONCoder.decode(Params.self, from: params) })
    } catch {
      throw RequestFault.error(error, in: params)
    }
  }
}

extension MethodReader {
  var method: String { callType.method }
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
