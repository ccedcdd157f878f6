import StetJSON

/// A request of the server that wants an answer of a client.
public enum ServerRequest: Hashable, Sendable {
  case commandExecutionRequestApproval(CommandExecutionRequestApprovalParams)
  case fileChangeRequestApproval(FileChangeRequestApprovalParams)
  case toolRequestUserInput(ToolRequestUserInputParams)
  case permissionsRequestApproval(PermissionsRequestApprovalParams)
  case mcpServerElicitation(McpServerElicitationRequestParams)
  case toolCall(DynamicToolCallParams)
  case currentTimeRead(CurrentTimeReadParams)
  case unknown(method: String, params: JSONValue?)

  /// The params of all requests, in the order in which the protocol lists them.
  static let callTypes: [any ServerCall.Type] = [
    CommandExecutionRequestApprovalParams.self, FileChangeRequestApprovalParams.self,
    ToolRequestUserInputParams.self, PermissionsRequestApprovalParams.self,
    McpServerElicitationRequestParams.self, DynamicToolCallParams.self, CurrentTimeReadParams.self,
  ]

  /// The methods that stet knows.
  public static var methods: [String] { callTypes.map { $0.method } }

  private var call: (any ServerCall)? {
    switch self {
    case .commandExecutionRequestApproval(let params): params
    case .fileChangeRequestApproval(let params): params
    case .toolRequestUserInput(let params): params
    case .permissionsRequestApproval(let params): params
    case .mcpServerElicitation(let params): params
    case .toolCall(let params): params
    case .currentTimeRead(let params): params
    case .unknown: nil
    }
  }

  /// The method on the wire.
  public var method: String {
    if case .unknown(let method, _) = self { return method }
    return call.map { type(of: $0).method } ?? ""
  }

  /// The params as they go on the wire.
  public func params() throws -> JSONValue {
    if case .unknown(_, let params) = self { return params ?? .object([:]) }
    return try (call as (any Encodable)? ?? EmptyResponse()).wireValue()
  }

  /// Whether a result is an answer at all: its shape is that of the method's response, with known decisions.
  public func accepts(_ result: JSONValue) -> Bool {
    guard let call else { return true }
    do {
      try Strictness.$isOn.withValue(true) { try Self.check(call, result) }
      return true
    } catch {
      return false
    }
  }

  private static func check<Call: ServerCall>(_ call: Call, _ result: JSONValue) throws {
    _ = try JSONCoder.decode(Call.Response.self, from: result)
  }

  /// Reads a request of a server. Never fails: what cannot be read stays as it came, as `.unknown`.
  public static func decode(method: String, params: JSONValue?) -> ServerRequest {
    let value = params ?? .object([:])
    do {
      return switch method {
      case CommandExecutionRequestApprovalParams.method: .commandExecutionRequestApproval(try value.decode())
      case FileChangeRequestApprovalParams.method: .fileChangeRequestApproval(try value.decode())
      case ToolRequestUserInputParams.method: .toolRequestUserInput(try value.decode())
      case PermissionsRequestApprovalParams.method: .permissionsRequestApproval(try value.decode())
      case McpServerElicitationRequestParams.method: .mcpServerElicitation(try value.decode())
      case DynamicToolCallParams.method: .toolCall(try value.decode())
      case CurrentTimeReadParams.method: .currentTimeRead(try value.decode())
      default: .unknown(method: method, params: params)
      }
    } catch {
      return .unknown(method: method, params: params)
    }
  }

  /// The thread that the request belongs to; nil where it names none.
  public var threadId: String? {
    switch self {
    case .commandExecutionRequestApproval(let params): params.threadId
    case .fileChangeRequestApproval(let params): params.threadId
    case .toolRequestUserInput(let params): params.threadId
    case .permissionsRequestApproval(let params): params.threadId
    case .mcpServerElicitation(let params): params.threadId
    case .toolCall(let params): params.threadId
    case .currentTimeRead(let params): params.threadId
    case .unknown(_, let params): params?["threadId"]?.stringValue
    }
  }
}
