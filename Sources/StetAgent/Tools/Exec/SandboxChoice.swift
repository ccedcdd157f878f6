import FoundationEssentials
import StetConfig
import StetProcess
import StetProtocol
import Synchronization

/// Which walls the policy of the turn asks for, and whether this machine can make them.
struct SandboxChoice: Sendable {
  /// The policy asks for a sandbox.
  let isWanted: Bool
  /// Why there is none though one is wanted; nil when it works. Never silently off.
  let problem: String?
  /// The walls of this machine in one line, whether wanted or not.
  let words: String
  /// They keep protected paths from being written; Landlock's can't.
  let isWhole: Bool
  /// What they let a command touch.
  let kind: SandboxPolicyKind
  private let sandbox: Sandbox

  static func make(_ context: ToolContext) async -> SandboxChoice {
    await make(
      context.settings, network: false, memory: context.processMemory, environment: context.processEnvironment
    )
  }

  /// - Parameter network: lets the network in also where the policy does not.
  static func make(
    _ settings: TurnSettings, network: Bool, memory: ToolMemory, environment: [String: String]
  ) async -> SandboxChoice {
    let sandbox = memory.value { SandboxHost(environment: environment) }.sandbox
    var kind = kind(of: settings)
    if network {
      switch kind {
      case .readOnly: kind = .workspaceWrite(roots: [], network: true)
      case .workspaceWrite(let roots, _): kind = .workspaceWrite(roots: roots, network: true)
      case .dangerFullAccess: break
      }
    }
    guard kind != .dangerFullAccess else {
      return SandboxChoice(
        isWanted: false, problem: nil, words: "off, as the policy says", isWhole: true, kind: kind,
        sandbox: sandbox)
    }
    let capability = await sandbox.probe()
    return SandboxChoice(
      isWanted: true, problem: capability.isUsable ? nil : capability.description,
      words: capability.description, isWhole: capability.bubblewrap != nil, kind: kind, sandbox: sandbox)
  }

  private static func kind(of settings: TurnSettings) -> SandboxPolicyKind {
    switch settings.sandboxPolicy {
    case .dangerFullAccess, .externalSandbox: .dangerFullAccess
    // A policy that this version does not know gets the tightest walls.
    case .readOnly, .unknown: .readOnly
    case .workspaceWrite(let policy):
      .workspaceWrite(roots: settings.writableRoots, network: policy.networkAccess)
    }
  }

  /// The same walls, which turned out not to stand.
  func broken(_ problem: String) -> SandboxChoice {
    SandboxChoice(
      isWanted: isWanted, problem: problem, words: words, isWhole: isWhole, kind: kind, sandbox: sandbox)
  }

  /// The walls for one command; throws when they can't be made, and then nothing runs.
  func launch(_ context: ToolContext, cwd: String) async throws(SandboxError) -> SandboxLaunch? {
    let walls = try await launch(home: context.home, threadId: context.threadId, cwd: cwd)
    if let walls, !walls.isWatchedWhole, context.threadMemory.value(make: UnwatchedNotice.init).isFirst {
      context.items.warn(
        "The workspace has more than \(SandboxLaunch.watchedLimit) folders, or some that can't be read: protected "
          + "places (hooks of git, settings and instructions of agents) in those that lie deepest are not watched, "
          + "and commands may write them.")
    }
    return walls
  }

  /// - Parameter readable: paths that stay readable though the walls hide what is around them.
  func launch(
    home: StetHome, threadId: String, cwd: String, readable: [String] = []
  ) async throws(SandboxError) -> SandboxLaunch? {
    let temporary = try Self.privateDirectory("tmp", home)
    return try await sandbox.launch(
      kind, cwd: cwd, threadTmp: temporary + "/" + threadId, readableRoots: readable,
      // Rules, settings and threads of stet itself: writing them would grant rights or rewrite history.
      protectedPaths: [home.configDirectory, home.stateDirectory],
      deniedReads: try Self.hidden(home))
  }

  /// What of stet's own is hidden from a command. The folders are made first: what is not there can't be hidden, and a
  /// command that goes on could read what comes to lie in them later.
  static func hidden(_ home: StetHome) throws(SandboxError) -> [String] {
    for folder in [home.serversDirectory, home.mcpTokensDirectory] { try makePrivate(folder) }
    return home.deniedReads
  }

  /// A folder of the state directory, made if absent.
  static func privateDirectory(
    _ name: String, _ home: StetHome
  ) throws(SandboxError) -> String {
    let path = home.stateDirectory + "/" + name
    try makePrivate(path)
    return path
  }

  private static func makePrivate(_ path: String) throws(SandboxError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw SandboxError(.badTemporaryDirectory, "\(path) can't be made: \(error)")
    }
  }

  /// Puts something back where a command had made it: the user wants it.
  func restore(_ path: QuarantinedPath) async throws(SandboxError) { try await sandbox.restore(path) }
}

/// Whether a thread was told that not all of its workspace is watched. Safe from any thread.
private final class UnwatchedNotice: Sendable {
  private let isTold = Atomic(false)

  /// True the first time.
  var isFirst: Bool { !isTold.exchange(true, ordering: .relaxed) }
}

/// The one sandbox of the process.
final class SandboxHost: Sendable {
  let sandbox: Sandbox

  /// - Parameter capability: what the machine offers, where that is not to be found out.
  init(environment: [String: String], capability: SandboxCapability? = nil) {
    sandbox = Sandbox(launcher: Self.launcher, environment: environment, capability: capability)
  }

  /// The program that becomes the command inside the walls: this one, or, where this is no stet (a test runner), the
  /// stet that was built beside it.
  private static var launcher: String {
    let own =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/proc/self/exe"
    let folder = own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let beside = folder + "/stet"
    return own != beside && FileManager.default.isExecutableFile(atPath: beside) ? beside : own
  }
}
