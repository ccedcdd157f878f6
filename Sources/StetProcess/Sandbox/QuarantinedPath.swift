/// Something a command made, or put in the place of what was there, at a protected path; moved away before anything
/// could act on it.
public struct QuarantinedPath: Hashable, Sendable {
  /// Where the command made it.
  public var original: String
  /// Where it is now; nil if it could not be moved.
  public var stored: String?
  public var kind: ProtectedPath.Kind
  /// Why it is still at its place.
  public var problem: String?
}
