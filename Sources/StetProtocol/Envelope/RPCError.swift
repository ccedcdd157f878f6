import StetJSON

/// The error of a request. Codes and texts are Codex's, since clients match on them (protocol.md §1).
public struct RPCError: Error, Codable, Hashable, Sendable {
  public var code: Int
  public var message: String
  @OmitIfNil public var data: JSONValue?

  public init(code: Int, message: String, data: JSONValue? = nil) {
    self.code = code
    self.message = message
    self.data = data
  }

  public static let invalidRequestCode = -32600
  public static let invalidParamsCode = -32602
  public static let internalErrorCode = -32603
  public static let overloadedCode = -32001
  /// Never on the wire: what a caller gets for a request whose connection closed.
  public static let connectionClosedCode = -32099
}

extension RPCError {
  /// Almost every fault of a request has this code.
  public static func invalidRequest(_ message: String, data: JSONValue? = nil) -> RPCError {
    RPCError(code: invalidRequestCode, message: message, data: data)
  }

  public static func invalidParams(_ message: String, data: JSONValue? = nil) -> RPCError {
    RPCError(code: invalidParamsCode, message: message, data: data)
  }

  public static func internalError(_ message: String) -> RPCError {
    RPCError(code: internalErrorCode, message: message)
  }

  public static let notInitialized = invalidRequest("Not initialized")
  public static let alreadyInitialized = invalidRequest("Already initialized")
  public static let overloaded = RPCError(code: overloadedCode, message: "Server overloaded; retry later.")

  public static func connectionClosed(_ reason: String?) -> RPCError {
    RPCError(code: connectionClosedCode, message: reason ?? "the connection closed")
  }

  /// `turn/*` and compaction of a thread that is not loaded.
  public static func threadNotFound(_ id: String) -> RPCError { invalidRequest("thread not found: \(id)") }
  /// Reading a thread that is neither loaded nor stored.
  public static func threadNotLoaded(_ id: String) -> RPCError { invalidRequest("thread not loaded: \(id)") }
  /// Resume, fork, archive, delete, name of a thread that is not stored.
  public static func noRollout(_ id: String) -> RPCError {
    invalidRequest("no rollout found for thread id \(id)")
  }
  public static func noArchivedRollout(_ id: String) -> RPCError {
    invalidRequest("no archived rollout found for thread id \(id)")
  }

  public static let noTurnToSteer = invalidRequest("no active turn to steer")
  public static let noTurnToInterrupt = invalidRequest("no active turn to interrupt")

  /// A steer whose turn is not the running one.
  public static func unexpectedTurn(expected: String, found: String) -> RPCError {
    invalidRequest("expected active turn id `\(expected)` but found `\(found)`")
  }

  /// An interrupt whose turn is not the running one; Codex writes this one without backticks.
  public static func unexpectedInterrupt(expected: String, found: String) -> RPCError {
    invalidRequest("expected active turn id \(expected) but found \(found)")
  }

  /// A steer of a turn that takes none: a review or a compaction. The data is a `TurnError`.
  public static func notSteerable(_ kind: NonSteerableTurnKind) -> RPCError {
    let message = "cannot steer a \(kind.name) turn"
    let error = TurnError(message: message, codexErrorInfo: .activeTurnNotSteerable(turnKind: kind))
    return invalidRequest(message, data: try? JSONValue(encoding: error))
  }

  /// A method or `method.field` that needs `experimentalApi`.
  public static func requiresExperimental(_ name: String) -> RPCError {
    invalidRequest("\(name) requires experimentalApi capability")
  }

  /// A `stet/…` method on a connection that did not ask for it.
  public static func requiresStet(_ method: String) -> RPCError {
    invalidRequest("\(method) requires stet capability")
  }

  /// Characters of one turn's text that are accepted.
  public static let maxInputCharacters = 1_048_576

  public static func inputTooLarge(_ count: Int) -> RPCError {
    invalidParams(
      "Input exceeds the maximum length of \(maxInputCharacters) characters.",
      data: [
        "input_error_code": "input_too_large", "max_chars": .int(Int64(maxInputCharacters)),
        "actual_chars": .int(Int64(count)),
      ])
  }
}
