import StetProtocol

/// What the model is told about its rights. Constant for the same policies (P12).
enum PermissionsText {
  static func text(_ settings: TurnSettings) -> String {
    [sandbox(settings), approval(settings.approvalPolicy), review(settings.editReview)]
      .compactMap { $0 }.joined(separator: "\n")
  }

  private static func sandbox(_ settings: TurnSettings) -> String {
    let asks = settings.approvalPolicy.mayAskForCommands
    return switch settings.sandboxPolicy {
    case .readOnly(let network):
      "Sandbox: read-only. Commands may read files but write none.\(net(network, asks: asks))"
    case .workspaceWrite(let write):
      "Sandbox: workspace-write. Commands may write in the working directory, its workspace roots and the temporary "
        + "directory, nowhere else."
        + (write.writableRoots.isEmpty
          ? "" : " Also writable: \(write.writableRoots.joined(separator: ", ")).")
        + net(write.networkAccess, asks: asks)
    case .dangerFullAccess: "Sandbox: none. Commands run with the user's full rights."
    case .externalSandbox(let network):
      "Sandbox: the surroundings are sandboxed by the user.\(net(network == .enabled, asks: false))"
    case .unknown: "Sandbox: read-only."
    }
  }

  private static func net(_ access: Bool, asks: Bool) -> String {
    if access { return " The network may be used." }
    return " There is no network"
      + (asks ? ", but a proxy (HTTPS_PROXY) that asks the user for each host." : ".")
  }

  private static func approval(_ policy: AskForApproval) -> String {
    switch policy {
    case .never:
      "Approval: never. The user can't be asked: what the sandbox refuses stays refused; do not ask for escalation."
    case .untrusted: "Approval: untrusted. The user is asked before each command."
    case .granular(let granular) where !granular.sandboxApproval:
      "Approval: the user can't be asked to let a command leave the sandbox; what the sandbox refuses stays refused."
    case .onRequest, .granular, .unknown:
      "Approval: on-request. To run a command outside the sandbox, call exec_command with "
        + "sandbox_permissions=\"require_escalated\" and a one-sentence justification; the user decides."
    }
  }

  private static func review(_ mode: EditReviewMode) -> String? {
    switch mode {
    case .ask: "Edits: the user reviews each edit before it is written and may take only parts of it."
    case .atEnd: "Edits are written at once; the user reviews them when the turn ends."
    default: nil
    }
  }
}
