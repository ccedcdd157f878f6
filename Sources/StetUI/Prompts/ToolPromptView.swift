import StetText

/// A call of an MCP tool, with all that it would get.
enum ToolPromptView {
  static func content(_ prompt: ToolPrompt, width: Int) -> (title: Line, body: [Line]) {
    var body = PromptView.fact("server ", prompt.server, width: width)
    body += PromptView.fact("tool   ", prompt.tool, Look.promptTitle, width: width)
    if !prompt.arguments.isEmpty { body += PromptView.fact("with   ", prompt.arguments, width: width) }
    if let about = prompt.about, !about.isEmpty {
      body += PromptView.fact("it says: ", about, Look.dim, width: width)
    }
    return (Line("Call this tool?", Look.promptTitle), body)
  }
}
