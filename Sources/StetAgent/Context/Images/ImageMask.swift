import StetJSON

/// Puts a line of text in the place of old pictures (C10). As every change of what was sent it costs the provider's
/// cache once, so it takes out many at a time, and it is a compaction.
struct ImageMask: Sendable {
  /// More pictures than this make the oldest go.
  static let most = 20
  /// So many of the newest stay then: the cache is lost once in ten pictures and not with each.
  static let kept = 10

  let items: [JSONValue]
  /// Pictures that were taken out.
  let count: Int

  /// - Parameter file: writes a picture that lies in no file yet, and says where; nil when it can't.
  init(_ items: [JSONValue], file: (_ url: String) -> String?) {
    let places = Self.places(items)
    // What the model was not sent yet stays.
    let seen = (items.lastIndex(where: Self.isOfModel) ?? -1) + 1
    let taken = places.count > Self.most ? places.dropLast(Self.kept).filter { $0.item < seen } : []
    var changed = items
    for place in taken { Self.empty(&changed[place.item], place, items, file) }
    self.items = changed
    count = taken.count
  }

  /// A message without its pictures: each is a line with the path of its file.
  static func emptied(_ message: JSONValue) -> JSONValue {
    var changed = message
    for place in places([message]) { empty(&changed, place, [message]) { _ in nil } }
    return changed
  }

  // MARK: - Parts

  private struct Place {
    let item: Int
    let member: String
    let part: Int
  }

  private static func places(_ items: [JSONValue]) -> [Place] {
    items.enumerated().flatMap { index, item in
      ["content", "output"].flatMap { member in
        (item[member]?.arrayValue ?? []).enumerated().compactMap { part, value in
          value["type"]?.stringValue == "input_image" ? Place(item: index, member: member, part: part) : nil
        }
      }
    }
  }

  private static func isOfModel(_ item: JSONValue) -> Bool {
    item["role"]?.stringValue == "assistant" || CallItem(item) != nil
      || item["type"]?.stringValue == "reasoning"
  }

  private static func empty(
    _ item: inout JSONValue, _ place: Place, _ items: [JSONValue], _ file: (String) -> String?
  ) {
    guard var parts = item[place.member]?.arrayValue, parts.indices.contains(place.part) else { return }
    let url = parts[place.part]["image_url"]?.stringValue ?? ""
    let name =
      pathBefore(place.part, parts) ?? pathOfCall(item, items.prefix(place.item))
      ?? (url.hasPrefix("data:") ? file(url) : url)
    let text = name.map { "[a picture was taken out to save room; it is \($0)]" } ?? "[a picture was here]"
    parts[place.part] = MessageItem.inputText(text)
    item[place.member] = .array(parts)
  }

  /// The path in the line before a picture that the user attached.
  private static func pathBefore(_ part: Int, _ parts: [JSONValue]) -> String? {
    guard part > 0, let text = parts[part - 1]["text"]?.stringValue, text.hasPrefix("<image name="),
      let start = text.firstRange(of: " path=\""), text.hasSuffix("\">")
    else { return nil }
    return String(text[start.upperBound...].dropLast(2))
  }

  /// The path that the call of a picture named.
  private static func pathOfCall(_ output: JSONValue, _ before: ArraySlice<JSONValue>) -> String? {
    guard let id = output["call_id"]?.stringValue,
      let call = before.reversed().lazy.compactMap({ CallItem($0) }).first(where: { $0.callId == id }),
      call.name == "view_image", case .success(.json(let arguments)) = call.input()
    else { return nil }
    return arguments["path"]?.stringValue
  }
}
