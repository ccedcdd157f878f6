import StetJSON

/// What an item weighs in a prompt, in bytes that stand for its tokens: an image costs what images cost, not what its
/// base64 text would.
enum PromptWeight {
  /// Bytes that one image stands for: about 1,600 tokens, what providers charge for a picture of usual size.
  static let image = 5_600
  /// Items smaller than this are not looked through for images.
  private static let smallest = 8_000

  static func of(_ value: JSONValue, bytes: Int) -> Int {
    guard bytes > smallest else { return bytes }
    let parts = (value["content"]?.arrayValue ?? []) + (value["output"]?.arrayValue ?? [])
    return parts.reduce(bytes) { weight, part in
      guard let url = part["image_url"]?.stringValue, url.utf8.count > image else { return weight }
      return weight - url.utf8.count + image
    }
  }

  /// Pictures in an item; an address outside counts as one.
  static func images(_ value: JSONValue) -> Int {
    ["content", "output"].reduce(0) { count, member in
      count + (value[member]?.arrayValue ?? []).count { $0["type"]?.stringValue == "input_image" }
    }
  }
}
