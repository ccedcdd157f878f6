import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// What the yes of a hook is worth: the call as it runs, inside of the sandbox, and nothing else (X7, S3).
@Suite(.timeLimit(.minutes(10)))
struct HookConsentTests {
  private static let settings = ".claude/settings.json"
  private static let allow = """
    cat > /dev/null; echo '{"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "allow"}}'
    """

  @Test("S3, X7: a hook's yes to an edit is none to leaving the workspace, nor to what is protected in it")
  func s3_allowedEditOutside() async throws {
    let elsewhere = TempDirectory("elsewhere")
    let outside = [elsewhere.path("loot"), ".git/config", ".claude/hook.sh", "AGENTS.md"]
    let calls = (outside + ["inside"]).map {
      FakeModel.Step.call("write", ["path": .string($0), "content": "written"])
    }
    let house = try HookHouse(
      calls + [.text("done")],
      [Self.settings: HookHouse.one("PreToolUse", Self.allow, matcher: "Edit|Write")],
      tools: [WriteTool()], settings: "edit_review = \"ask\"")
    house.harness.sink.setAnswer { _ in .success(["decision": "decline"]) }
    let thread = try await house.start(.onRequest, sandbox: .workspaceWrite)
    try await house.harness.turn(thread, "go")
    #expect(elsewhere.text("loot") == nil)
    for path in outside.dropFirst() { #expect(house.work.text(path) == nil, "\(path)") }
    // What only the user's wish to see edits asks about is answered by the hook.
    #expect(house.work.text("inside") == "written")
    let asked = house.harness.order().filter { $0.hasPrefix("request ") }
    #expect(asked == Array(repeating: "request item/fileChange/requestApproval", count: outside.count))
    house.harness.checkInvariants()
  }

  @Test("S3, X7: in a read-only sandbox a hook's yes to an edit writes nothing")
  func s3_allowedEditReadOnly() async throws {
    let house = try HookHouse(
      [.call("write", ["path": "inside", "content": "written"]), .text("done")],
      [Self.settings: HookHouse.one("PreToolUse", Self.allow)], tools: [WriteTool()])
    house.harness.sink.setAnswer { _ in .success(["decision": "decline"]) }
    let thread = try await house.start(.onRequest, sandbox: .readOnly)
    try await house.harness.turn(thread, "go")
    #expect(house.work.text("inside") == nil)
    #expect(house.harness.order().contains("request item/fileChange/requestApproval"))
  }

  private static func change(_ decision: String) -> String {
    """
    cat > /dev/null; echo '{"hookSpecificOutput": {"hookEventName": "PreToolUse"\(decision),
     "updatedInput": {"command": "touch second"}}}'
    """
  }

  @Test(
    "S10, X7: a hook asks and changes the call: the user is asked about the call that runs",
    arguments: [true, false])
  func x7_asksAboutTheChanged(breaks: Bool) async throws {
    let command =
      breaks
      ? Self.change("") : Self.change(", \"permissionDecision\": \"ask\"")
    let guarding = breaks ? "echo broke >&2; exit 1" : "true"
    let file = """
      {"hooks": {"PreToolUse": [{"hooks": [
        {"type": "command", "command": \(JSONValue.string(guarding).text)},
        {"type": "command", "command": \(JSONValue.string(command).text)}]}]}}
      """
    let house = try HookHouse(
      [.call("exec_command", ["cmd": "touch first"]), .text("done")], [Self.settings: file])
    let questions = Notes()
    house.harness.sink.setAnswer { request in
      guard case .toolRequestUserInput(let params) = request else { return .success(["decision": "decline"]) }
      questions.add(params.questions.first?.question ?? "")
      return .success(["answers": ["hook": ["answers": ["Run it"]]]])
    }
    let thread = try await house.start(.onRequest)
    try await house.harness.turn(thread, "go")
    #expect(questions.all.count == 1)
    #expect(questions.all.allSatisfy { $0.contains("touch second") && !$0.contains("touch first") })
    #expect(house.work.text("first") == nil && house.work.text("second") != nil)
    house.harness.checkInvariants()
  }

  @Test("X7: one hook's yes to the call as it was is none to what another hook made of it")
  func x7_yesToTheOriginal() async throws {
    let file = """
      {"hooks": {"PreToolUse": [{"hooks": [
        {"type": "command", "command": \(JSONValue.string(Self.allow).text)},
        {"type": "command", "command": \(JSONValue.string(Self.change("")).text)}]}]}}
      """
    let house = try HookHouse(
      [.call("exec_command", ["cmd": "touch first"]), .text("done")], [Self.settings: file])
    house.harness.sink.setAnswer { _ in .success(["decision": "decline"]) }
    let thread = try await house.start(.untrusted, sandbox: .workspaceWrite)
    try await house.harness.turn(thread, "go")
    #expect(house.work.text("first") == nil && house.work.text("second") == nil)
    #expect(house.harness.order().contains("request item/commandExecution/requestApproval"))
  }
}
