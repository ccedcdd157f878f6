import StetJSON

/// The tools of a thread as the bytes of one JSON array: serialised once, with sorted keys, and frozen (P2, P3).
public struct PromptTools: Sendable, Hashable {
  public let bytes: [UInt8]
  /// The names in the order of the array.
  public let names: [String]

  /// Freezes `definitions` in the order given (built-in tools in their fixed order, then others by name).
  public init(_ definitions: [JSONValue]) {
    bytes = JSONValue.array(definitions.map { $0.sortedKeys() }).serialized()
    names = definitions.compactMap { $0["name"]?.stringValue }
  }

  /// The definitions as they were frozen.
  public var definitions: [JSONValue] {
    do {
      return try JSONValue(parsing: bytes).arrayValue ?? []
    } catch {
      return []  // own bytes, see PromptItem.value
    }
  }

  public static let none = PromptTools([])
}
