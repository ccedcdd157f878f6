import StetProtocol

/// `web_search`: the provider's own search, offered only to those that have one (V5). It runs there; what it found comes
/// with the answer. Only pages that the provider has indexed, unless the user wants live ones: a page that the model names
/// is not fetched (S13).
struct WebSearchTool: Tool {
  let name = "web_search"
  let access = ToolAccess.read
  /// Pages may be fetched for it.
  var isLive = false

  var definition: JSONValue { ["type": "web_search", "external_web_access": .bool(isLive)] }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    .failure(
      "web_search is run by the provider; it can't be called.", "Ask for what you need in your answer.")
  }
}
