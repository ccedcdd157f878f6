import StetProtocol
import StetWorkspace

/// Whether an edit may be written at once, must be asked about, or may not be made at all.
enum EditApproval {
  enum Need: Hashable, Sendable {
    case none
    case ask(reason: String?)
    case refuse(String)
  }

  static func need(for proposals: ProposalSet, _ context: ToolContext) -> Need {
    let paths = proposals.files.flatMap(\.touchedPaths)
    let session = context.threadMemory.value { SessionApprovals() }
    if session.accepts(paths: paths) { return .none }
    let settings = context.settings
    let concern = paths.compactMap { Self.concern(about: $0, settings) }.first
    if settings.editReview == .ask { return .ask(reason: concern) }
    if settings.approvalPolicy.asksForEveryCommand { return .ask(reason: concern) }
    guard let concern else { return .none }
    return settings.approvalPolicy.mayAskForCommands
      ? .ask(reason: concern) : .refuse("\(concern), and the approval policy allows no questions.")
  }

  /// Why a path is not simply written; nil when the sandbox policy lets it be.
  private static func concern(about path: String, _ settings: TurnSettings) -> String? {
    switch settings.sandboxPolicy {
    case .dangerFullAccess, .externalSandbox: return nil
    case .readOnly, .unknown: return "the sandbox is read-only"
    case .workspaceWrite(let policy):
      let roots = [settings.cwd] + settings.workspaceRoots + policy.writableRoots
      guard let root = roots.first(where: { path == $0 || path.hasPrefix($0 == "/" ? "/" : $0 + "/") }) else {
        return "\(path) lies outside of the workspace"
      }
      return protected(path.dropFirst(root.count))
    }
  }

  /// Places that grant rights or run code: asked about at any depth, also when they are not there yet (S6).
  private static let protectedNames: Set<Substring> = [
    ".git", ".codex", ".agents", ".stet", ".claude", ".cursor", ".vscode", ".envrc",
  ]

  private static func protected(_ relative: Substring) -> String? {
    let parts = relative.split(separator: "/")
    if let name = parts.first(where: protectedNames.contains) { return "\(name) is protected" }
    guard let name = parts.last, name.hasSuffix(".md") else { return nil }
    let instructs = name.hasPrefix("AGENTS") || name.hasPrefix("CLAUDE") || name.hasPrefix("GEMINI")
    return instructs ? "\(name) instructs later sessions" : nil
  }
}

extension Proposal {
  /// The real paths that it may change: its own and, for a move, the new one.
  var touchedPaths: [String] { movePath.map { [path, $0] } ?? [path] }
}
