import StetProcess
import StetProtocol
import StetWorkspace

/// What the reading tools don't open: they run in this process, outside of the sandbox that stops commands (S7).
struct ReadPolicy: Sendable {
  /// No files of a disk: reading one may block, or tell this process's own secrets (`/proc/self/environ`).
  private static let kernel = ["/proc", "/sys", "/dev"]

  /// The list that the sandbox hides from commands.
  private let hidden: [SecretPaths.Hidden]

  init(_ context: ToolContext) {
    hidden = SecretPaths.find(
      context.processEnvironment,
      extra: [context.home.codexHome + "/auth.json", context.home.mcpTokensDirectory])
  }

  /// - Parameter path: a real path.
  func denies(_ path: String) -> Bool { hidden.contains { $0.covers(path) } }

  /// The real path that a tool may read; throws for one that it must not.
  func admit(_ spelled: String, _ settings: TurnSettings) throws(WorkspaceError) -> String {
    let path = try EditTarget(settings).resolve(spelled)
    if denies(path) {
      throw WorkspaceError(
        .refused, "\(path) may hold secrets; stet does not read it.",
        hint: "Ask the user for what you need from it.")
    }
    if Self.kernel.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) {
      throw WorkspaceError(
        .refused, "\(path) is no file on a disk.", hint: "Use exec_command to look at the system.")
    }
    return path
  }
}
