import StetJSON

/// The JSON Schemas of the protocol, laid out in files as Codex lays out its own.
///
/// `v1/Initialize….json` and `v2/….json` hold the params and results of methods and the params of notifications,
/// the top level the messages that the server asks of clients, and the unions of all messages by direction.
public enum SchemaFiles {
  public struct File: Sendable {
    /// Relative, with `/`.
    public let path: String
    public let schema: JSONValue
  }

  private static let draft: JSONValue = "http://json-schema.org/draft-07/schema#"

  /// All files, in the order of the protocol's tables; throws `SchemaFault` for a type that has no schema.
  public static func all() throws -> [File] {
    var files: [File] = []
    for reader in ClientRequest.readers {
      let name = String(describing: reader.callType)
      if !(reader.callType is any ParameterlessCall.Type) {
        files.append(try file(name, reader.callType, in: folder(of: name)))
      }
      files.append(try response(of: reader.callType, name: name, in: folder(of: name)))
    }
    for (_, reader) in notifications {
      files.append(try file(String(describing: reader.payloadType), reader.payloadType, in: "v2/"))
    }
    for call in ServerRequest.callTypes {
      let name = String(describing: call)
      files.append(try file(name, call, in: ""))
      files.append(try answer(of: call, name: name))
    }
    files += [try clientRequests(), try serverNotifications(), try serverRequests(), try errors()]
    var seen = Set<String>()
    return files.filter { seen.insert($0.path).inserted }
  }

  private static var notifications: [(method: String, reader: NotificationReader)] {
    ServerNotification.readers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func folder(of name: String) -> String {
    if name.hasPrefix("Initialize") { return "v1/" }
    return name.hasPrefix("FuzzyFileSearch") ? "" : "v2/"
  }

  private static func file<T: Decodable>(_ name: String, _ type: T.Type, in folder: String) throws -> File {
    let book = SchemaBook()
    let schema = try book.describe(type)
    return File(path: folder + name + ".json", schema: finish(schema, name, book))
  }

  private static func response<Call: ClientCall>(
    of call: Call.Type, name: String, in folder: String
  ) throws -> File {
    // Named after the params, as Codex does: `{}` has one type here. Two methods that write configuration share a name.
    let own = String(describing: Call.Response.self)
    let name = own == "ConfigWriteResponse" ? own : name.replacingSuffix("Params", with: "Response")
    return try file(name, Call.Response.self, in: folder)
  }

  private static func answer<Call: ServerCall>(of call: Call.Type, name: String) throws -> File {
    try file(name.replacingSuffix("Params", with: "Response"), Call.Response.self, in: "")
  }

  private static func finish(_ schema: JSONValue, _ title: String, _ book: SchemaBook) -> JSONValue {
    var object: JSONObject = ["$schema": draft, "title": .string(title)]
    for (key, value) in schema.objectValue ?? [:] { object[key] = value }
    if !book.definitions.isEmpty {
      object["definitions"] = .object(
        JSONObject(book.definitions.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    }
    return .object(object)
  }

  // MARK: Unions

  private static func clientRequests() throws -> File {
    let book = SchemaBook()
    let variants = try ClientRequest.readers.map { reader -> JSONValue in
      let isBare = reader.callType is any ParameterlessCall.Type
      return try message(
        reader.method, isBare ? nil : reader.callType, ["id": try book.schema(of: RequestID.self)], book)
    }
    return union("ClientRequest", variants, book)
  }

  private static func serverNotifications() throws -> File {
    let book = SchemaBook()
    let beside: JSONObject = ["emittedAtMs": ["type": "integer", "format": "int64"], "stet": number]
    let variants = try notifications.map { try message($0.method, $0.reader.payloadType, beside, book) }
    return union("ServerNotification", variants, book)
  }

  private static func serverRequests() throws -> File {
    let book = SchemaBook()
    let beside: JSONObject = ["id": try book.schema(of: RequestID.self), "stet": number]
    let variants = try ServerRequest.callTypes.map { try message($0.method, $0, beside, book) }
    return union("ServerRequest", variants, book)
  }

  private static func errors() throws -> File {
    let book = SchemaBook()
    let schema: JSONValue = [
      "type": "object", "required": ["error", "id"],
      "properties": [
        "id": try book.schema(of: RequestID.self), "error": try book.schema(of: RPCError.self),
      ],
    ]
    return File(path: "JSONRPCError.json", schema: finish(schema, "JSONRPCError", book))
  }

  /// The `stet` member beside `params`, for clients with `events`.
  private static let number: JSONValue = [
    "type": "object", "required": ["seq"],
    "properties": ["seq": ["type": "integer"], "fromSeq": ["type": "integer"]],
  ]

  private static func message(
    _ method: String, _ params: (any Decodable.Type)?, _ beside: JSONObject, _ book: SchemaBook
  ) throws -> JSONValue {
    var properties: JSONObject = ["method": ["type": "string", "enum": [.string(method)]]]
    var required: [JSONValue] = ["method"]
    if let params {
      properties["params"] = try book.schema(of: params)
      required.append("params")
    }
    for (key, schema) in beside {
      properties[key] = schema
      if key == "id" { required.append("id") }
    }
    return ["type": "object", "properties": .object(properties), "required": .array(required)]
  }

  private static func union(_ name: String, _ variants: [JSONValue], _ book: SchemaBook) -> File {
    File(path: name + ".json", schema: finish(["oneOf": .array(variants)], name, book))
  }
}

extension String {
  fileprivate func replacingSuffix(_ suffix: String, with other: String) -> String {
    hasSuffix(suffix) ? dropLast(suffix.count) + other : self
  }
}
