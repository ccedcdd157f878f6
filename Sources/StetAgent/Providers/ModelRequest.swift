import StetConfig
import StetJSON

/// All that a codec needs to build one request: values and bytes, nothing that changes later.
public struct ModelRequest: Sendable {
  public var threadId: String
  public var turnId: String
  /// The provider's name of the model.
  public var model: String
  /// Where to send it; nil for a client that speaks to no server (the demo).
  public var provider: ProviderConfig?
  /// The value of the provider's key, if it has one. Never logged, never stored (V10).
  public var apiKey: String?
  /// The whole prompt, oldest first. Earlier items never change between requests of a thread (P1).
  public var input: [PromptItem]
  /// The tools as one JSON array, serialised once and frozen for the thread (P2).
  public var tools: PromptTools
  public var effort: String?
  public var summary: String?
  /// A JSON schema that the final answer must follow (`turn/start.outputSchema`).
  public var outputSchema: JSONValue?
  public var parallelToolCalls: Bool
  /// False: the tools are sent as ever, but none may be called (C2).
  public var mayCallTools = true
  /// What the user asked the provider for, such as `flex`.
  public var serviceTier: String?
  /// Root thread id (P9).
  public var cacheKey: String
  /// Header fields beside those of the provider.
  public var headers: [(name: String, value: String)] = []

  public init(
    threadId: String, turnId: String, model: String, provider: ProviderConfig? = nil, apiKey: String? = nil,
    input: [PromptItem], tools: PromptTools, effort: String? = nil, summary: String? = nil,
    outputSchema: JSONValue? = nil, parallelToolCalls: Bool = true, cacheKey: String? = nil
  ) {
    self.threadId = threadId
    self.turnId = turnId
    self.model = model
    self.provider = provider
    self.apiKey = apiKey
    self.input = input
    self.tools = tools
    self.effort = effort
    self.summary = summary
    self.outputSchema = outputSchema
    self.parallelToolCalls = parallelToolCalls
    self.cacheKey = cacheKey ?? threadId
  }
}
