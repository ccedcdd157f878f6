import StetProtocol

/// How a question about a call is answered in the user's place, in the shape that the question wants.
struct HookVerdict {
  let yes: JSONValue
  private let member: String
  /// The call would run without walls.
  let isOutside: Bool

  /// Nil for questions that are no permission for the call itself: a host that a command wants to reach is the user's to
  /// allow (S13), whatever was said to the command.
  init?(_ request: ServerRequest) {
    switch request {
    case .commandExecutionRequestApproval(let params):
      guard params.networkApprovalContext == nil else { return nil }
      (yes, member) = (["decision": "accept"], "decision")
      isOutside = params.stet?.sandboxed == false
    case .fileChangeRequestApproval:
      (yes, member, isOutside) = (["decision": "accept"], "decision", false)
    case .mcpServerElicitation:
      (yes, member, isOutside) = (["action": "accept"], "action", false)
    default: return nil
    }
  }

  func no(_ reason: String) -> JSONValue {
    [member: "decline", "stet": ["message": .string("(a PermissionRequest hook) \(reason)")]]
  }
}
