/// What this machine offers to keep a command inside. Found by trying, not by version numbers.
public struct SandboxCapability: Hashable, Sendable {
  public struct Bubblewrap: Hashable, Sendable {
    public var path: String
    /// As it prints it: "0.8.0".
    public var version: String
    /// The program that becomes the commands inside, found beside stet; nil: stet itself, which takes longer to start.
    public var quickLauncher: String?
  }

  /// bubblewrap, if it is there and a sandbox with all our walls could be made with it.
  public var bubblewrap: Bubblewrap?
  /// The kernel's Landlock version; nil: none.
  public var landlockABI: Int?
  /// Why bubblewrap is not used, in one line for the user.
  public var problem: String?

  public init(bubblewrap: Bubblewrap?, landlockABI: Int?, problem: String?) {
    self.bubblewrap = bubblewrap
    self.landlockABI = landlockABI
    self.problem = problem
  }

  public var isUsable: Bool { bubblewrap != nil || landlockABI != nil }

  /// One line for a status view.
  public var description: String {
    if let bubblewrap { return "bubblewrap \(bubblewrap.version)" }
    let reason = problem.map { " (\($0))" } ?? ""
    if let landlockABI {
      return "Landlock version \(landlockABI), without protected paths and single hosts\(reason)"
    }
    return "no sandbox\(reason)"
  }
}
