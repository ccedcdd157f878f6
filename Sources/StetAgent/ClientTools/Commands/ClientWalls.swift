import StetConfig
import StetProcess
import StetProtocol

/// The sandbox of `command/exec`: the policy that the client names, else the user's.
struct ClientWalls: Sendable {
  let sandbox: Sandbox
  let home: StetHome
  /// Of all commands of clients.
  private static let folder = "/clients"

  init(_ services: SessionServices) {
    sandbox =
      services.processMemory.value { SandboxHost(environment: services.environment.processEnvironment) }
      .sandbox
    home = services.environment.home
  }

  /// What a wire policy means for a directory; nil: no sandbox.
  static func kind(_ policy: SandboxPolicy, cwd: String) -> SandboxPolicyKind? {
    switch policy {
    case .dangerFullAccess, .externalSandbox: nil
    case .readOnly(let network): network ? .workspaceWrite(roots: [], network: true) : .readOnly
    case .workspaceWrite(let policy):
      .workspaceWrite(
        roots: ([cwd] + policy.writableRoots).map(RealPath.of), network: policy.networkAccess)
    // A policy that this version does not know gets the tightest walls.
    case .unknown: .readOnly
    }
  }

  /// Walls for one command; throws when they can't be made, and then nothing runs.
  func launch(_ kind: SandboxPolicyKind, cwd: String) async throws(RPCError) -> SandboxLaunch? {
    let capability = await sandbox.probe()
    guard capability.isUsable else {
      throw .internalError(
        "The sandbox that the policy asks for can't be made here: \(capability.description). "
          + "With sandboxPolicy dangerFullAccess the command runs without one.")
    }
    do throws(SandboxError) {
      return try await sandbox.launch(
        kind, cwd: cwd, threadTmp: try SandboxChoice.privateDirectory("tmp", home) + Self.folder,
        protectedPaths: [home.configDirectory, home.stateDirectory],
        deniedReads: try SandboxChoice.hidden(home))
    } catch {
      throw .internalError("The sandbox can't be made: \(error.message)")
    }
  }

  /// Moves away what a command left at protected paths (S6); says what in sentences for the client.
  func sweep(_ launch: SandboxLaunch) async -> [String] {
    do throws(SandboxError) {
      let quarantine = try SandboxChoice.privateDirectory("quarantine", home) + Self.folder
      return try await sandbox.sweep([launch], quarantine: quarantine).map(\.words)
    } catch {
      return ["What a command left at protected paths could not be checked: \(error.message)"]
    }
  }
}
