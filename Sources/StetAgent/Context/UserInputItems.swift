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

  /// One user message with a part for each input; nil when nothing is left of it. Reads image files.
  static func item(_ input: [UserInput], cwd: String, images: Bool) -> JSONValue? {
    var parts: [JSONValue] = []
    var count = 0
    for part in input {
      switch part {
      case .text(let text): parts.append(MessageItem.inputText(text.text))
      case .image(let image):
        guard let url = image.url else { continue }
        parts.append(["type": "input_image", "detail": "high", "image_url": .string(url)])
      case .localImage(let path, _):
        count += 1
        parts += localImage(PathText.join(cwd, path), number: count, images: images)
      case .mention, .skill, .audio, .localAudio, .unknown: continue
      }
    }
    return parts.isEmpty ? nil : MessageItem.user(parts)
  }

  // MARK: - Parts

  private static func localImage(_ path: String, number: Int, images: Bool) -> [JSONValue] {
    func note(_ reason: String) -> [JSONValue] { [MessageItem.inputText("[image \(path): \(reason)]")] }
    guard images else { return note("this model does not see images") }
    switch CappedFile.read(path, limit: imageLimit + 1) {
    case .missing: return note("the file does not exist")
    case .unreadable(let reason): return note(reason)
    case .bytes(let bytes):
      guard bytes.count <= imageLimit else { return note("larger than \(imageLimit >> 20) MiB") }
      guard let type = mediaType(bytes) else { return note("not a PNG, JPEG, GIF or WebP image") }
      let url = "data:\(type);base64,\(Data(bytes).base64EncodedString())"
      return [
        MessageItem.inputText("<image name=[Image #\(number)] path=\"\(path)\">"),
        ["type": "input_image", "image_url": .string(url)],
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
