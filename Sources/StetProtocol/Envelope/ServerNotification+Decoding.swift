import StetJSON

/// Reads the params of one notification into its case.
struct NotificationReader: Sendable {
  let payloadType: any (Codable & Hashable & Sendable).Type
  let read: @Sendable (JSONValue) throws -> ServerNotification

  init<Params: Codable & Hashable & Sendable>(_ make: @escaping @Sendable (Params) -> ServerNotification) {
    payloadType = Params.self
    read = { make(try JSONCoder.decode(Params.self, from: $0)) }
  }
}

extension ServerNotification {
  /// The methods that stet knows.
  public static var methods: [String] { readers.keys.sorted() }

  /// Reads a notification of a server. Never fails: what cannot be read stays as it came, as `.unknown`.
  public static func decode(method: String, params: JSONValue?) -> ServerNotification {
    let params = params ?? .object([:])
    guard let reader = readers[method] else { return .unknown(method: method, params: params) }
    do { return try reader.read(params) } catch { return .unknown(method: method, params: params) }
  }
}
