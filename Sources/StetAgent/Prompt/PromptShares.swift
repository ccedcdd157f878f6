import StetJSON

/// What the window is filled with, as weights (bytes that stand for tokens). Kept up item by item: a request costs
/// what is new in it.
struct PromptShares: Sendable, Hashable {
  /// Base prompt, rights, surroundings and the definitions of tools.
  var prompt = 0
  /// Project documents and skills.
  var documents = 0
  /// What tools and commands answered.
  var toolOutput = 0
  /// What the user and the model said, reasoned and called, and summaries of it.
  var conversation = 0

  var total: Int { prompt + documents + toolOutput + conversation }

  init() {}

  /// The part of one item.
  init(_ value: JSONValue, weight: Int) {
    switch value["role"]?.stringValue {
    case "developer", "system": prompt = weight
    case "user": self = Self.user(value, weight)
    default:
      if value["type"]?.stringValue?.hasSuffix("_output") == true {
        toolOutput = weight
      } else {
        conversation = weight
      }
    }
  }

  static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.prompt += right.prompt
    sum.documents += right.documents
    sum.toolOutput += right.toolOutput
    sum.conversation += right.conversation
    return sum
  }

  /// The shares of `tokens` tokens; what rounding leaves over is conversation.
  func tokens(of tokens: Int) -> PromptShares {
    guard total > 0 else { return PromptShares() }
    var shares = PromptShares()
    func part(_ weight: Int) -> Int { Int(Double(tokens) * Double(weight) / Double(total)) }
    (shares.prompt, shares.documents, shares.toolOutput) = (part(prompt), part(documents), part(toolOutput))
    shares.conversation = max(0, tokens - shares.prompt - shares.documents - shares.toolOutput)
    return shares
  }

  // MARK: - Parts

  private static func user(_ value: JSONValue, _ weight: Int) -> PromptShares {
    var shares = PromptShares()
    if PromptOrigin.isUserMessage(value) {
      shares.conversation = weight
      return shares
    }
    let text = MessageItem.text(of: value)
    if text.hasPrefix("<user_shell_command>") {
      shares.toolOutput = weight
    } else if text.hasPrefix("<skill>") {
      shares.documents = weight
    } else if text.hasPrefix(CompactionTexts.opening) {
      shares.conversation = weight
    } else {
      // A context item holds documents and the surroundings as parts of its own.
      let documents = (value["content"]?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }
        .filter { PromptOrigin.isDocument($0) || $0.hasPrefix("<skills>") }
      shares.documents = min(weight, documents.reduce(0) { $0 + $1.utf8.count })
      shares.prompt = weight - shares.documents
    }
    return shares
  }
}
