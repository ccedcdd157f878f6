import StetProtocol

/// How a question about a call is answered in the user's place, in the shape that the question wants.
struct HookVerdict {
  let yes: JSONValue
  private let member: String
  /// The call would run without walls, or write where they let nothing be written.
  let isOutside: Bool

  /// - Parameter isOutside: the asker says that a yes lets the call do what the sandbox does not (S3).
  ///
  /// Nil for questions that are no permission for the call itself: a host that a command wants to reach is the user's to
  /// allow (S13), whatever was said to the command.
  init?(_ request: ServerRequest, isOutside: Bool) {
    switch request {
    case .commandExecutionRequestApproval(let params):
      guard params.networkApprovalContext == nil else { return nil }
      (yes, member) = (["decision": "accept"], "decision")
      self.isOutside = isOutside || params.stet?.sandboxed == false
    case .fileChangeRequestApproval:
      (yes, member) = (["decision": "accept"], "decision")
      self.isOutside = isOutside
    case .mcpServerElicitation:
      (yes, member) = (["action": "accept"], "action")
      self.isOutside = isOutside
    default: return nil
    }
  }

  func no(_ reason: String) -> JSONValue {
    [member: "decline", "stet": ["message": .string("(a PermissionRequest hook) \(reason)")]]
  }
}
