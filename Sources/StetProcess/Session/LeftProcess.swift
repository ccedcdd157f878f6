/// A process that a command left running.
public struct LeftProcess: Hashable, Sendable {
  public let pid: Int32
  /// The name of its program, at most 15 bytes of it.
  public let name: String
}
