import StetJSON

/// One part of what the user says.
public enum UserInput: Hashable, Sendable {
  case text(TextUserInput)
  case image(ImageUserInput)
  case localImage(path: String, detail: ImageDetail?)
  case audio(url: String)
  case localAudio(path: String)
  case skill(name: String, path: String)
  case mention(name: String, path: String)
  case unknown(JSONValue)

  /// Plain text without marked parts.
  public static func text(_ text: String) -> UserInput { .text(TextUserInput(text: text)) }

  static let variants = ["text", "image", "localImage", "audio", "localAudio", "skill", "mention"]
}

/// Text with its marked parts, such as mentions.
public struct TextUserInput: Codable, Hashable, Sendable {
  public var text: String
  @Defaulted public var textElements: [TextElement]

  private enum CodingKeys: String, CodingKey {
    case text
    case textElements = "text_elements"
  }

  public init(text: String, textElements: [TextElement] = []) {
    self.text = text
    self.textElements = textElements
  }
}

/// An image by address (`data:` or `http`) or by the id of an uploaded file.
public struct ImageUserInput: Codable, Hashable, Sendable {
  @OmitIfNil public var url: String?
  @OmitIfNil public var fileId: String?
  public var detail: ImageDetail?

  public init(url: String? = nil, fileId: String? = nil, detail: ImageDetail? = nil) {
    self.url = url
    self.fileId = fileId
    self.detail = detail
  }
}

extension UserInput: Codable {
  private enum CodingKeys: String, CodingKey { case type, path, detail, url, name }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    func string(_ key: CodingKeys) throws -> String { try container.decode(String.self, forKey: key) }
    switch tag {
    case "text": self = .text(try TextUserInput(from: decoder))
    case "image": self = .image(try ImageUserInput(from: decoder))
    case "localImage":
      let detail = try container.decodeIfPresent(ImageDetail.self, forKey: .detail)
      self = .localImage(path: try string(.path), detail: detail)
    case "audio": self = .audio(url: try string(.url))
    case "localAudio": self = .localAudio(path: try string(.path))
    case "skill": self = .skill(name: try string(.name), path: try string(.path))
    case "mention": self = .mention(name: try string(.name), path: try string(.path))
    default:
      try Strictness.refuse(tag, Self.variants, at: decoder.codingPath)
      self = .unknown(try JSONValue(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if case .unknown(let value) = self { return try value.encode(to: encoder) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(type, forKey: .type)
    switch self {
    case .text(let input): try input.encode(to: encoder)
    case .image(let input): try input.encode(to: encoder)
    case .localImage(let path, let detail):
      try container.encode(path, forKey: .path)
      try container.encodeIfPresent(detail, forKey: .detail)
    case .audio(let url): try container.encode(url, forKey: .url)
    case .localAudio(let path): try container.encode(path, forKey: .path)
    case .skill(let name, let path), .mention(let name, let path):
      try container.encode(name, forKey: .name)
      try container.encode(path, forKey: .path)
    case .unknown: break
    }
  }

  /// The kind of the part, as on the wire.
  public var type: String {
    switch self {
    case .text: "text"
    case .image: "image"
    case .localImage: "localImage"
    case .audio: "audio"
    case .localAudio: "localAudio"
    case .skill: "skill"
    case .mention: "mention"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }
}
