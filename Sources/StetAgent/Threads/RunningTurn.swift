import StetConfig
import StetJSON
import StetProtocol

extension ThreadSession {
  /// A turn that runs.
  struct Running {
    /// What a turn can be.
    enum Kind: Sendable, Hashable {
      case plain
      /// `thread/compact/start`.
      case compaction
      /// A command of the user (`thread/shellCommand`).
      case shell
      case review

      /// Why it takes no steer; nil when it does.
      var notSteerable: NonSteerableTurnKind? {
        switch self {
        case .plain, .shell: nil
        case .compaction: .compact
        case .review: .review
        }
      }
    }

    let id: String
    let kind: Kind
    var machine: TurnMachine
    var journal: TurnJournal
    var review: CodeReview?
    var plans = PlanItems()
    /// Commands of the user that run, by item.
    var shells: [String: Task<Void, Never>] = [:]
    /// The user wants it to end.
    var isInterrupted = false
    /// Nil while the turn needs no model, or while it is looked for.
    var model: TurnModel?
    /// Finds out what the turn needs before it can begin; nil when that is done. Clients are served meanwhile.
    var preparation: Task<Void, Never>?
    /// What `turn/start` said, until it is in the prompt.
    var opening: TurnStartParams?
    /// The pictures of that message.
    var pictures = InputPictures.none
    /// Items of the prompt that follow it: a goal's.
    var openingNotes: [JSONValue] = []
    /// A hook keeps the message from the model.
    var isWithheld = false
    /// How often Stop hooks sent the model on.
    var stopBlocks = 0
    var outputSchema: JSONValue?
    /// What the last request to a local server should count (V3).
    var expectation: PromptCut.Expectation?
    /// For this turn only.
    var serviceTier: String?
    var response: Task<Void, Never>?
    var toolTasks: [String: Task<Void, Never>] = [:]
    var timers: [Task<Void, Never>] = []
    /// What a steer shows when it is consumed, by key.
    var steers: [String: ThreadItem] = [:]
    /// It was started by the thread's goal, not by a message.
    var isForGoal = false
    var madeCalls = false
    /// What the user wants of the summary that this turn is for.
    var compactInstructions: String?
    /// Prompt and tools of the last request, as weight.
    var requestWeight = 0
    /// A compaction failed: it is not tried again before each request of the turn.
    var compactionFailed = false
  }

  /// The model of a turn and what it is offered.
  struct TurnModel: Sendable {
    /// Nil when none was found.
    let resolution: ModelResolution
    let target: ModelTarget
    let metadata: ModelMetadata
    let configuration: Configuration?
    /// In the order of the prompt.
    let list: [any Tool]
    /// By the names that a call may use: those of the list and `further` ones, which were announced.
    let tools: [String: any Tool]

    init(
      resolution: ModelResolution, target: ModelTarget, metadata: ModelMetadata,
      configuration: Configuration?, list: [any Tool], further: [String: any Tool] = [:]
    ) {
      self.resolution = resolution
      self.target = target
      self.metadata = metadata
      self.configuration = configuration
      self.list = list
      let offered = Dictionary(list.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      tools = offered.merging(further) { known, _ in known }
    }

    /// The provider's numbers; a run that nobody watches does not wait for a network that may never come.
    func retry(isHeadless: Bool) -> RetryRules {
      RetryRules(
        requestRetries: target.provider?.requestMaxRetries ?? 4,
        streamRetries: target.provider?.streamMaxRetries ?? 5, waitsForNetwork: !isHeadless)
    }

    /// The window that the server itself told of, or the table has; nil where the user set it, or nobody knows it.
    var toldWindow: Int? { configuration?.contextWindow == nil ? metadata.contextWindow : nil }

    /// How a call is classed; nil for a tool that does not exist.
    var access: @Sendable (ToolCall) -> ToolAccess? {
      { [tools] in tools[$0.name]?.access(of: $0) }
    }

    /// The same with fewer tools.
    func offering(_ isOffered: (any Tool) -> Bool) -> TurnModel {
      TurnModel(
        resolution: resolution, target: target, metadata: metadata, configuration: configuration,
        list: list.filter(isOffered))
    }

    /// When this model's history is compacted.
    var limits: CompactionLimits {
      CompactionLimits(
        window: metadata.window, maxOutput: metadata.maxOutput, setting: configuration?.autoCompactTokenLimit)
    }
  }
}
