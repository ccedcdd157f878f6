import StetJSON

/// Groups of the prompt as turns of the Messages wire.
enum MessagesTurns {
  /// The texts that lead the prompt are no message there; see `MessagesBody`.
  static func encoded(_ group: HistoryGroup, _ target: WireTarget) -> [EncodedMessage] {
    switch group {
    case .system(let texts):
      return [EncodedMessage(.array(texts.filter(isSaid).map(text)))]
    case .input(let results, let parts):
      // All results come first in the turn, or the endpoint finds the calls unanswered.
      var blocks = results.map { result($0, target) } + parts.compactMap { input($0, target) }
      if blocks.isEmpty { blocks = [text(HistoryGrouper.goOn)] }
      return [EncodedMessage(["role": "user", "content": .array(blocks)], isUser: true)]
    case .model(let parts):
      var blocks = parts.compactMap(model)
      if blocks.isEmpty { blocks = [text(HistoryGrouper.noAnswer)] }
      return [EncodedMessage(["role": "assistant", "content": .array(blocks)])]
    }
  }

  // MARK: - Blocks

  /// Texts of blanks only are refused.
  private static func isSaid(_ text: String) -> Bool { !text.allSatisfy(\.isWhitespace) }

  private static func text(_ text: String) -> JSONValue { ["type": "text", "text": .string(text)] }

  private static func said(_ words: String) -> JSONValue? {
    guard isSaid(words) else { return Optional.none }
    return text(words)
  }

  private static func input(_ part: HistoryGroup.InputPart, _ target: WireTarget) -> JSONValue? {
    switch part {
    case .text(let words): said(words)
    case .developer(let words): said(words).map { _ in text(InputText.context(words)) }
    case .image(let url): image(url, target)
    }
  }

  private static func result(_ result: HistoryGroup.CallResult, _ target: WireTarget) -> JSONValue {
    var block: JSONObject = ["type": "tool_result", "tool_use_id": .string(result.id)]
    let words = [said(result.text)].compactMap { $0 }
    if !result.images.isEmpty {
      block["content"] = .array(words + result.images.map { image($0, target) })
    } else {
      block["content"] = .string(isSaid(result.text) ? result.text : "(no output)")
    }
    if result.isMissing { block["is_error"] = true }
    return .object(block)
  }

  private static func image(_ url: String, _ target: WireTarget) -> JSONValue {
    guard target.images else { return text(InputText.unseenImage) }
    // data:image/png;base64,…
    guard url.hasPrefix("data:"), let comma = url.firstIndex(of: ",") else {
      return ["type": "image", "source": ["type": "url", "url": .string(url)]]
    }
    let head = url[..<comma].dropFirst("data:".count)
    let type = String(head.prefix { $0 != ";" })
    return [
      "type": "image",
      "source": [
        "type": "base64", "media_type": .string(type), "data": .string(String(url[comma...].dropFirst())),
      ],
    ]
  }

  private static func model(_ part: HistoryGroup.ModelPart) -> JSONValue? {
    switch part {
    case .text(let words): return said(words)
    case .reasoning(let thought, let notes):
      if let data = notes[ItemNotes.redacted] { return ["type": "redacted_thinking", "data": data] }
      // Without its proof a block is refused.
      guard let signature = notes[ItemNotes.signature] else { return Optional.none }
      return ["type": "thinking", "thinking": .string(thought), "signature": signature]
    case .call(let call):
      var input = JSONValue.object(JSONObject())
      if let read = try? JSONValue(parsing: call.arguments) { input = read }  // the grouper saw to it
      return [
        "type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": input,
      ]
    }
  }
}
