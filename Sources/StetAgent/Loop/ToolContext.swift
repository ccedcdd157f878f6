import Logging
import StetConfig
import StetProtocol

/// What a running call may see and do. A value: made for one call, cheap to pass on.
public struct ToolContext: Sendable {
  public let threadId: String
  public let turnId: String
  /// The settings of the turn: directory, policies, review mode, model.
  public let settings: TurnSettings
  /// Facts about the model: which edit tool it has, whether it sees images.
  public let model: ModelMetadata
  public let home: StetHome
  /// The environment of this process, unfiltered; commands get a filtered one (S8).
  public let processEnvironment: [String: String]
  /// Names of environment variables that hold the provider's key: never handed to a command (S8, V10).
  public let secretNames: Set<String>

  /// What the configuration says of the variables that commands see.
  public var shellEnvironment: ShellEnvironmentConfig?

  /// Items of the transcript: started, delta, completed, each exactly once (L4).
  public let items: ItemReporter
  /// Questions to the user.
  public internal(set) var approvals: ApprovalDesk
  /// A model that answers approvals in the user's place; nil where the user does.
  var autoReview: AutoReview?
  /// What the model has last seen of each file (T3).
  public let files: FileKnowledge
  /// Pre-images for undo, and the diff of the turn.
  public let changes: ChangeRecorder
  /// Processes that outlive their call.
  public let processes: ProcessRegistry
  /// Files that keep outputs too long for the model (C8).
  public let outputs: OutputFiles
  /// Sends `turn/plan/updated` and keeps the plan.
  public let plan: PlanBoard
  /// Values that a tool keeps for the life of the thread (rules of this session, failed edits, login environment).
  public let threadMemory: ToolMemory
  /// Values that a tool keeps for the life of the process (the sandbox probe).
  public let processMemory: ToolMemory
  public let log: Logger

  public init(
    threadId: String, turnId: String, settings: TurnSettings, model: ModelMetadata, home: StetHome,
    processEnvironment: [String: String], secretNames: Set<String>, items: ItemReporter,
    approvals: ApprovalDesk,
    files: FileKnowledge, changes: ChangeRecorder, processes: ProcessRegistry, outputs: OutputFiles,
    plan: PlanBoard, threadMemory: ToolMemory, processMemory: ToolMemory, log: Logger
  ) {
    self.threadId = threadId
    self.turnId = turnId
    self.settings = settings
    self.model = model
    self.home = home
    self.processEnvironment = processEnvironment
    self.secretNames = secretNames
    self.items = items
    self.approvals = approvals
    self.files = files
    self.changes = changes
    self.processes = processes
    self.outputs = outputs
    self.plan = plan
    self.threadMemory = threadMemory
    self.processMemory = processMemory
    self.log = log
  }
}
