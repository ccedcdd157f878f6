import StetJSON

/// Groups of the prompt as messages of the Chat Completions wire.
enum ChatMessages {
  static func encoded(_ group: HistoryGroup, _ target: WireTarget) -> [EncodedMessage] {
    switch group {
    case .system(let texts):
      let role = target.flags.developerRole ? "developer" : "system"
      return [message(role, .string(texts.joined(separator: "\n\n")))]
    case .input(let results, let parts): return input(results, parts, target)
    case .model(let parts): return [model(parts, target)]
    }
  }

  // MARK: - Parts

  private static func message(_ role: String, _ content: JSONValue) -> EncodedMessage {
    EncodedMessage(["role": .string(role), "content": content], isUser: role == "user")
  }

  /// Results in the order of their calls' answers, then what was said. A tool message holds text only, so images of
  /// results come in the user message behind them.
  private static func input(
    _ results: [HistoryGroup.CallResult], _ parts: [HistoryGroup.InputPart], _ target: WireTarget
  ) -> [EncodedMessage] {
    var messages = results.map { result in
      let text = result.text.isEmpty ? (result.images.isEmpty ? "(no output)" : "(an image)") : result.text
      return EncodedMessage([
        "role": "tool", "tool_call_id": .string(result.id), "content": .string(text),
      ])
    }
    let images = results.flatMap(\.images)
    var said = parts
    if !images.isEmpty {
      said = [.text("Images of the tool results:")] + images.map { .image(url: $0) } + said
    }
    if !results.isEmpty, !said.isEmpty, target.flags.assistantAfterTool {
      messages.append(message("assistant", .string("Done.")))
    }
    var run: [HistoryGroup.InputPart] = []
    for part in said {
      if case .developer(let text) = part, target.flags.developerRole {
        if !run.isEmpty { messages.append(user(run, target)) }
        run = []
        messages.append(message("developer", .string(text)))
      } else {
        run.append(part)
      }
    }
    if !run.isEmpty { messages.append(user(run, target)) }
    return messages
  }

  private static func user(_ parts: [HistoryGroup.InputPart], _ target: WireTarget) -> EncodedMessage {
    var texts: [String] = []
    var content: [JSONValue] = []
    var hasImage = false
    for part in parts {
      switch part {
      case .image(let url) where target.images:
        hasImage = true
        content.append(["type": "image_url", "image_url": ["url": .string(url)]])
        continue
      case .text(let text): texts.append(text)
      case .developer(let text): texts.append(InputText.context(text))
      case .image: texts.append(InputText.unseenImage)
      }
      content.append(["type": "text", "text": .string(texts.last ?? "")])
    }
    return message("user", hasImage ? .array(content) : .string(texts.joined(separator: "\n\n")))
  }

  private static func model(_ parts: [HistoryGroup.ModelPart], _ target: WireTarget) -> EncodedMessage {
    var text = ""
    var reasoning = ""
    var details: [JSONValue] = []
    var calls: [JSONValue] = []
    for part in parts {
      switch part {
      case .text(let said): text += said
      case .reasoning(let thought, let notes):
        reasoning += thought
        details += notes[ItemNotes.reasoningDetails]?.arrayValue ?? []
      case .call(let call):
        var made: JSONObject = [
          "id": .string(call.id), "type": "function",
          "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
        ]
        if let extra = call.notes[ItemNotes.extraContent] { made["extra_content"] = extra }
        calls.append(.object(made))
      }
    }
    var message: JSONObject = ["role": "assistant"]
    // Mistral's templates want a text, others take its absence as it is meant.
    let nothing: JSONValue = target.flags.assistantAfterTool ? "" : .null
    message["content"] = text.isEmpty ? nothing : .string(text)
    if !details.isEmpty {
      message["reasoning_details"] = .array(details)
    } else if let field = target.flags.reasoningField, !reasoning.isEmpty {
      message[field.rawValue] = .string(reasoning)
    }
    if !calls.isEmpty { message["tool_calls"] = .array(calls) }
    return EncodedMessage(.object(message))
  }
}

/// Words that stand for what a wire or a model can't be sent.
enum InputText {
  static let unseenImage = "[an image that this model can't be sent]"

  /// Words of the harness for templates that allow one leading system message only.
  static func context(_ text: String) -> String { "<context>\n\(text)\n</context>" }
}
