import StetProtocol

/// A prompt that the user keeps as a file, sent as `/name` with arguments.
struct CustomPrompt: Equatable, Sendable {
  /// What Codex writes before the name; it also tells a prompt from a command of the same name.
  static let prefix = "prompts:"

  var name: String
  var description: String
  var argumentHint: String?
  var text: String

  /// Nil for what has no name or text: the list comes from a server.
  init?(_ value: JSONValue) {
    guard let name = value["name"]?.stringValue, !name.isEmpty, !name.contains(where: \.isWhitespace),
      let text = value["text"]?.stringValue
    else { return nil }
    self.name = name
    self.text = text
    description = Words.firstLine(value["description"]?.stringValue ?? "")
    argumentHint = value["argumentHint"]?.stringValue.map(Words.firstLine)
  }

  /// How it is typed: a command of the same name comes first.
  var typed: String { "/" + (SlashCommand(rawValue: name) == nil ? name : Self.prefix + name) }

  /// For the popup and the help.
  var words: String {
    [argumentHint, description].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " · ")
  }
}
