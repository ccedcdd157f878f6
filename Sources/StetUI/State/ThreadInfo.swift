import StetProtocol

/// What the server said about the open thread.
struct ThreadInfo: Sendable {
  var id: String
  var name: String?
  var preview: String
  var directory: String
  var path: String?
  var model: String
  var provider: String
  var effort: String?
  var approvalPolicy: AskForApproval
  var sandbox: SandboxPolicy
  /// Who answers approvals.
  var reviewer = ApprovalsReviewer.user
  /// What was asked for at the start; the server's word replaces it.
  var editReview: EditReviewMode

  init(_ response: ThreadStartResponse, editReview: EditReviewMode) {
    self.init(
      response.thread, editReview: editReview, policy: response.approvalPolicy, sandbox: response.sandbox)
    model = response.model
    provider = response.modelProvider
    effort = response.reasoningEffort
    directory = response.cwd
    reviewer = response.approvalsReviewer
  }

  init(_ response: ThreadResumeResponse, editReview: EditReviewMode) {
    self.init(
      response.thread, editReview: editReview, policy: response.approvalPolicy, sandbox: response.sandbox)
    model = response.model
    provider = response.modelProvider
    effort = response.reasoningEffort
    directory = response.cwd
    reviewer = response.approvalsReviewer
  }

  private init(
    _ thread: Thread, editReview: EditReviewMode, policy: AskForApproval, sandbox: SandboxPolicy
  ) {
    id = thread.id
    name = thread.name
    preview = thread.preview
    directory = thread.cwd
    path = thread.path
    model = thread.model ?? ""
    provider = thread.modelProvider
    effort = thread.reasoningEffort
    approvalPolicy = policy
    self.sandbox = sandbox
    self.editReview = editReview
  }

  mutating func apply(_ settings: ThreadSettings) {
    model = settings.model
    provider = settings.modelProvider
    effort = settings.effort
    approvalPolicy = settings.approvalPolicy
    sandbox = settings.sandboxPolicy
    directory = settings.cwd
    reviewer = settings.approvalsReviewer
    if let mode = settings.stet?.editReview { editReview = mode }
  }

  /// What the thread is called: its name, else its first message.
  var title: String { Words.firstLine(name ?? preview) }

  var mode: WorkMode { WorkMode(approvalPolicy, sandbox, editReview) }
}

extension SandboxPolicy {
  /// One word for the header.
  var badge: String {
    switch self {
    case .dangerFullAccess: "no sandbox"
    case .readOnly: "sandboxed"
    case .workspaceWrite: "sandboxed"
    case .externalSandbox: "outer sandbox"
    case .unknown: "sandbox unknown"
    }
  }

  var isOff: Bool { self == .dangerFullAccess }

  /// What it allows, for the status page.
  var words: String {
    switch self {
    case .dangerFullAccess: "off: commands can write anywhere and use the network"
    case .readOnly(let network): "read only" + (network ? ", network allowed" : ", no network")
    case .workspaceWrite(let policy):
      "writes in the workspace" + (policy.networkAccess ? ", network allowed" : ", no network")
    case .externalSandbox: "left to an outer sandbox"
    case .unknown(let value): Words.firstLine(value.text)
    }
  }
}

/// The turn that is running.
struct RunningTurn: Sendable {
  var id: String
  var startedAt: Instant
  /// The user stopped it; the server has not said so yet.
  var isStopping = false
}

/// Messages that are on their way or wait for the turn to end.
struct Outbox: Sendable {
  struct Pending: Sendable {
    enum Kind: Sendable { case start, steer }
    var localId: Int
    var text: String
    var kind: Kind
    /// Not sent yet: there is no thread.
    var isHeld: Bool
    /// The server took it; it comes with the transcript.
    var isAccepted = false
  }

  /// Waiting for the end of the turn.
  var queue: [String] = []
  /// Sent, and not yet in the transcript.
  var pending: [Pending] = []
  /// Given back to the user; the server may have kept them too.
  private(set) var returned: [String: String] = [:]
  /// What the server's queue held when it was last listed.
  var kept: [QueuedSubmission] = []
  /// The last turn completed: the server starts what it keeps by itself.
  var goesOn = false
  private var lastId = 0
  /// What this run of the interface has in the ids of its messages: a server may have several interfaces, and each
  /// takes back only its own.
  private let run: String

  init(run: String = "") { self.run = run.isEmpty ? "ui-" : "ui-\(run)-" }

  /// Messages that can wait; more are refused with a word instead of piling up.
  static let maxQueue = 100

  mutating func add(_ text: String, _ kind: Pending.Kind, isHeld: Bool) -> Int {
    lastId += 1
    pending.append(Pending(localId: lastId, text: text, kind: kind, isHeld: isHeld))
    return lastId
  }

  mutating func take(_ localId: Int) -> Pending? {
    guard let index = pending.firstIndex(where: { $0.localId == localId }) else { return nil }
    return pending.remove(at: index)
  }

  mutating func accept(_ localId: Int) {
    guard let index = pending.firstIndex(where: { $0.localId == localId }) else { return }
    pending[index].isAccepted = true
  }

  /// Takes messages out that are to be given back.
  mutating func takeBack(where isMeant: (Pending) -> Bool) -> [Pending] {
    let taken = pending.filter(isMeant)
    pending.removeAll(where: isMeant)
    for pending in taken { returned[clientId(pending.localId)] = pending.text }
    return taken
  }

  /// The id that the server echoes in the user's message.
  func clientId(_ localId: Int) -> String { "\(run)\(localId)" }

  /// Whether an id is one that this interface gave.
  func isOwn(_ clientId: String) -> Bool { clientId.hasPrefix(run) }

  /// A message is in the transcript. Its text, if it was given back to the user before.
  mutating func arrived(clientId: String) -> String? {
    let run = run
    pending.removeAll { "\(run)\($0.localId)" == clientId }
    return returned.removeValue(forKey: clientId)
  }
}

/// A short word in the status line.
struct Notice: Sendable {
  var text: String
  var isWarning = false
  var until: Instant

  /// Long enough to read a line.
  static let showMs = 4000
}
