import StetProtocol
import Testing

@testable import stet

/// What the server asks is answered at once: nothing of it can hang.
@Suite(.fewAtOnce) struct ExecSessionTests {
  /// A session in the middle of its turn.
  private func running() throws -> ExecSession {
    var session = ExecSession(ExecOrder(task: .start, input: [.text("go")], directory: "/w"))
    _ = session.take(.reply(.initialize, .success([:])))
    _ = session.take(.reply(.open, .success(["thread": ["id": "t"]])))
    _ = session.take(.reply(.begin, .success(["turn": ["id": "u"]])))
    return session
  }

  private func answer(_ steps: [ExecSession.Step]) -> JSONValue? {
    for case .answer(_, let value) in steps { return value }
    return nil
  }

  private func warnings(_ steps: [ExecSession.Step]) -> [String] {
    steps.compactMap { if case .show(.warning(let text)) = $0 { text } else { nil } }
  }

  @Test(
    "a warning about the configuration says in which file and line it is, as far as the server knows",
    arguments: [
      (nil, nil, "odd (why)"), ("/h/config.toml", nil, "/h/config.toml: odd (why)"),
      ("/h/config.toml", 12, "/h/config.toml:12: odd (why)"), (nil, 12, "odd (why)"),
    ] as [(String?, Int?, String)])
  func configWarningPlace(path: String?, line: Int?, text: String) throws {
    let range = line.map {
      TextRange(end: TextPosition(column: 9, line: $0), start: TextPosition(column: 1, line: $0))
    }
    let notice = ServerNotification.configWarning(
      ConfigWarningNotification(summary: "odd", details: "why", path: path, range: range))
    var session = try running()
    #expect(warnings(session.take(.notification(notice))) == [text])
    // Before there is a thread it waits, and is told behind the thread's beginning.
    var early = ExecSession(ExecOrder(task: .start, input: [.text("go")], directory: "/w"))
    _ = early.take(.reply(.initialize, .success([:])))
    #expect(early.take(.notification(notice)).isEmpty)
    #expect(warnings(early.take(.reply(.open, .success(["thread": ["id": "t"]])))) == [text])
  }

  @Test(
    "a prompt may be any word but the names of the subcommands", arguments: ["run", "new", "open", "exec"])
  func wordPrompt(word: String) throws {
    let command = try StetCommand.parseAsRoot(["exec", "--json", word]) as? ExecRunCommand
    #expect(command?.prompt == word)
  }

  @Test("X2: the usage of a turn holds nothing of before, also where it begins with a compaction")
  func x2_usage() throws {
    func count(_ tokens: Int) -> TokenUsageBreakdown {
      TokenUsageBreakdown(
        totalTokens: tokens, inputTokens: tokens, cachedInputTokens: 0, outputTokens: 0,
        reasoningOutputTokens: 0)
    }
    func told(_ total: Int, last: Int, turn: String = "u") -> ExecSession.Input {
      .notification(
        .threadTokenUsageUpdated(
          ThreadTokenUsageUpdatedNotification(
            threadId: "t", turnId: turn,
            tokenUsage: ThreadTokenUsage(total: count(total), last: count(last)))))
    }
    func used(_ inputs: [ExecSession.Input]) throws -> Int? {
      var session = try running()
      for input in inputs { _ = session.take(input) }
      let end = session.take(
        .notification(
          .turnCompleted(
            TurnCompletedNotification(threadId: "t", turn: Turn(id: "u", items: [], status: .completed)))))
      for case .show(.turnCompleted(let usage)) in end { return usage.totalTokens }
      return nil
    }
    let compaction = ExecSession.Input.notification(
      .itemStarted(
        ItemStartedNotification(
          item: .contextCompaction(ContextCompactionItem(id: "c")), threadId: "t", turnId: "u", startedAtMs: 0
        )))
    #expect(try used([told(1_050, last: 50)]) == 50)
    // The counts before it, the summary's request, what is left of the window; then the answer's.
    let compacted = [compaction, told(1_000, last: 400), told(1_100, last: 100), told(1_100, last: 7)]
    #expect(try used(compacted + [told(1_150, last: 50)]) == 150)
    // Between two requests it tells again what was counted already.
    let midTurn = [told(1_050, last: 50), compaction, told(1_050, last: 50), told(1_080, last: 30)]
    #expect(try used(midTurn) == 80)
    #expect(try used([told(1_000, last: 400, turn: "before"), told(1_050, last: 50)]) == 50)
  }

  @Test("M9: an elicitation is declined at once") func m9_elicitation() throws {
    var session = try running()
    let params = McpServerElicitationRequestParams(
      threadId: "t", serverName: "s", question: ["mode": "form", "message": "Name?"])
    let steps = session.take(.request(.int(0), .mcpServerElicitation(params)))
    #expect(answer(steps)?["action"] == "decline")
    #expect(session.refusals.isEmpty)
  }

  @Test("X3: a server's tool that needs an approval counts as refused") func x3_mcpApproval() throws {
    var session = try running()
    let params = McpServerElicitationRequestParams(
      threadId: "t", serverName: "s",
      question: ["message": "Run it?", "_meta": ["codex_approval_kind": "mcp_tool_call"]])
    _ = session.take(.request(.int(0), .mcpServerElicitation(params)))
    #expect(session.refusals == [ExecRefusal(what: "a tool of s", reason: "Run it?")])
    #expect(ExecOutcome(ending: .completed, refusals: session.refusals).exitCode == 3)
  }

  @Test("Questions of the model are answered with nobody") func questions() throws {
    var session = try running()
    let question = ToolRequestUserInputQuestion(id: "q", header: "h", question: "Which?")
    let params = ToolRequestUserInputParams(
      threadId: "t", turnId: "u", itemId: "i", questions: [question], isBlocking: true)
    let value = try #require(answer(session.take(.request(.int(0), .toolRequestUserInput(params)))))
    #expect(ServerRequest.toolRequestUserInput(params).accepts(value))
    #expect(value["answers"]?["q"]?["answers"]?[0]?.stringValue?.hasPrefix("No user") == true)
  }

  @Test("Answers have the shape that the server takes") func shapes() throws {
    var session = try running()
    let command = ServerRequest.commandExecutionRequestApproval(
      CommandExecutionRequestApprovalParams(threadId: "t", turnId: "u", itemId: "i", startedAtMs: 0))
    let change = ServerRequest.fileChangeRequestApproval(
      FileChangeRequestApprovalParams(threadId: "t", turnId: "u", itemId: "i", startedAtMs: 0))
    for request in [command, change] {
      let value = try #require(answer(session.take(.request(.int(0), request))))
      #expect(value["decision"] == "decline" && request.accepts(value))
    }
    let steps = session.take(.request(.int(1), .unknown(method: "new/question", params: nil)))
    guard case .refuse? = steps.first else {
      Issue.record("an unknown question was not refused")
      return
    }
  }

  @Test("X3: a signal before the turn was answered interrupts it when it is") func x3_earlySignal() throws {
    var session = ExecSession(ExecOrder(task: .start, input: [.text("go")], directory: "/w"))
    _ = session.take(.reply(.initialize, .success([:])))
    _ = session.take(.reply(.open, .success(["thread": ["id": "t"]])))
    guard case .hurry? = session.take(.signal(2)).last else {
      Issue.record("nothing bounds the wait for the interrupted turn")
      return
    }
    guard
      case .send(.turnInterrupt(let params), .interrupt)? =
        session.take(.reply(.begin, .success(["turn": ["id": "u"]]))).first
    else {
      Issue.record("the turn was not interrupted")
      return
    }
    #expect(params.turnId == "u")
    // The server never says that the turn has ended: the grace does.
    guard case .finish(let outcome)? = session.take(.timeUp).last else {
      Issue.record("the run does not end")
      return
    }
    #expect(outcome.exitCode == 130)
  }

  @Test("A server that goes away fails the run") func closed() throws {
    var session = try running()
    guard case .finish(let outcome)? = session.take(.closed("gone")).last else {
      Issue.record("the run does not end")
      return
    }
    #expect(outcome.exitCode == 1)
  }
}
