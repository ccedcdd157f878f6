import StetJSON
import Testing

@testable import StetProtocol

@Suite struct RequestDecodingTests {
  private func fault(_ method: String, _ params: JSONValue?) -> RPCError? {
    do {
      _ = try ClientRequest.decode(method: method, params: params)
      return nil
    } catch {
      return error
    }
  }

  @Test("bad params are refused with the texts of Codex's decoder")
  func texts() {
    let thread: JSONValue = ["threadId": "t", "input": [["type": "bogus"]]]
    let cases: [(String, JSONValue?, String)] = [
      ("initialize", [:], "missing field `clientInfo`"),
      ("thread/list", nil, "missing field `params`"),
      ("thread/list", nil as JSONValue, "missing field `params`"),
      ("turn/start", ["threadId": "t"], "missing field `input`"),
      ("thread/read", ["threadId": 5], "invalid type: integer `5`, expected a string"),
      ("thread/list", ["limit": -1], "invalid value: integer `-1`, expected u32"),
      ("thread/start", ["ephemeral": "yes"], #"invalid type: string "yes", expected a boolean"#),
      (
        "turn/start", thread,
        "unknown variant `bogus`, expected one of `text`, `image`, `localImage`, `audio`, `localAudio`, "
          + "`skill`, `mention`"
      ),
      (
        "thread/start", ["approvalPolicy": "bogus"],
        "unknown variant `bogus`, expected one of `untrusted`, `on-request`, `granular`, `never`"
      ),
      (
        "thread/start", ["sandbox": "workspaceWrite"],
        "unknown variant `workspaceWrite`, expected one of `read-only`, `workspace-write`, `danger-full-access`"
      ),
      (
        "turn/start", ["threadId": "t", "input": [], "sandboxPolicy": ["type": "read-only"]],
        "unknown variant `read-only`, expected one of `dangerFullAccess`, `readOnly`, `externalSandbox`, "
          + "`workspaceWrite`"
      ),
      (
        "review/start", ["threadId": "t", "target": ["type": "uncommittedChanges"], "delivery": "mail"],
        "unknown variant `mail`, expected `inline` or `detached`"
      ),
    ]
    for (method, params, text) in cases {
      #expect(fault(method, params) == .invalidRequest("Invalid request: \(text)"))
    }
  }

  @Test func unknownMembersAreIgnored() throws {
    let request = try ClientRequest.decode(
      method: "thread/read", params: ["threadId": "t", "colour": ["a": [1]], "includeTurns": nil])
    guard case .threadRead(let params) = request else { throw RPCError.notInitialized }
    #expect(params == ThreadReadParams(threadId: "t"))
  }

  @Test func methodsWithoutParams() throws {
    for params in [nil, JSONValue.null, [:]] as [JSONValue?] {
      guard case .accountLogout = try ClientRequest.decode(method: "account/logout", params: params) else {
        Issue.record("account/logout with \(String(describing: params))")
        return
      }
    }
    #expect(try ClientRequest.accountLogout(.init()).params() == nil)
  }

  @Test func unknownMethod() throws {
    let request = try ClientRequest.decode(method: "no/such", params: [:])
    guard case .unknown("no/such", _) = request else {
      Issue.record("an unknown method is read as \(request.method)")
      return
    }
    let text = ClientRequest.unknownMethod("no/such").message
    #expect(text.hasPrefix("Invalid request: unknown variant `no/such`, expected one of `initialize`, "))
    #expect(text.contains("`turn/start`"))
  }

  @Test("absent, null and a value are three things where the protocol says so")
  func settable() throws {
    func tier(_ params: JSONValue) throws -> Settable<String> {
      guard
        case .threadSettingsUpdate(let update) = try ClientRequest.decode(
          method: "thread/settings/update", params: params)
      else { throw RPCError.notInitialized }
      return update.serviceTier
    }
    #expect(try tier(["threadId": "t"]) == .keep)
    #expect(try tier(["threadId": "t", "serviceTier": nil]) == .clear)
    #expect(try tier(["threadId": "t", "serviceTier": "flex"]) == .set("flex"))
    #expect(Settable.keep.applied(to: "a") == "a")
    #expect(Settable.clear.applied(to: "a") == nil)
    #expect(Settable.set("b").applied(to: "a") == "b")
    #expect(try ThreadSettingsUpdateParams(threadId: "t").params() == ["threadId": "t"])
    #expect(
      try ThreadSettingsUpdateParams(threadId: "t", serviceTier: .clear).params()
        == ["threadId": "t", "serviceTier": nil])
  }

  @Test("an answer is valid only with a decision that exists")
  func answers() throws {
    let command = ServerRequest.commandExecutionRequestApproval(
      try SampleDecoder.sample(CommandExecutionRequestApprovalParams.self))
    #expect(command.accepts(["decision": "decline", "extra": 1]))
    #expect(!command.accepts(["decision": "approved"]))
    #expect(!command.accepts([:]))
    let change = ServerRequest.fileChangeRequestApproval(
      try SampleDecoder.sample(FileChangeRequestApprovalParams.self))
    #expect(change.accepts(["decision": ["stetReview": ["files": []]]]))
    #expect(!change.accepts(["decision": ["stetReview": ["files": [["path": "/a", "decision": "maybe"]]]]]))
  }

  @Test("what a server says is never refused")
  func tolerance() throws {
    let odd = ServerNotification.decode(method: "turn/started", params: ["threadId": 5])
    #expect(odd == .unknown(method: "turn/started", params: ["threadId": 5]))
    let status: JSONValue = ["threadId": "t", "status": ["type": "dreaming", "of": 1]]
    #expect(try ServerNotification.decode(method: "thread/status/changed", params: status).params() == status)
  }
}
