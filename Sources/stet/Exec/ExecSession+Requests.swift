import Glibc
import StetProtocol
import StetUI

/// What the server asks. Nobody is there: every question is answered at once, so that nothing ever hangs.
extension ExecSession {
  /// What the model reads beside a refusal.
  private static let nobody =
    "stet exec runs without a user: nobody can approve this. Find another way, or say what would be needed."

  mutating func asked(_ id: RequestID, _ request: ServerRequest) -> [Step] {
    switch request {
    case .commandExecutionRequestApproval(let params):
      let what = params.command.map(ShellWords.script(of:)) ?? "a command"
      return refused(ExecRefusal(what: what, reason: params.reason)) + [.answer(id, Self.decline)]
    case .fileChangeRequestApproval(let params):
      return refused(ExecRefusal(what: files(params.itemId), reason: params.reason))
        + [.answer(id, Self.decline)]
    case .permissionsRequestApproval(let params):
      return refused(ExecRefusal(what: "wider permissions", reason: params.reason))
        + [.answer(id, ["permissions": [:], "scope": "turn"])]
    case .toolRequestUserInput(let params):
      return [.show(.note("The model asked: \(Self.questions(params)) Nobody is there to answer."))]
        + [.answer(id, Self.unanswered(params))]
    case .mcpServerElicitation(let params): return elicited(id, params)
    case .toolCall:
      return [.refuse(id, .invalidRequest("stet exec offers no tools of its own"))]
    case .currentTimeRead: return [.answer(id, ["currentTimeAt": .int(Int64(time(nil)))])]
    case .unknown(let method, _):
      return [.refuse(id, .invalidRequest("stet exec can't answer \(method)"))]
    }
  }

  private static var decline: JSONValue {
    ["decision": "decline", "stet": ["message": .string(nobody)]]
  }

  /// The approval names only the item; the item names the files.
  private func files(_ itemId: String) -> String {
    for case .fileChange(let item) in open where item.id == itemId {
      return "edit of " + item.changes.map(\.path).joined(separator: ", ")
    }
    return "an edit"
  }

  private static func questions(_ params: ToolRequestUserInputParams) -> String {
    params.questions.map(\.question).joined(separator: " ")
  }

  private static func unanswered(_ params: ToolRequestUserInputParams) -> JSONValue {
    let answers = params.questions.map {
      ($0.id, ["answers": ["No user is there; decide yourself."]] as JSONValue)
    }
    return ["answers": .object(JSONObject(answers))]
  }

  /// M9: declined at once. A server's tool that needs an approval comes this way, too.
  private mutating func elicited(_ id: RequestID, _ params: McpServerElicitationRequestParams) -> [Step] {
    let message = params.question["message"]?.stringValue
    let answer = Step.answer(id, ["action": "decline", "content": .null])
    if params.question["_meta"]?["codex_approval_kind"]?.stringValue != nil {
      return refused(ExecRefusal(what: "a tool of \(params.serverName)", reason: message)) + [answer]
    }
    let asked = message ?? "for something"
    return [.show(.note("\(params.serverName) asked: \(asked) Nobody is there to answer."))] + [answer]
  }
}
