import StetAgent
import StetJSON

/// What the script needs to know of the prompt: read from its items, as any model would.
struct DemoPrompt {
  /// Messages that the user typed, oldest first; the context that stet puts before them begins with a tag or heading.
  let userTexts: [String]
  /// Calls since the last message of the user, by name.
  private(set) var calls: [String] = []
  /// Outputs since the last message of the user, as text.
  private(set) var outputs: [String] = []

  init(_ input: [PromptItem]) {
    var texts: [String] = []
    for item in input.map(\.value) {
      switch item["type"]?.stringValue {
      case "function_call", "custom_tool_call": calls.append(item["name"]?.stringValue ?? "")
      case "function_call_output", "custom_tool_call_output": outputs.append(Self.text(of: item["output"]))
      case "message" where item["role"]?.stringValue == "user", nil where item["role"]?.stringValue == "user":
        let text = Self.text(of: item["content"])
        guard !text.hasPrefix("<"), !text.hasPrefix("# ") else { continue }
        texts.append(text)
        calls = []
        outputs = []
      default: break
      }
    }
    userTexts = texts
  }

  private static func text(of content: JSONValue?) -> String {
    if let text = content?.stringValue { return text }
    return (content?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }.joined(separator: "\n")
  }
}
