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

  /// The protected paths there were before the command ran.
  let before: ProtectedSnapshot
  let walls: Walls

  enum Walls: Sendable {
    case bubblewrap(program: String, launcher: String, arguments: [String], filter: [UInt8])
    case landlock(launcher: String, rules: [UInt8], filter: [UInt8], temporary: String)
  }

  /// The descriptors' order in `SpawnPlan.extra`: the first is 3.
  static let filterDescriptor = 4

  func apply(to plan: inout SpawnPlan) {
    let command = plan.argv
    switch walls {
    case .bubblewrap(let program, let launcher, let arguments, let filter):
      let text = arguments.flatMap { $0.utf8 + [0] }
      plan.extra = [
        .memory(name: "stet-walls", text), .memory(name: "stet-filter", filter), .program(launcher),
      ]
      plan.path = program
      // Through the descriptor: the launcher's own path may be hidden inside.
      plan.argv = [program, "--args", "3", "--", "/proc/self/fd/5", SandboxExec.subcommand]
      if plan.pty != nil { plan.argv.append("--foreground") }
      plan.blockSignals = true
      setTemporary("/tmp", &plan)
    case .landlock(let launcher, let rules, let filter, let temporary):
      plan.extra = [.memory(name: "stet-rules", rules), .memory(name: "stet-filter", filter)]
      plan.path = launcher
      plan.argv = [
        launcher, SandboxExec.subcommand, "--rules", "3", "--filter", "\(Self.filterDescriptor)",
      ]
      setTemporary(temporary, &plan)
    }
    plan.argv += ["--"] + command
  }

  private func setTemporary(_ path: String, _ plan: inout SpawnPlan) {
    for name in ["TMPDIR", "TMP", "TEMP", "TEMPDIR"] where name == "TMPDIR" || plan.environment[name] != nil {
      plan.environment[name] = path
    }
  }
}
