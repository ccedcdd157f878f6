import CPlatform
import Glibc

/// Finds out what works here by doing it.
struct SandboxProbe {
  /// A machine where an empty sandbox takes longer is of no use.
  private static let timeLimit: Duration = .seconds(5)
  /// Before the user's PATH: a project may put itself in front there.
  private static let systemPath = "/usr/bin:/usr/local/bin:/bin:/run/current-system/sw/bin"

  let launcher: String
  let environment: [String: String]

  func run() async -> SandboxCapability {
    let abi = stet_landlock_abi()
    let landlock = abi > 0 ? Int(abi) : nil
    let path = Self.systemPath + (environment["PATH"].map { ":\($0)" } ?? "")
    guard let program = Executable.find("bwrap", path: path) else {
      return SandboxCapability(bubblewrap: nil, landlockABI: landlock, problem: "bubblewrap is not installed")
    }
    do throws(ProcessError) {
      let version = try await text([program, "--version"], sandbox: nil)
      var quick = QuickLauncher.find(beside: launcher)
      // One that does not run (of another machine, say) is as good as none.
      if let found = quick, try await tryWalls(program, found) != nil { quick = nil }
      if quick == nil, let problem = try await tryWalls(program, launcher) {
        return SandboxCapability(bubblewrap: nil, landlockABI: landlock, problem: problem)
      }
      let number = version.output.split { $0 == " " || $0 == "\n" }.last.map(String.init) ?? ""
      return SandboxCapability(
        bubblewrap: .init(path: program, version: number, quickLauncher: quick), landlockABI: landlock,
        problem: nil)
    } catch {
      return SandboxCapability(bubblewrap: nil, landlockABI: landlock, problem: error.message)
    }
  }

  /// Makes a sandbox with every kind of wall we use; nil if it worked, else what bubblewrap said.
  private func tryWalls(_ program: String, _ launcher: String) async throws(ProcessError) -> String? {
    let filter: [UInt8]
    do throws(SandboxError) {
      filter = try SeccompFilter.program(.namespaced)
    } catch {
      return error.message
    }
    let plan = SandboxPlan(
      roots: [], readable: [], network: false, cwd: "/", temporary: "/var/empty", protected: [], readOnly: [],
      hidden: [])
    var arguments = BubblewrapArguments.build(plan, filterDescriptor: SandboxLaunch.filterDescriptor)
    // No private directory is at hand: an empty one in memory stands for it.
    while let index = arguments.firstIndex(of: plan.temporary), index > 0 {
      arguments.replaceSubrange((index - 1)...index, with: ["--tmpfs"])
    }
    let launch = SandboxLaunch(
      mechanism: .bubblewrap, description: "probe", roots: [], network: false, before: ProtectedSnapshot(),
      walls: .bubblewrap(program: program, launcher: launcher, arguments: arguments, filter: filter))
    let result = try await text(["true"], sandbox: launch)
    guard !result.status.isSuccess else { return nil }
    let line = result.output.split(whereSeparator: \.isNewline).first.map(String.init)
    return line ?? "bubblewrap failed with code \(result.status.shellCode)"
  }

  private func text(
    _ argv: [String], sandbox: SandboxLaunch?
  ) async throws(ProcessError) -> (status: ExitStatus, output: String) {
    let command = Command(
      argv: argv, cwd: "/", environment: ["PATH": Self.systemPath, "LC_ALL": "C"], sandbox: sandbox)
    let result = try await ProcessSession.run(
      command, outputLimit: 4096, timeLimit: Self.timeLimit, grace: .zero)
    return (result.status, String(decoding: result.output, as: UTF8.self))
  }
}
