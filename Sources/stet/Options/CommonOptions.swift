import ArgumentParser
import StetProtocol
import StetUI

/// The options that every way of opening a thread shares, spelled as Codex spells them.
struct CommonOptions: ParsableArguments {
  @Option(name: [.short, .long], help: "The model to use.")
  var model: String?

  @Option(
    name: [.customShort("C"), .customLong("cd")], help: "Work in this directory.", completion: .directory)
  var directory: String?

  @Option(name: [.short, .long], help: "read-only, workspace-write or danger-full-access.")
  var sandbox: SandboxChoice?

  @Option(
    name: [.customShort("a"), .customLong("ask-for-approval")], help: "untrusted, on-request or never.")
  var approval: ApprovalChoice?

  @Option(
    name: [.short, .customLong("config")],
    help: ArgumentHelp("Override a configuration key.", valueName: "key=value"))
  var config: [String] = []

  /// The outside as these options change it; throws when the directory can't be entered.
  func surroundings() throws -> Surroundings {
    try Surroundings(directory: directory ?? ".", overrides: config)
  }

  /// What a thread is started with in place of the configuration's.
  var threadOverrides: ThreadOverrides {
    ThreadOverrides(model: model, sandbox: sandbox?.mode, approvalPolicy: approval?.policy)
  }

  enum SandboxChoice: String, CaseIterable, ExpressibleByArgument {
    case readOnly = "read-only"
    case workspaceWrite = "workspace-write"
    case fullAccess = "danger-full-access"

    var mode: SandboxMode {
      switch self {
      case .readOnly: .readOnly
      case .workspaceWrite: .workspaceWrite
      case .fullAccess: .dangerFullAccess
      }
    }
  }

  enum ApprovalChoice: String, CaseIterable, ExpressibleByArgument {
    case untrusted
    case onRequest = "on-request"
    case never

    var policy: AskForApproval {
      switch self {
      case .untrusted: .untrusted
      case .onRequest: .onRequest
      case .never: .never
      }
    }
  }
}
