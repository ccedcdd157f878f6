import StetProtocol

/// The settings that hold for a turn; sticky overrides of `turn/start` change them for the turns after too.
public struct TurnSettings: Sendable, Hashable {
  /// Absolute path: where commands run and relative paths begin.
  public var cwd: String
  /// Absolute paths that the user opened the thread on; writable roots come from here, never from the model.
  public var workspaceRoots: [String]
  public var model: String
  public var modelProvider: String
  public var approvalPolicy: AskForApproval
  public var sandboxPolicy: SandboxPolicy
  /// How edits are shown before they are written (protocol.md §7).
  public var editReview: EditReviewMode
  public var effort: String?
  public var summary: String?
  /// Whether the user trusts the directory: project documents are read only then (P8).
  public var trusted: Bool
  /// Plan mode or the default one.
  public var mode: ModeKind
  /// The client's own words on the mode; nil means the built-in text.
  public var modeInstructions: String?
  /// The permission profile that the policy was chosen by; nil when it was chosen itself.
  public var profile: String?
  public var serviceTier: String?
  /// The client's instructions in place of those that the thread began with.
  public var developerInstructions: String?

  public init(
    cwd: String, workspaceRoots: [String], model: String, modelProvider: String,
    approvalPolicy: AskForApproval,
    sandboxPolicy: SandboxPolicy, editReview: EditReviewMode = .off, effort: String? = nil,
    summary: String? = nil,
    trusted: Bool = false, mode: ModeKind = .default
  ) {
    self.cwd = cwd
    self.workspaceRoots = workspaceRoots
    self.model = model
    self.modelProvider = modelProvider
    self.approvalPolicy = approvalPolicy
    self.sandboxPolicy = sandboxPolicy
    self.editReview = editReview
    self.effort = effort
    self.summary = summary
    self.trusted = trusted
    self.mode = mode
  }
}
