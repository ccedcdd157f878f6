import StetJSON

/// OpenRouter's `reasoning_details`, put together from the pieces of the stream: they go back as they came.
struct ReasoningDetails: Sendable {
  private(set) var blocks: [JSONValue] = []

  mutating func take(_ pieces: [JSONValue]) {
    for piece in pieces where piece.objectValue != nil {
      guard let last = blocks.last, continues(last, piece) else {
        blocks.append(piece)
        continue
      }
      var joined = last
      for (name, value) in piece.objectValue ?? JSONObject() where !value.isNull {
        if ["text", "summary", "data"].contains(name), let more = value.stringValue {
          joined[name] = .string((joined[name]?.stringValue ?? "") + more)
        } else {
          joined[name] = value
        }
      }
      blocks[blocks.count - 1] = joined
    }
  }

  private func continues(_ last: JSONValue, _ piece: JSONValue) -> Bool {
    last["type"] == piece["type"] && last["index"] == piece["index"]
      && (last["id"] == piece["id"] || piece["id"]?.stringValue == nil)
  }
}
