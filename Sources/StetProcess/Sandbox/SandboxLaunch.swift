/// How one command is run behind walls: made by `Sandbox.launch`, used once by `ProcessSession.start`.
public struct SandboxLaunch: Sendable {
  public enum Mechanism: Hashable, Sendable {
    case bubblewrap
    /// The fallback: protected paths are not read-only, other processes can be seen.
    case landlock
  }

  public let mechanism: Mechanism
  /// What is active, in one line for the user and the model.
  public let description: String
  /// Whether protected paths can't be written while the command runs.
  public var protectsPaths: Bool { mechanism == .bubblewrap }
  /// Real paths that the command may write.
  public let roots: [String]
  public let network: Bool
  /// Folders beneath the roots that are searched for protected paths.
  public static var watchedLimit: Int { ProtectedScanner.directoryLimit }
  /// False when there are more than `watchedLimit` folders that could be written, or some that can't be read: protected
  /// paths in them are not known.
  public var isWatchedWhole: Bool { roots.isEmpty || before.isComplete }

  /// The protected paths there were before the command ran.
  let before: ProtectedSnapshot
  let walls: Walls

  enum Walls: Sendable {
    case bubblewrap(program: String, launcher: String, arguments: [String], filter: [UInt8])
    case landlock(launcher: String, rules: [UInt8], filter: [UInt8], temporary: String)
  }

  /// The descriptors' order in `SpawnPlan.extra`: the first is 3.
  static let filterDescriptor = 4
  /// Under Landlock.
  private static let environmentDescriptor = 5
  /// Behind the launcher, which is 5 under bubblewrap.
  private static let proxyDescriptor = 6

  private var proxy: SandboxProxy?

  init(
    mechanism: Mechanism, description: String, roots: [String], network: Bool, before: ProtectedSnapshot,
    walls: Walls
  ) {
    self.mechanism = mechanism
    self.description = description
    self.roots = roots
    self.network = network
    self.before = before
    self.walls = walls
  }

  /// Whether a proxy can be the command's way to single hosts: it has a network of its own without any other way out.
  public var canReachHosts: Bool { mechanism == .bubblewrap && !network }

  /// The same walls with a proxy in them. The caller begins it when the command has started, and stops it at its end.
  public func reachingHosts(through proxy: SandboxProxy) -> SandboxLaunch {
    var launch = self
    if canReachHosts { launch.proxy = proxy }
    return launch
  }

  /// What puts up the walls is itself started without a single variable: a library that LD_LIBRARY_PATH or LD_PRELOAD
  /// names would run in it before there are any. The command's variables are handed in as data.
  func apply(to plan: inout SpawnPlan) {
    let command = plan.argv
    switch walls {
    case .bubblewrap(let program, let launcher, let arguments, let filter):
      if let channel = proxy?.channel {
        plan.extra = [.channel(channel)]
        plan.environment.merge(SandboxProxy.environment) { $1 }
      }
      setTemporary("/tmp", &plan)
      let variables = Self.variables(of: plan).flatMap { ["--setenv", $0.key, $0.value] }
      plan.extra.insert(
        contentsOf: [
          .memory(name: "stet-walls", Self.list(arguments + variables)),
          .memory(name: "stet-filter", filter), .program(launcher),
        ], at: 0)
      plan.path = program
      // Through the descriptor: the launcher's own path may be hidden inside.
      plan.argv = [program, "--args", "3", "--", "/proc/self/fd/5", SandboxExec.subcommand]
      if plan.pty != nil { plan.argv.append("--foreground") }
      if plan.extra.count > 3 { plan.argv += ["--proxy", "\(Self.proxyDescriptor)"] }
      plan.blockSignals = true
      plan.isNamespaced = true
    case .landlock(let launcher, let rules, let filter, let temporary):
      setTemporary(temporary, &plan)
      let variables = Self.variables(of: plan).map { "\($0.key)=\($0.value)" }
      plan.extra = [
        .memory(name: "stet-rules", rules), .memory(name: "stet-filter", filter),
        .memory(name: "stet-environment", Self.list(variables)),
      ]
      plan.path = launcher
      plan.argv = [
        launcher, SandboxExec.subcommand, "--rules", "3", "--filter", "\(Self.filterDescriptor)",
        "--environment", "\(Self.environmentDescriptor)",
      ]
    }
    plan.environment = [:]
    plan.argv += ["--"] + command
  }

  /// Those that a process can have at all.
  private static func variables(of plan: SpawnPlan) -> [String: String] {
    plan.environment.filter { name, value in
      !name.isEmpty && !name.utf8.contains(UInt8(ascii: "=")) && !(name + value).utf8.contains(0)
    }
  }

  private static func list(_ texts: [String]) -> [UInt8] { texts.flatMap { $0.utf8 + [0] } }

  private func setTemporary(_ path: String, _ plan: inout SpawnPlan) {
    for name in ["TMPDIR", "TMP", "TEMP", "TEMPDIR"] where name == "TMPDIR" || plan.environment[name] != nil {
      plan.environment[name] = path
    }
  }
}
