import StetJSON

/// One item of the prompt: a Responses item and the exact bytes that are sent for it, now and in every later request.
public struct PromptItem: Sendable, Hashable {
  /// The JSON text of the item.
  public let bytes: [UInt8]
  /// What the item costs in tokens, as bytes of text.
  let weight: Int

  /// Serialises `value` once, in its own member order.
  public init(_ value: JSONValue) {
    bytes = value.serialized()
    weight = PromptWeight.of(value, bytes: bytes.count)
  }

  /// The item as a value; parsed from the bytes on each call, so that a long prompt is held in memory once.
  public var value: JSONValue {
    do {
      return try JSONValue(parsing: bytes)
    } catch {
      // The bytes come from our own writer; a failure would be a defect of it, and an empty item shows it.
      return .null
    }
  }
}
