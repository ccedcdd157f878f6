/// What a command may touch.
public enum SandboxPolicyKind: Hashable, Sendable {
  /// Reads, and a private /tmp; no network.
  case readOnly
  /// Writes beneath `roots` too. The roots come from the directory the user started in and from the user's
  /// settings, never from the model. Network only if asked.
  case workspaceWrite(roots: [String], network: Bool)
  /// No walls.
  case dangerFullAccess
}
