import StetJSON
import StetProtocol

/// One message of the protocol, in either direction.
///
/// An app-server's messages carry no `jsonrpc` member; one that comes in is ignored. `stet` is the member beside `params` that
/// extensions use (protocol.md §7.3); it is nil for clients that did not ask for it.
public enum Message: Hashable, Sendable {
  case request(id: RequestID, method: String, params: JSONValue?, stet: JSONValue? = nil)
  case notification(method: String, params: JSONValue?, emittedAtMs: Int64? = nil, stet: JSONValue? = nil)
  case result(id: RequestID, JSONValue)
  case error(id: RequestID, RPCError)
}

extension Message {
  /// The message as a JSON object, members in the order of the protocol's tables.
  public var jsonValue: JSONValue {
    var object = JSONObject()
    switch self {
    case .request(let id, let method, let params, let stet):
      object["id"] = id.jsonValue
      object["method"] = .string(method)
      object["params"] = params
      object["stet"] = stet
    case .notification(let method, let params, let emittedAtMs, let stet):
      object["method"] = .string(method)
      object["params"] = params
      object["emittedAtMs"] = emittedAtMs.map(JSONValue.int)
      object["stet"] = stet
    case .result(let id, let result):
      object["id"] = id.jsonValue
      object["result"] = result
    case .error(let id, let error):
      object["id"] = id.jsonValue
      object["error"] = error.jsonValue
    }
    return .object(object)
  }

  /// Bytes that a message is given beyond what its values are thought to take, for escapes and numbers.
  private static let slack = 128

  /// The message as one line, with its line feed.
  public func line(isTagged: Bool = false) -> [UInt8] {
    var value = jsonValue
    if isTagged, let members = value.objectValue {
      var tagged: JSONObject = ["jsonrpc": "2.0"]
      for (key, member) in members { tagged[key] = member }
      value = .object(tagged)
    }
    // A resume has megabytes: growing by and by would move them several times.
    var writer = JSONWriter(reserving: value.approximateBytes + Self.slack)
    writer.write(value)
    return writer.line()
  }

  /// Reads a message from a JSON value. Throws for what the protocol passes over in silence: values that are no
  /// objects (batches too), ids that are neither whole numbers nor strings, and objects that are no message.
  public init(_ value: JSONValue) throws(LineFault) {
    guard let object = value.objectValue else { throw LineFault("a message is a JSON object") }
    if let method = object["method"] {
      guard let method = method.stringValue else { throw LineFault("the method is not a string") }
      if let member = object["id"] {
        guard let id = RequestID(member) else {
          throw LineFault("the id is neither a whole number nor a string")
        }
        self = .request(id: id, method: method, params: object["params"], stet: object["stet"])
      } else {
        let emitted = object["emittedAtMs"]?.intValue.map(Int64.init)
        self = .notification(
          method: method, params: object["params"], emittedAtMs: emitted, stet: object["stet"])
      }
      return
    }
    guard let id = object["id"].flatMap(RequestID.init) else { throw LineFault("neither a method nor an id") }
    if let error = object["error"] {
      self = .error(id: id, RPCError(wire: error))
    } else if let result = object["result"] {
      self = .result(id: id, result)
    } else {
      throw LineFault("neither a method nor a result nor an error")
    }
  }
}

extension RPCError {
  /// Reads an error leniently: whatever a peer sends as an error is one.
  init(wire value: JSONValue) {
    self.init(
      code: value["code"]?.intValue ?? RPCError.internalErrorCode,
      message: value["message"]?.stringValue ?? value.text, data: value["data"])
  }

  var jsonValue: JSONValue {
    var object: JSONObject = ["code": .int(Int64(code)), "message": .string(message)]
    object["data"] = data
    return .object(object)
  }
}

/// Why a line is no message. Such lines are logged and not answered (protocol.md §1).
public struct LineFault: Error, Hashable, Sendable, CustomStringConvertible {
  public let message: String

  public init(_ message: String) { self.message = message }

  public var description: String { message }
}
