import StetProtocol
import StetWorkspace

/// What a path of a tool call means: relative to the thread's directory, links followed, as the kernel would.
struct EditTarget: Sendable {
  private let workspace: Workspace
  private let cwd: String

  init(_ settings: TurnSettings) throws(WorkspaceError) {
    workspace = try Workspace(root: settings.cwd)
    cwd = settings.cwd
  }

  /// The real path, whether or not something is there.
  func resolve(_ spelled: String) throws(WorkspaceError) -> String {
    guard !spelled.isEmpty else {
      throw WorkspaceError(.wrongKind, "the path is empty", hint: "Name a file.")
    }
    return try workspace.resolve(spelled, from: cwd).target
  }
}
