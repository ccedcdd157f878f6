import Glibc
import StetConfig
import StetProtocol

/// What a call may do at most: the word of who started the server and of the configuration, never of who calls.
struct ToolBounds: Sendable {
  /// `--sandbox`; nil: the wider of workspace-write and what the configuration says.
  let sandbox: SandboxMode?
  /// `-a`.
  let approvalPolicy: AskForApproval?
  /// Where the server was started, by its real path.
  let directory: String
  /// The user's own directory: nobody means all of it by starting a program there.
  let home: String?
  let configuration: @Sendable (_ directory: String) throws -> Configuration

  /// What a turn is started with.
  struct Grant: Sendable {
    /// A permission profile; nil: the thread keeps its sandbox. `thread/start.sandbox` would make the directory
    /// trusted, which is not for another agent to do (S14).
    var profile: String?
    /// Nil: the thread keeps its own.
    var approvalPolicy: AskForApproval?
  }

  /// The real path of what a call names as its directory.
  func place(_ path: String?) throws(ToolCallRequest.Fault) -> String {
    guard let path else { return directory }
    guard let real = Self.realPath(path.hasPrefix("/") ? path : "\(directory)/\(path)") else {
      throw .init(message: "cwd \(path) is no directory")
    }
    return real
  }

  /// A call that starts a thread in a directory.
  func grant(_ request: ToolCallRequest, in place: String) throws(ToolCallRequest.Fault) -> Grant {
    let configuration = try read(place)
    let isTrusted = configuration.isTrusted(directory: place) == true
    let mode =
      request.sandbox ?? sandbox ?? configuration.sandboxMode ?? (isTrusted ? .workspaceWrite : .readOnly)
    try check(Self.rank(mode), configuration)
    try check(Self.rank(mode), in: place, isTrusted: isTrusted)
    let usual = usualPolicy(configuration)
    if let asked = request.approvalPolicy, !Self.allows(asked, usual, hasWalls: mode != .dangerFullAccess) {
      throw .init(
        message:
          "the user of this server chose the approval policy \(Self.name(usual)); leave approval-policy out")
    }
    return Grant(profile: Self.profile(mode), approvalPolicy: request.approvalPolicy ?? usual)
  }

  /// A call that goes on with a thread, whoever began it: it may be no wider than one that this server could start.
  func grant(_ thread: ThreadResumeResponse) throws(ToolCallRequest.Fault) -> Grant {
    let configuration = try read(thread.cwd)
    let rank = Self.rank(thread.sandbox)
    try check(rank, configuration)
    try check(rank, in: thread.cwd, isTrusted: configuration.isTrusted(directory: thread.cwd) == true)
    if let more = Self.excess(thread, configuration), sandbox != .dangerFullAccess {
      throw .init(
        message: "this thread has \(more), which is more than this server allows; its user can go on with "
          + "`stet resume \(thread.thread.id)`")
    }
    let usual = usualPolicy(configuration)
    let keeps = Self.allows(thread.approvalPolicy, usual, hasWalls: rank < Self.widestRank)
    return Grant(profile: nil, approvalPolicy: keeps ? nil : usual)
  }

  // MARK: - The sandbox

  private static let widestRank = 2

  private static func rank(_ mode: SandboxMode) -> Int {
    switch mode {
    case .readOnly: 0
    case .workspaceWrite: 1
    default: widestRank
    }
  }

  private static func rank(_ policy: SandboxPolicy) -> Int {
    switch policy {
    case .readOnly: 0
    case .workspaceWrite: 1
    case .dangerFullAccess, .externalSandbox, .unknown: widestRank
    }
  }

  private static func profile(_ mode: SandboxMode) -> String {
    switch rank(mode) {
    case 0: ":read-only"
    case 1: ":workspace"
    default: ":danger-full-access"
    }
  }

  private func check(_ rank: Int, _ configuration: Configuration) throws(ToolCallRequest.Fault) {
    let widest = sandbox.map(Self.rank) ?? max(1, configuration.sandboxMode.map(Self.rank) ?? 0)
    guard rank > widest else { return }
    let names = ToolCallRequest.modes.map(\.name)
    throw .init(
      message:
        "this server allows sandbox \(names[widest]) at most, not \(names[rank]); its user can start it with "
        + "`stet mcp-server --sandbox \(names[rank])`")
  }

  /// Where a call may write: what the caller names is no consent of the user's. Without walls there is nothing to bound.
  private func check(_ rank: Int, in place: String, isTrusted: Bool) throws(ToolCallRequest.Fault) {
    guard rank > 0, !isTrusted, sandbox != .dangerFullAccess else { return }
    let isOwn =
      directory != "/" && directory != home && (place == directory || place.hasPrefix(directory + "/"))
    if isOwn { return }
    throw .init(
      message:
        "\(place) is neither trusted nor in the directory that this server was started in, so only sandbox "
        + "read-only is possible there; its user can run `stet trust \(place)` or start the server with `-C`")
  }

  /// What a thread may do beyond its mode and the configuration; nil for nothing.
  private static func excess(_ thread: ThreadResumeResponse, _ configuration: Configuration) -> String? {
    let usual = configuration.workspaceWrite
    switch thread.sandbox {
    case .readOnly(let network): return network ? "network access" : nil
    case .workspaceWrite(let policy):
      if policy.networkAccess, !usual.networkAccess { return "network access" }
      let roots = policy.writableRoots + thread.runtimeWorkspaceRoots
      let other = roots.first { root in
        root != thread.cwd && !root.hasPrefix(thread.cwd + "/") && !usual.writableRoots.contains(root)
      }
      return other.map { "\($0) to write in" }
    case .dangerFullAccess, .externalSandbox, .unknown: return nil
    }
  }

  // MARK: - The approval policy

  private func usualPolicy(_ configuration: Configuration) -> AskForApproval {
    approvalPolicy ?? configuration.approvalPolicy ?? .onRequest
  }

  /// Whether a policy lets no more happen unasked than the user's: asking more often is fine, and so is asking never
  /// where walls stand in place of the question. A policy of single kinds is nobody else's to change.
  private static func allows(_ policy: AskForApproval, _ usual: AskForApproval, hasWalls: Bool) -> Bool {
    if policy == usual { return true }
    guard usual == .onRequest else { return false }
    return policy == .untrusted || policy == .never && hasWalls
  }

  private static func name(_ policy: AskForApproval) -> String {
    switch policy {
    case .untrusted: "untrusted"
    case .onRequest: "on-request"
    case .never: "never"
    case .granular, .unknown: "granular"
    }
  }

  // MARK: - Parts

  private func read(_ place: String) throws(ToolCallRequest.Fault) -> Configuration {
    do {
      return try configuration(place)
    } catch {
      throw .init(message: "the configuration can't be read: \(error)")
    }
  }

  private static func realPath(_ path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, let real = realpath(path, nil) else {
      return nil
    }
    defer { free(real) }
    return String(cString: real)
  }
}
