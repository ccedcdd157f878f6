/// Something at a protected path that a command made, put in the place of what was there, or may have changed; moved away
/// before anything could act on it where it is new.
public struct QuarantinedPath: Hashable, Sendable {
  /// Where the command made it.
  public var original: String
  /// Where it is now; nil if it is still at its place.
  public var stored: String?
  public var kind: ProtectedPath.Kind
  /// What happened to it that is still at its place: the rest of a sentence that begins with its name.
  public var problem: String?

  /// What happened, and what the user can do about it.
  public var words: String {
    if let stored {
      return
        "A command made \(original), which could run code or grant rights. It was moved to \(stored); move it back "
        + "if you want it."
    }
    return
      "\(original), which could run code or grant rights, \(problem ?? "is not as it was"). Look at it before you "
      + "go on."
  }
}
