import StetJSON

public enum DynamicToolCallOutputContentItem: Codable, Hashable, Sendable {
  case inputText(text: String)
  case inputImage(imageUrl: String)
  case inputAudio(audioUrl: String)
  case unknown(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type, text, imageUrl, audioUrl
  }

  static let variants = [
    "inputText", "inputImage", "inputAudio",
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "inputText":
      self = .inputText(
        text: try container.decode(String.self, forKey: .text))
    case "inputImage":
      self = .inputImage(
        imageUrl: try container.decode(String.self, forKey: .imageUrl))
    case "inputAudio":
      self = .inputAudio(
        audioUrl: try container.decode(String.self, forKey: .audioUrl))
    default:
      try Strictness.refuse(tag, Self.variants, at: decoder.codingPath)
      self = .unknown(try JSONValue(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if case .unknown(let value) = self { return try value.encode(to: encoder) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tag, forKey: .type)
    switch self {
    case .inputText(let value): try container.encode(value, forKey: .text)
    case .inputImage(let value): try container.encode(value, forKey: .imageUrl)
    case .inputAudio(let value): try container.encode(value, forKey: .audioUrl)
    default: break
    }
  }

  /// The name of the variant on the wire.
  var tag: String {
    switch self {
    case .inputText: "inputText"
    case .inputImage: "inputImage"
    case .inputAudio: "inputAudio"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }
}

public enum DynamicToolCallStatus: WireEnum {
  case inProgress, completed, failed
  case unknown(String)

  public static let variants: [(name: String, value: DynamicToolCallStatus)] = [
    ("inProgress", .inProgress), ("completed", .completed), ("failed", .failed),
  ]

  public static func unlisted(_ name: String) -> DynamicToolCallStatus { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
