import Glibc
import StetClient
import StetJSON
import StetProtocol
import StetRPC
import StetText
import StetUI

/// What the agent asks: put to the user of the MCP client where it takes questions, else declined and told in the result.
extension ToolServer {
  private static let allow = "allow"
  private static let allowForThread = "allow for this thread"
  private static let deny = "deny"
  /// Bytes of a question. What is longer can't be shown whole, and nobody says yes to half of it (S10).
  private static let questionLimit = 16_000

  /// A question with yes and no, and what each means to the app-server.
  private struct Approval {
    let thread: String
    /// In a few words, for the result of a call that could not ask.
    let what: String
    /// As the user reads it; nil: it can't be shown whole.
    let text: String?
    let yes: JSONValue
    /// Nil: the request does not allow it.
    var yesForThread: JSONValue?
    let no: @Sendable (_ why: String?) -> JSONValue
  }

  func asked(_ id: RequestID, _ request: ServerRequest) {
    switch request {
    case .commandExecutionRequestApproval(let params): approve(id, Self.command(params))
    case .fileChangeRequestApproval(let params): approve(id, edit(params))
    case .mcpServerElicitation(let params):
      if params.question["_meta"]?["codex_approval_kind"]?.stringValue != nil {
        approve(id, Self.tool(params))
      } else {
        elicit(id, params)
      }
    case .toolRequestUserInput(let params): askUser(id, params)
    case .permissionsRequestApproval(let params):
      declined(params.threadId, "wider permissions")
      client?.answer(id, ["permissions": [:], "scope": "turn"])
    case .currentTimeRead: client?.answer(id, ["currentTimeAt": .int(Int64(time(nil)))])
    case .toolCall, .unknown:
      client?.refuse(id, .invalidRequest("stet mcp-server can't answer \(request.method)"))
    }
  }

  private var canAsk: Bool { state.withLock { $0.canAsk } }

  // MARK: - Approvals

  private static func decision(_ why: String?) -> JSONValue {
    guard let why else { return ["decision": "decline"] }
    return ["decision": "decline", "stet": ["message": .string(why)]]
  }

  private static func command(_ params: CommandExecutionRequestApprovalParams) -> Approval {
    let script = params.command.map(ShellWords.script(of:)) ?? ""
    var what = "run: \(script)"
    if let target = params.networkApprovalContext {
      what = "reach \(target.protocol.name)://\(target.host)"
    } else if params.kind != .command {
      what = "write to a running command: \(script)"
    }
    let isOutside = params.stet?.sandboxed == false && params.networkApprovalContext == nil
    var text = "stet wants to \(Sanitizer.folded(what))\nin \(Sanitizer.folded(params.cwd ?? "?"))"
    if isOutside { text += "\nIt would run OUTSIDE the sandbox." }
    let remembers = !isOutside && params.availableDecisions?.contains(.acceptForSession) == true
    return Approval(
      thread: params.threadId, what: what, text: params.command == nil ? nil : text + reason(params.reason),
      yes: ["decision": "accept"], yesForThread: remembers ? ["decision": "acceptForSession"] : nil,
      no: decision)
  }

  /// The request names only the item; the item has the files.
  private func edit(_ params: FileChangeRequestApprovalParams) -> Approval {
    let changes = state.withLock { state in
      state.calls.first { $0.threadId == params.threadId }?.changes(of: params.itemId)
    }
    let paths = (changes ?? []).map(\.path).joined(separator: ", ")
    // With a reason the paths lie where edits are not simply made: each one asks.
    return Approval(
      thread: params.threadId, what: "edit \(paths.isEmpty ? "files" : paths)",
      text: changes.flatMap(EditWords.text).map {
        "stet wants to edit files:\($0)" + Self.reason(params.reason)
      },
      yes: ["decision": "accept"],
      yesForThread: params.reason == nil ? ["decision": "acceptForSession"] : nil, no: Self.decision)
  }

  private static func tool(_ params: McpServerElicitationRequestParams) -> Approval {
    let meta = params.question["_meta"]
    let name = meta?["tool_name"]?.stringValue ?? "?"
    let what = "call the tool \(name) of the MCP server \(params.serverName)"
    let remembers = meta?["persist"]?.arrayValue?.contains("session") == true
    return Approval(
      thread: params.threadId, what: what,
      text: Sanitizer.folded("stet wants to \(what) with\n\((meta?["tool_params"] ?? [:]).text)"),
      yes: ["action": "accept", "content": [:]],
      yesForThread: remembers
        ? .some(["action": "accept", "content": [:], "_meta": ["persist": "session"]]) : .none,
      no: { why in
        guard let why else { return ["action": "decline", "content": nil] }
        return ["action": "decline", "content": nil, "stet": ["message": .string(why)]]
      })
  }

  private static func reason(_ reason: String?) -> String {
    reason.map { "\n\nThe reason given: \(Sanitizer.folded($0))" } ?? ""
  }

  private func approve(_ id: RequestID, _ approval: Approval) {
    guard canAsk else {
      declined(approval.thread, approval.what)
      let why =
        "(nobody) The program that called stet can ask nobody. Find another way, or say what is needed."
      client?.answer(id, approval.no(why))
      return
    }
    guard let text = approval.text, text.utf8.count <= Self.questionLimit else {
      declined(approval.thread, approval.what)
      client?.answer(
        id, approval.no("(nobody) This is too much to be shown to the user. Do it in smaller steps."))
      return
    }
    let choices = [Self.allow] + (approval.yesForThread == nil ? [] : [Self.allowForThread]) + [Self.deny]
    let field: JSONValue = [
      "type": "string", "title": "Decision", "enum": .array(choices.map(JSONValue.string)),
    ]
    ask(
      id, approval.thread, text,
      ["type": "object", "required": ["decision"], "properties": ["decision": field]]
    ) {
      [self] answer in
      // Only a word that was offered is a yes.
      switch (answer?["action"]?.stringValue, answer?["content"]?["decision"]?.stringValue) {
      case ("accept", Self.allow): return approval.yes
      case ("accept", Self.allowForThread): return approval.yesForThread ?? approval.no(nil)
      default:
        if answer == nil { declined(approval.thread, approval.what) }
        return approval.no(nil)
      }
    }
  }

  // MARK: - Other questions

  /// A question of an MCP server that stet itself uses.
  private func elicit(_ id: RequestID, _ params: McpServerElicitationRequestParams) {
    let words = Sanitizer.folded(
      "The MCP server \(params.serverName) asks: \(params.question["message"]?.stringValue ?? "")")
    let isForm = (params.question["mode"]?.stringValue ?? "form") == "form"
    guard canAsk, isForm, words.utf8.count <= Self.questionLimit else {
      declined(params.threadId, words)
      client?.answer(id, ["action": "decline", "content": nil])
      return
    }
    ask(
      id, params.threadId, words, params.question["requestedSchema"] ?? ["type": "object", "properties": [:]]
    ) { answer in
      guard let action = answer?["action"], ["accept", "decline", "cancel"].contains(action.stringValue)
      else {
        return ["action": "decline", "content": nil]
      }
      return ["action": action, "content": answer?["content"] ?? .null]
    }
  }

  private func askUser(_ id: RequestID, _ params: ToolRequestUserInputParams) {
    let unanswered = Self.answers(params) { _ in "No user is there; decide yourself." }
    let words = params.questions.map { Sanitizer.folded($0.question) }.joined(separator: "\n")
    // MCP forbids to ask for secrets this way.
    guard canAsk, words.utf8.count <= Self.questionLimit, !params.questions.contains(where: \.isSecret) else {
      client?.answer(id, unanswered)
      return
    }
    var properties = JSONObject()
    for question in params.questions { properties[question.id] = Self.field(question) }
    let required = params.questions.map { JSONValue.string($0.id) }
    ask(
      id, params.threadId, "stet asks: \(words)",
      ["type": "object", "required": .array(required), "properties": .object(properties)]
    ) { answer in
      guard answer?["action"] == "accept", let content = answer?["content"] else { return unanswered }
      return Self.answers(params) { content[$0.id]?.stringValue ?? "No answer; decide yourself." }
    }
  }

  private static func field(_ question: ToolRequestUserInputQuestion) -> JSONValue {
    var field: JSONObject = ["type": "string", "title": .string(Sanitizer.folded(question.question))]
    let options = question.options ?? []
    if !options.isEmpty, !question.isOther { field["enum"] = .array(options.map { .string($0.label) }) }
    if !options.isEmpty {
      field["description"] = .string(
        options.map { Sanitizer.folded("\($0.label): \($0.description)") }.joined(separator: " · "))
    }
    return .object(field)
  }

  private static func answers(
    _ params: ToolRequestUserInputParams, _ text: (ToolRequestUserInputQuestion) -> String
  ) -> JSONValue {
    let answers = params.questions.map { question in
      (question.id, ["answers": [.string(text(question))]] as JSONValue)
    }
    return ["answers": .object(JSONObject(answers))]
  }

  // MARK: - Asking

  /// Puts a question to the client's user and answers the app-server's with what `then` makes of it; nil when the
  /// client could not ask.
  private func ask(
    _ id: RequestID, _ thread: String, _ words: String, _ schema: JSONValue,
    then: @escaping @Sendable (JSONValue?) -> JSONValue
  ) {
    let asked = host.call("elicitation/create", ["message": .string(words), "requestedSchema": schema]) {
      [weak self] result in
      guard let self else { return }
      state.withLock { $0.questions[id] = nil }
      switch result {
      case .success(let value): client?.answer(id, then(value))
      case .failure: client?.answer(id, then(nil))
      }
    }
    // An answer that was faster leaves this behind; the request's end takes it away.
    if let asked { state.withLock { $0.questions[id] = Asked(thread: thread, id: asked) } }
  }

  /// The question is settled without an answer of the client's.
  func resolved(_ id: RequestID) {
    if let asked = state.withLock({ $0.questions.removeValue(forKey: id) }) { takeBack(asked) }
  }

  /// The call is over, and what it asked with it.
  func takeBackQuestions(of thread: String) {
    let left = state.withLock { state in
      let left = state.questions.filter { $0.value.thread == thread }
      for key in left.keys { state.questions[key] = nil }
      return left.values.map(\.self)
    }
    for asked in left { takeBack(asked) }
  }

  /// Its dialog can go.
  private func takeBack(_ asked: Asked) {
    host.notify(
      "notifications/cancelled",
      ["requestId": asked.id.jsonValue, "reason": "the question is settled"])
  }
}
