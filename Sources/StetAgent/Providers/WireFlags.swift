/// Where endpoints that speak a wire of one name differ: what a provider takes and gives for a model (V4, V5).
///
/// The defaults are the least that every endpoint takes; the model table turns on what is known to work.
public struct WireFlags: Sendable, Hashable {
  /// The member in which a Chat endpoint gives reasoning, and takes it back.
  public enum ReasoningField: String, Sendable, Hashable, CaseIterable {
    case reasoningContent = "reasoning_content"
    case reasoning
    case reasoningText = "reasoning_text"
  }

  /// Which call ids an endpoint takes.
  public enum ToolIdFormat: String, Sendable, Hashable, CaseIterable {
    /// At most 40 bytes.
    case any
    /// Exactly nine of `[A-Za-z0-9]` (Mistral).
    case alphanumeric9
    /// `[A-Za-z0-9_-]{1,64}` (Anthropic).
    case anthropic
  }

  /// The member that limits the answer on the Chat wire.
  public enum OutputLimitField: String, Sendable, Hashable, CaseIterable {
    case maxTokens = "max_tokens"
    case maxCompletionTokens = "max_completion_tokens"
  }

  /// How thinking is asked for on the Messages wire.
  public enum Thinking: String, Sendable, Hashable, CaseIterable {
    case none
    /// `{"type":"enabled","budget_tokens":N}`
    case budget
    /// `{"type":"adaptive"}` with an effort
    case adaptive
  }

  /// `developer` messages are understood; else they are sent as `system` (the first) and as user text in a tag.
  public var developerRole = false
  /// Tools of kind `custom` (freeform input) are understood.
  public var customTools = false
  /// Tools of kind `namespace` are understood.
  public var namespaces = false
  /// The provider's own `web_search` tool may be offered.
  public var webSearch = false
  /// `client_metadata` is understood.
  public var clientMetadata = false
  /// `store: false` is understood on the Chat wire.
  public var storeFlag = false
  /// `prompt_cache_key` is understood.
  public var promptCacheKey = false
  /// `cache_control` breakpoints are understood.
  public var cacheControl = false
  /// `response_format`/`text.format` of type `json_schema` is understood (X6).
  public var jsonSchema = false
  /// `strict` is understood in function definitions.
  public var strictTools = false
  /// `parallel_tool_calls` is understood.
  public var parallelField = false
  /// `reasoning_effort` is understood on the Chat wire.
  public var reasoningEffort = false
  /// `stream_options.include_usage` is understood.
  public var streamUsage = true
  /// A user message after tool results needs an assistant message between (older Mistral templates).
  public var assistantAfterTool = false
  /// Calls that come as text (`<tool_call>…`) are taken as calls (V7).
  public var textToolCalls = false
  /// A `compaction_trigger` item is understood: the provider compacts, and answers with an encrypted item.
  public var remoteCompaction = false
  public var reasoningField: ReasoningField?
  public var toolIdFormat = ToolIdFormat.any
  public var outputLimitField = OutputLimitField.maxTokens
  public var thinking = Thinking.none

  public init() {}
}
