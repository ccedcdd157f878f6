import StetProcess
import StetProtocol
import StetWorkspace

/// What the tools that read and edit don't open: they run in this process, outside of the sandbox that stops commands
/// (S7).
struct ReadPolicy: Sendable {
  /// No files of a disk: reading one may block, or tell this process's own secrets (`/proc/self/environ`).
  static let kernel = ["/proc", "/sys", "/dev"]

  /// The list that the sandbox hides from commands.
  private let hidden: [SecretPaths.Hidden]

  init(_ context: ToolContext) {
    hidden = SecretPaths.find(context.processEnvironment, extra: context.home.deniedReads)
  }

  /// - Parameter path: a real path.
  func denies(_ path: String) -> Bool { Self.isKernel(path) || hidden.contains { $0.covers(path) } }

  private static func isKernel(_ path: String) -> Bool {
    kernel.contains { path == $0 || path.hasPrefix($0 + "/") }
  }

  /// Throws for a real path that a tool must not read.
  func check(_ path: String) throws(WorkspaceError) {
    if Self.isKernel(path) {
      throw WorkspaceError(
        .refused, "\(path) is no file on a disk.", hint: "Use exec_command to look at the system.")
    }
    if denies(path) {
      throw WorkspaceError(
        .refused, "\(path) may hold secrets; stet does not read it.",
        hint: "Ask the user for what you need from it.")
    }
  }

  /// The real path that a tool may read; throws for one that it must not.
  func admit(_ spelled: String, _ settings: TurnSettings) throws(WorkspaceError) -> String {
    let path = try EditTarget(settings).resolve(spelled)
    try check(path)
    return path
  }

  /// The real path, and what is there: not a byte of a file is read that must not be. A link is followed here, so that
  /// what is judged and shown is the real file (S9).
  func locate(
    _ spelled: String, _ settings: TurnSettings
  ) throws(WorkspaceError) -> (path: String, state: FileState) {
    let path = try admit(spelled, settings)
    return (path, try Workspace(root: settings.cwd).read(path))
  }
}
