import StetProtocol

extension TurnSettings {
  /// Real paths of the directories that the sandbox policy lets the model write. They come from where the user
  /// started and from the user's settings, never from a directory that the model names.
  var writableRoots: [String] {
    switch sandboxPolicy {
    case .dangerFullAccess, .externalSandbox: ["/"]
    case .readOnly, .unknown: []
    case .workspaceWrite(let policy):
      ([cwd] + workspaceRoots + policy.writableRoots).map(RealPath.of)
    }
  }
}
