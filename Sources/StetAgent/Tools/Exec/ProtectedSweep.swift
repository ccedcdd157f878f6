import StetConfig
import StetProcess
import StetProtocol

/// Looks for what commands of a thread left at protected paths (hooks, agents' settings), before anything else runs that
/// could act on it (S6): moves it away and says so. Nothing is deleted.
struct ProtectedSweep: Sendable {
  let threadId: String
  let home: StetHome
  let processes: ProcessRegistry
  let threadMemory: ToolMemory
  /// The one sandbox of the process, which knows what the user agreed to.
  let host: SandboxHost
  let warn: @Sendable (String) -> Void

  /// After what still runs of the thread: before anything else starts, and at the end of a turn, when the user's own
  /// programs are next.
  func running() async {
    await after(processes.all.compactMap { ($0 as? RunningCommand)?.sandbox })
  }

  /// After commands that stood behind these walls; those that still run are among them or are looked at later.
  func after(_ launches: [SandboxLaunch]) async {
    guard !launches.isEmpty else { return }
    do {
      let quarantine = try SandboxChoice.privateDirectory("quarantine", home) + "/" + threadId
      let found = try await host.sandbox.sweep(launches, quarantine: quarantine)
      threadMemory.value { QuarantineDesk() }.add(found)
      for path in found { warn(path.words) }
    } catch {
      warn("What commands left at protected paths could not be checked: \(error)")
    }
  }
}

extension ToolContext {
  var protectedSweep: ProtectedSweep {
    ProtectedSweep(
      threadId: threadId, home: home, processes: processes, threadMemory: threadMemory,
      host: processMemory.value { SandboxHost(environment: processEnvironment) },
      warn: { [items] in items.warn($0) })
  }
}

extension ThreadSession {
  var protectedSweep: ProtectedSweep {
    let environment = services.environment
    return ProtectedSweep(
      threadId: id, home: environment.home, processes: processes, threadMemory: threadMemory,
      host: services.processMemory.value { SandboxHost(environment: environment.processEnvironment) },
      warn: { [feed] in feed.warn($0) })
  }
}
