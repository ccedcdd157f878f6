import StetJSON
import StetProtocol

/// Turns what the user said into items of the prompt (protocol.md §6).
enum UserInputItems {
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

  /// All texts of a message.
  static func words(_ input: [UserInput]) -> String {
    input.compactMap { if case .text(let text) = $0 { text.text } else { nil } }.joined(separator: "\n")
  }

  /// Bytes of a skill's file that are sent.
  private static let skillLimit = 64 << 10

  /// The user's message, and one more for each skill that is named in it.
  ///
  /// - Parameter images: whether the model sees any.
  static func items(
    _ input: [UserInput], _ pictures: InputPictures, cwd: String, images: Bool
  ) -> [JSONValue] {
    let skills = input.compactMap { part -> JSONValue? in
      if case .skill(let name, let path) = part { skill(name, PathText.join(cwd, path)) } else { nil }
    }
    return [item(input, pictures, images: images)].compactMap { $0 } + skills
  }

  /// One user message with a part for each input; nil when nothing is left of it.
  private static func item(_ input: [UserInput], _ pictures: InputPictures, images: Bool) -> JSONValue? {
    var parts: [JSONValue] = []
    var count = 0
    for part in input {
      switch part {
      case .text(let text): parts.append(MessageItem.inputText(text.text))
      case .image(let image):
        parts.append(remoteImage(image, pictures, images: images))
      case .localImage(let path, let detail):
        count += 1
        parts += localImage(path, pictures[path], number: count, images: images, detail?.name)
      case .audio: parts.append(MessageItem.inputText("[audio that this model can't be sent]"))
      case .localAudio(let path):
        parts.append(MessageItem.inputText("[audio \(path): this model can't be sent audio]"))
      case .mention, .skill, .unknown: continue
      }
    }
    guard !parts.isEmpty else { return nil }
    var item = MessageItem.user(parts)
    ItemNotes.add(ItemNotes.ours, false, to: &item)
    return item
  }

  // MARK: - Parts

  private static func skill(_ name: String, _ path: String) -> JSONValue {
    let text: String
    switch CappedFile.read(path, limit: skillLimit) {
    case .missing: text = "[the file does not exist]"
    case .unreadable(let reason): text = "[it can't be read: \(reason)]"
    case .bytes(let bytes): text = String(decoding: bytes, as: UTF8.self)
    }
    return MessageItem.ours("<skill>\n<name>\(name)</name>\n<path>\(path)</path>\n\(text)\n</skill>")
  }

  private static func remoteImage(_ image: ImageUserInput, _ pictures: InputPictures, images: Bool)
    -> JSONValue
  {
    guard let url = image.url, images else {
      return MessageItem.inputText("[an image that this model can't be sent]")
    }
    let detail = JSONValue.string(image.detail?.name ?? "high")
    switch pictures[url] {
    case .problem(let reason): return MessageItem.inputText("[an image that can't be sent: \(reason)]")
    case .url(let made): return ["type": "input_image", "detail": detail, "image_url": .string(made)]
    case nil: return ["type": "input_image", "detail": detail, "image_url": .string(url)]
    }
  }

  private static func localImage(
    _ path: String, _ reading: InputPictures.Reading?, number: Int, images: Bool, _ detail: String?
  ) -> [JSONValue] {
    func note(_ reason: String) -> [JSONValue] { [MessageItem.inputText("[image \(path): \(reason)]")] }
    guard images else { return note("this model does not see images") }
    switch reading {
    case nil: return note("it was not read")
    case .problem(let reason): return note(reason)
    case .url(let url):
      var image: JSONObject = ["type": "input_image", "image_url": .string(url)]
      if let detail { image["detail"] = .string(detail) }
      return [
        MessageItem.inputText("<image name=[Image #\(number)] path=\"\(path)\">"),
        .object(image),
        MessageItem.inputText("</image>"),
      ]
    }
  }
}
