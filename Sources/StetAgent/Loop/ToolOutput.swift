/// What goes back to the model for one call.
public struct ToolOutput: Sendable, Hashable {
  public enum Content: Sendable, Hashable {
    case text(String)
    /// A `data:` URL.
    case image(url: String)
  }

  public var content: [Content]
  public var success: Bool
  /// The user answered an approval with `cancel`: the turn ends as interrupted after this output.
  public var interruptsTurn: Bool

  public init(_ content: [Content], success: Bool, interruptsTurn: Bool = false) {
    self.content = content
    self.success = success
    self.interruptsTurn = interruptsTurn
  }

  public static func text(_ text: String, success: Bool = true) -> ToolOutput {
    ToolOutput([.text(text)], success: success)
  }

  /// One line of cause and one line of what to do (T11).
  public static func failure(_ cause: String, _ remedy: String) -> ToolOutput {
    .text("\(cause)\n\(remedy)", success: false)
  }

  /// The texts joined; images are left out.
  public var text: String {
    content.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined(separator: "\n")
  }
}
