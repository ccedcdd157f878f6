import StetJSON
import Testing

@testable import StetProtocol

/// Each variant of each tagged union, as it stands on the wire.
@Suite struct UnionTests {
  private func keeps<T: Codable & Hashable>(_ type: T.Type, _ text: String) throws {
    let wire = try JSONValue(parsing: text)
    let value = try JSONCoder.decode(type, from: wire)
    #expect(try JSONCoder.encode(value) == wire)
    #expect(!String(describing: value).hasPrefix("unknown(["), "\(text) is not understood")
  }

  @Test func sandboxPolicies() throws {
    try keeps(SandboxPolicy.self, #"{"type":"dangerFullAccess"}"#)
    try keeps(SandboxPolicy.self, #"{"type":"readOnly","networkAccess":false}"#)
    try keeps(SandboxPolicy.self, #"{"type":"externalSandbox","networkAccess":"enabled"}"#)
    try keeps(
      SandboxPolicy.self,
      #"{"type":"workspaceWrite","writableRoots":["/w"],"networkAccess":true,"excludeTmpdirEnvVar":false,"excludeSlashTmp":true}"#
    )
    let short: SandboxPolicy = try JSONValue(parsing: #"{"type":"workspaceWrite"}"#).decode()
    #expect(short == .workspaceWrite(WorkspaceWriteSandboxPolicy()))
    #expect(
      try JSONValue(parsing: #"{"type":"readOnly"}"#).decode() == SandboxPolicy.readOnly(networkAccess: false)
    )
  }

  @Test func approvals() throws {
    for name in ["untrusted", "on-request", "never"] { try keeps(AskForApproval.self, "\"\(name)\"") }
    try keeps(
      AskForApproval.self,
      #"{"granular":{"sandbox_approval":true,"rules":false,"skill_approval":false,"request_permissions":true,"mcp_elicitations":true}}"#
    )
    for name in ["accept", "acceptForSession", "decline", "cancel"] {
      try keeps(CommandExecutionApprovalDecision.self, "\"\(name)\"")
      try keeps(FileChangeApprovalDecision.self, "\"\(name)\"")
    }
    try keeps(
      CommandExecutionApprovalDecision.self,
      #"{"acceptWithExecpolicyAmendment":{"execpolicy_amendment":["git","push"]}}"#)
    try keeps(
      CommandExecutionApprovalDecision.self,
      #"{"applyNetworkPolicyAmendment":{"network_policy_amendment":{"host":"a.b","action":"allow"}}}"#)
    try keeps(
      FileChangeApprovalDecision.self,
      #"{"stetReview":{"files":[{"path":"/a","baseHash":null,"decision":"partial","ops":[{"opId":"1","decision":"edit","text":"t"}]}]}}"#
    )
  }

  @Test func inputs() throws {
    try keeps(UserInput.self, #"{"type":"text","text":"t","text_elements":[]}"#)
    try keeps(
      UserInput.self,
      #"{"type":"text","text":"é @a","text_elements":[{"byteRange":{"start":3,"end":5},"placeholder":null}]}"#
    )
    try keeps(UserInput.self, #"{"type":"image","url":"data:image/png;base64,AA==","detail":null}"#)
    try keeps(UserInput.self, #"{"type":"image","fileId":"f","detail":"high"}"#)
    try keeps(UserInput.self, #"{"type":"localImage","path":"/p.png","detail":"low"}"#)
    try keeps(UserInput.self, #"{"type":"audio","url":"u"}"#)
    try keeps(UserInput.self, #"{"type":"localAudio","path":"/a"}"#)
    try keeps(UserInput.self, #"{"type":"skill","name":"n","path":"/s"}"#)
    try keeps(UserInput.self, #"{"type":"mention","name":"n","path":"/m"}"#)
  }

  @Test func errorInfo() throws {
    try keeps(CodexErrorInfo.self, #""contextWindowExceeded""#)
    for key in ["httpConnectionFailed", "responseStreamConnectionFailed", "responseStreamDisconnected"] {
      try keeps(CodexErrorInfo.self, #"{"\#(key)":{"httpStatusCode":null}}"#)
      try keeps(CodexErrorInfo.self, #"{"\#(key)":{"httpStatusCode":500}}"#)
    }
    try keeps(CodexErrorInfo.self, #"{"responseTooManyFailedAttempts":{"httpStatusCode":429}}"#)
    try keeps(CodexErrorInfo.self, #"{"activeTurnNotSteerable":{"turnKind":"review"}}"#)
  }

  @Test func smallUnions() throws {
    try keeps(ThreadStatus.self, #"{"type":"active","activeFlags":["waitingOnApproval"]}"#)
    for name in ["notLoaded", "idle", "systemError"] { try keeps(ThreadStatus.self, #"{"type":"\#(name)"}"#) }
    try keeps(PatchChangeKind.self, #"{"type":"add"}"#)
    try keeps(PatchChangeKind.self, #"{"type":"delete"}"#)
    try keeps(PatchChangeKind.self, #"{"type":"update","move_path":null}"#)
    try keeps(CommandAction.self, #"{"type":"read","command":"cat a","name":"a","path":"/a"}"#)
    try keeps(CommandAction.self, #"{"type":"listFiles","command":"ls","path":null}"#)
    try keeps(CommandAction.self, #"{"type":"search","command":"rg","query":"q","path":"/"}"#)
    try keeps(CommandAction.self, #"{"type":"unknown","command":"make"}"#)
    try keeps(WebSearchAction.self, #"{"type":"findInPage","url":"u","pattern":null}"#)
    try keeps(ReviewTarget.self, #"{"type":"commit","sha":"1","title":null}"#)
    try keeps(ReviewTarget.self, #"{"type":"uncommittedChanges"}"#)
    try keeps(FunctionCallOutputBody.self, #"[{"type":"input_text","text":"t"}]"#)
    try keeps(ThreadListCwdFilter.self, #"["/a","/b"]"#)
    try keeps(ThreadItemsListCursor.self, #"{"type":"item","itemId":"i"}"#)
    try keeps(SessionSource.self, #"{"subAgent":{"thread_spawn":{"depth":1}}}"#)
    try keeps(SessionSource.self, #"{"custom":"me"}"#)
    try keeps(MultiAgentMode.self, #"{"custom":"me"}"#)
  }

  @Test("a kind of item that is not known stays as it came")
  func unknownItem() throws {
    let wire: JSONValue = ["type": "hologram", "id": "h1", "frames": [1, 2.5, nil]]
    let item: ThreadItem = try wire.decode()
    #expect(item == .unknown(wire))
    #expect(item.id == "h1")
    #expect(item.type == "hologram")
    #expect(try JSONValue(encoding: item) == wire)
  }

  @Test("unknown names are kept, also beside a variant that is called unknown")
  func unknownNames() throws {
    #expect(try JSONValue.string("later").decode() == TurnStatus.unknown("later"))
    #expect(try JSONValue(encoding: TurnStatus.unknown("later")) == "later")
    #expect(try JSONValue.string("unknown").decode() == PlanType.unknown)
    #expect(try JSONValue.string("tomorrow").decode() == PlanType.other("tomorrow"))
    #expect(
      try JSONValue(encoding: CommandAction.unlisted(["type": "new", "x": 1])) == ["type": "new", "x": 1])
  }
}
