import FoundationEssentials
import StetJSON
import StetProtocol

/// Turns what the user said into items of the prompt (protocol.md §6).
enum UserInputItems {
  /// Bytes of an image that are sent; a larger one is named with its size instead.
  static let imageLimit = 5 << 20

  /// Characters of all texts, for the limit of one input.
  static func characters(_ input: [UserInput]) -> Int {
    input.reduce(0) { count, part in
      if case .text(let text) = part { count + text.text.count } else { count }
    }
  }

  static func preview(_ input: [UserInput]) -> String {
    for case .text(let text) in input where !text.text.allSatisfy(\.isWhitespace) { return text.text }
    return ""
  }

  /// Bytes of a skill's file that are sent.
  private static let skillLimit = 64 << 10

  /// The user's message, and one more for each skill that is named in it.
  static func items(_ input: [UserInput], cwd: String, images: Bool) -> [JSONValue] {
    let skills = input.compactMap { part -> JSONValue? in
      if case .skill(let name, let path) = part { skill(name, PathText.join(cwd, path)) } else { nil }
    }
    return [item(input, cwd: cwd, images: images)].compactMap { $0 } + skills
  }

  /// One user message with a part for each input; nil when nothing is left of it. Reads image files.
  static func item(_ input: [UserInput], cwd: String, images: Bool) -> JSONValue? {
    var parts: [JSONValue] = []
    var count = 0
    for part in input {
      switch part {
      case .text(let text): parts.append(MessageItem.inputText(text.text))
      case .image(let image):
        let detail = image.detail?.name ?? "high"
        if let url = image.url, images {
          parts.append(["type": "input_image", "detail": .string(detail), "image_url": .string(url)])
        } else {
          parts.append(MessageItem.inputText("[an image that this model can't be sent]"))
        }
      case .localImage(let path, let detail):
        count += 1
        parts += localImage(PathText.join(cwd, path), number: count, images: images, detail?.name)
      case .audio: parts.append(MessageItem.inputText("[audio that this model can't be sent]"))
      case .localAudio(let path):
        parts.append(MessageItem.inputText("[audio \(path): this model can't be sent audio]"))
      case .mention, .skill, .unknown: continue
      }
    }
    return parts.isEmpty ? nil : MessageItem.user(parts)
  }

  // MARK: - Parts

  private static func skill(_ name: String, _ path: String) -> JSONValue {
    let text: String
    switch CappedFile.read(path, limit: skillLimit) {
    case .missing: text = "[the file does not exist]"
    case .unreadable(let reason): text = "[it can't be read: \(reason)]"
    case .bytes(let bytes): text = String(decoding: bytes, as: UTF8.self)
    }
    return MessageItem.user("<skill>\n<name>\(name)</name>\n<path>\(path)</path>\n\(text)\n</skill>")
  }

  private static func localImage(
    _ path: String, number: Int, images: Bool, _ detail: String?
  ) -> [JSONValue] {
    func note(_ reason: String) -> [JSONValue] { [MessageItem.inputText("[image \(path): \(reason)]")] }
    guard images else { return note("this model does not see images") }
    switch CappedFile.read(path, limit: imageLimit + 1) {
    case .missing: return note("the file does not exist")
    case .unreadable(let reason): return note(reason)
    case .bytes(let bytes):
      guard bytes.count <= imageLimit else { return note("larger than \(imageLimit >> 20) MiB") }
      guard let type = mediaType(bytes) else { return note("not a PNG, JPEG, GIF or WebP image") }
      let url = "data:\(type);base64,\(Data(bytes).base64EncodedString())"
      var image: JSONObject = ["type": "input_image", "image_url": .string(url)]
      if let detail { image["detail"] = .string(detail) }
      return [
        MessageItem.inputText("<image name=[Image #\(number)] path=\"\(path)\">"),
        .object(image),
        MessageItem.inputText("</image>"),
      ]
    }
  }

  /// By the first bytes, never by the name.
  static func mediaType(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return "image/png" }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
    if bytes.starts(with: Array("GIF8".utf8)) { return "image/gif" }
    if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      return "image/webp"
    }
    return nil
  }
}
