import StetProtocol

/// Settles whether a command runs: by the policy, by what was accepted before, or by asking.
struct CommandApproval {
  enum Settlement {
    /// Run it; the item is open already if the user was asked.
    case run(sandboxed: Bool, item: CommandExecutionItem)
    /// It does not run; this goes to the model.
    case answer(ToolOutput)
  }

  let call: ToolCall
  let arguments: ExecArguments
  let context: ToolContext
  let sandbox: SandboxChoice

  func settle() async -> Settlement {
    let session = context.sessionApprovals
    let rules = CommandRules.book(context)
    let policy = CommandPolicy(
      approvalPolicy: context.settings.approvalPolicy, wantsSandbox: sandbox.isWanted,
      sandboxProblem: sandbox.problem, ruling: rules.ruling(on: ShellScript(arguments.script)),
      acceptedForSession: session.accepts(tuple))
    let request = CommandRequest(
      script: arguments.script, cwd: arguments.cwd, escalates: arguments.escalates,
      justification: arguments.justification)
    switch policy.verdict(for: request) {
    case .run(let sandboxed): return .run(sandboxed: sandboxed, item: item)
    case .refuse(let text, let lacking):
      if let lacking { context.items.refused(arguments.script, because: lacking) }
      return .answer(.text(text, success: false))
    case .ask(let reason, let sandboxed, let offers):
      return await ask(reason, sandboxed: sandboxed, offers: offers, session, rules)
    }
  }

  /// What an acceptance for the session stands for (S11).
  private var tuple: SessionApprovals.Command {
    SessionApprovals.Command(
      script: arguments.script, cwd: arguments.cwd,
      sandboxed: sandbox.isWanted && sandbox.problem == nil && !arguments.escalates)
  }

  private var item: CommandExecutionItem {
    CommandExecutionItem(
      id: call.itemId, command: arguments.commandLine, cwd: arguments.cwd, status: .inProgress,
      commandActions: CommandActions.of(arguments.script))
  }

  private func ask(
    _ reason: String?, sandboxed: Bool, offers: [[String]], _ session: SessionApprovals, _ rules: RuleBook
  ) async -> Settlement {
    let item = item
    let amendments = offers.map(CommandExecutionApprovalDecision.acceptWithExecpolicyAmendment)
    let params = CommandExecutionRequestApprovalParams(
      threadId: context.threadId, turnId: context.turnId, itemId: call.itemId,
      startedAtMs: WallClock.milliseconds,
      environmentId: "local", reason: reason, command: arguments.commandLine, cwd: arguments.cwd,
      commandActions: item.commandActions, proposedExecpolicyAmendment: offers.last,
      availableDecisions: [.accept, .acceptForSession] + amendments + [.decline, .cancel],
      stet: StetCommandApproval(undoable: .none, sandboxed: sandboxed))
    let items = context.items
    let answer = await context.approvals.ask(
      .commandExecutionRequestApproval(params), startItem: { items.started(.commandExecution(item)) },
      beforeClear: { answer in
        guard Self.isRefusal(answer) else { return }
        var refused = item
        refused.status = .declined
        items.completed(.commandExecution(refused))
      })
    switch answer {
    case .cancelled: return .answer(end(item, .failed, "aborted by user before it ran"))
    case .failed(let error): return failClosed(item, "the answer was an error: \(error.message)")
    case .answered(let value):
      return decide(value, item, sandboxed: sandboxed, offers: offers, session, rules)
    }
  }

  /// A refused command completes its item before the flag of the waiting turn is cleared (protocol.md §4).
  private static func isRefusal(_ answer: ApprovalAnswer) -> Bool {
    guard case .answered(let value) = answer else { return false }
    return value["decision"] == "decline" || value["decision"] == "cancel"
  }

  private func decide(
    _ value: JSONValue, _ item: CommandExecutionItem, sandboxed: Bool, offers: [[String]],
    _ session: SessionApprovals, _ rules: RuleBook
  ) -> Settlement {
    let response: CommandExecutionRequestApprovalResponse
    do {
      response = try value.decode(CommandExecutionRequestApprovalResponse.self)
    } catch {
      return failClosed(item, "the answer could not be read")
    }
    switch response.decision {
    case .accept: return .run(sandboxed: sandboxed, item: item)
    case .acceptForSession:
      session.accept(tuple)
      return .run(sandboxed: sandboxed, item: item)
    case .acceptWithExecpolicyAmendment(let words):
      return amend(words, item, sandboxed: sandboxed, offers: offers, rules)
    case .decline:
      let said = value["stet"]?["message"]?.stringValue.map { " The user says: \($0)" } ?? ""
      return .answer(end(item, .declined, "The command was rejected by user; it did not run.\(said)"))
    case .cancel:
      var output = end(item, .declined, "The command was rejected by user; it did not run.")
      output.interruptsTurn = true
      return .answer(output)
    case .applyNetworkPolicyAmendment, .unknown:
      return failClosed(item, "the answer was none of those offered")
    }
  }

  /// Only an amendment that was offered counts; anything else fails closed (S5).
  private func amend(
    _ words: [String], _ item: CommandExecutionItem, sandboxed: Bool, offers: [[String]], _ rules: RuleBook
  ) -> Settlement {
    guard offers.contains(words) else {
      return failClosed(item, "the rule `\(ShellQuoting.join(words))` was not among those offered")
    }
    do {
      try rules.remember(PrefixRule(pattern: words, leavesSandbox: sandbox.isWanted && !sandboxed))
    } catch {
      context.items.warn("The rule could not be stored and holds for this process only: \(error)")
    }
    return .run(sandboxed: sandboxed, item: item)
  }

  /// Nothing runs; the user is told why, the model only that it did not run.
  private func failClosed(_ item: CommandExecutionItem, _ why: String) -> Settlement {
    context.items.warn("The command did not run: \(why).")
    return .answer(end(item, .failed, "approval request failed; the command did not run"))
  }

  private func end(_ item: CommandExecutionItem, _ status: CommandExecutionStatus, _ text: String)
    -> ToolOutput
  {
    var item = item
    item.status = status
    context.items.completed(.commandExecution(item))
    return .text(text, success: false)
  }
}

/// The stored rules, read once a process.
enum CommandRules {
  static func book(_ context: ToolContext) -> RuleBook {
    context.processMemory.value {
      let book = RuleBook(directory: context.home.codexHome + "/rules")
      for notice in book.notices { context.items.warn(notice) }
      return book
    }
  }
}
