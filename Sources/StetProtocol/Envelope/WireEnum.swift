import StetJSON

/// An enum that is a string on the wire and keeps names it does not know.
public protocol WireEnum: Codable, Hashable, Sendable {
  /// The known names in the order in which errors list them.
  static var variants: [(name: String, value: Self)] { get }
  /// The case that keeps an unknown name.
  static func unlisted(_ name: String) -> Self
  /// The kept name, if this is that case.
  var unlistedName: String? { get }
}

extension WireEnum {
  /// The name on the wire.
  public var name: String {
    unlistedName ?? Self.variants.first { $0.value == self }?.name ?? ""
  }

  /// The case for a name; an unknown one is kept.
  public init(name: String) {
    self = Self.variants.first { $0.name == name }?.value ?? Self.unlisted(name)
  }

  public init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    self.init(name: name)
    if unlistedName != nil { try Strictness.refuse(name, Self.variants.map(\.name), at: decoder.codingPath) }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
