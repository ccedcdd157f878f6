import StetJSON

/// One item of the prompt: a Responses item and the exact bytes of it, now and in every later request.
public struct PromptItem: Sendable, Hashable {
  /// The JSON text of the item, without stet's own notes.
  public let bytes: [UInt8]
  /// What the item costs in tokens, as bytes of text.
  let weight: Int
  /// See `ItemNotes`; empty for most items.
  let notes: JSONObject
  /// What it is a part of.
  let shares: PromptShares
  /// Pictures in it.
  let images: Int

  /// Serialises `value` once, in its own member order.
  public init(_ value: JSONValue) {
    var item = value
    notes = value[ItemNotes.member]?.objectValue ?? JSONObject()
    item[ItemNotes.member] = nil
    bytes = item.serialized()
    weight = PromptWeight.of(item, bytes: bytes.count)
    shares = PromptShares(value, weight: weight)
    images = PromptWeight.images(item)
  }

  /// The item as a value, with its notes; parsed from the bytes on each call, so that a long prompt is held in memory
  /// once.
  public var value: JSONValue {
    var item = plain
    if !notes.isEmpty { item[ItemNotes.member] = .object(notes) }
    return item
  }

  /// The item as a value, as it is sent.
  var plain: JSONValue {
    do {
      return try JSONValue(parsing: bytes)
    } catch {
      // The bytes come from our own writer; a failure would be a defect of it, and an empty item shows it.
      return .null
    }
  }
}
