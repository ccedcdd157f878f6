/// What stet knows about a model.
public struct ModelMetadata: Sendable, Hashable {
  /// Which tool the model edits with (T1).
  public enum EditTool: Sendable, Hashable {
    /// `apply_patch` as a custom tool with a grammar.
    case patchFreeform
    /// `apply_patch` as a function `{input}`.
    case patchFunction
    /// `edit` and `write`.
    case edit
    /// `edit` and `write`, with `write` preferred for short files (local models).
    case editSmall
  }

  /// How the first layers are sent.
  public enum Layers: Sendable, Hashable {
    /// A developer item for each; later changes are developer items.
    case developerItems
    /// One leading developer item; later changes are user items, for templates that allow one system message only.
    case singleSystem
  }

  public var model: String
  /// Tokens; nil means unknown: `assumedWindow` is used and a warning shown (V2).
  public var contextWindow: Int?
  /// What the model was made for, where its server does not say what it runs with.
  public var windowLimit: Int?
  public var editTool: EditTool
  public var layers: Layers
  /// Whether the model sees images.
  public var images: Bool
  public var parallelCalls: Bool
  /// Whether the model takes `reasoning` parameters.
  public var reasoning: Bool
  /// Most tokens of one answer; nil where the provider's own limit serves.
  public var maxOutput: Int?
  /// What the endpoint takes and gives.
  public var flags = WireFlags()
  /// Reasoning efforts that the model takes, weakest first; empty where none are known.
  public var efforts: [String] = []
  /// Nil where the provider publishes none: no price is shown then.
  public var price: ModelPrice?

  /// The window of a model that nothing is known of (V2).
  public static let assumedWindow = 32_768

  public init(
    model: String, contextWindow: Int? = nil, editTool: EditTool = .edit, layers: Layers = .singleSystem,
    images: Bool = false, parallelCalls: Bool = true, reasoning: Bool = false
  ) {
    self.model = model
    self.contextWindow = contextWindow
    self.editTool = editTool
    self.layers = layers
    self.images = images
    self.parallelCalls = parallelCalls
    self.reasoning = reasoning
  }

  /// The window to count with.
  public var window: Int { contextWindow ?? min(Self.assumedWindow, windowLimit ?? Self.assumedWindow) }
}
