import StetProtocol
import StetWorkspace

/// Finds what a path of a tool call means: relative to the thread's directory, links followed, as the kernel would.
struct EditTarget: Sendable {
  private let workspace: Workspace
  private let cwd: String

  init(_ settings: TurnSettings) throws(WorkspaceError) {
    workspace = try Workspace(root: settings.cwd)
    cwd = settings.cwd
  }

  /// The real path, and what is there. A link is followed here, so that what is judged and shown is the real file (S9).
  func locate(_ spelled: String) throws(WorkspaceError) -> (path: String, state: FileState) {
    let location = try workspace.resolve(spelled, from: cwd)
    return (location.target, try workspace.read(location.target))
  }

  /// What is at a real path.
  func read(_ path: String) throws(WorkspaceError) -> FileState { try workspace.read(path) }
}
