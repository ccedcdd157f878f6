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
    let judge = CommandJudge(
      approvalPolicy: context.settings.approvalPolicy, wantsSandbox: sandbox.isWanted,
      sandboxProblem: sandbox.problem, session: context.sessionApprovals, rules: CommandRules.book(context),
      walls: sandbox.kind)
    let request = CommandRequest(
      script: arguments.script, cwd: arguments.cwd, escalates: arguments.escalates,
      justification: arguments.justification)
    let judgement = judge.judge(request)
    switch await certain(judgement) {
    case .run(let sandboxed): return .run(sandboxed: sandboxed, item: item)
    case .refuse(let text, let lacking):
      if let lacking { context.items.refused(arguments.script, because: lacking) }
      return .answer(.text(text, success: false))
    case .ask(let reason, let sandboxed):
      let question = Question(
        reason: reason, sandboxed: sandboxed, offers: judgement.offers(outside: !sandboxed),
        tuple: judge.tuple(request), judge: judge)
      return await ask(question, judgement)
    }
  }

  /// The verdict, but that words which were agreed to earlier run nothing outside of the sandbox that a command inside may
  /// have put in a program's place; a question says so too.
  private func certain(_ judgement: CommandJudge.Judgement) async -> CommandVerdict {
    let asked: String?
    switch judgement.verdict {
    case .run(sandboxed: false): asked = nil
    case .ask(let reason, sandboxed: false): asked = reason
    default: return judgement.verdict
    }
    guard sandbox.isWanted else { return judgement.verdict }
    let roots = context.settings.workspaceRoots + [context.settings.cwd] + context.settings.writableRoots
    let planted = PlantedPrograms.found(
      in: judgement.script, path: await CommandEnvironment.make(context, arguments)["PATH"],
      below: roots.map(RealPath.of))
    guard let first = planted.first else { return judgement.verdict }
    let words = "It would run \(first), which commands in the sandbox can write."
    if case .run = judgement.verdict, !context.settings.approvalPolicy.mayAskForCommands {
      return .refuse(words + " The approval policy allows no questions.", lacking: words)
    }
    return .ask(reason: asked.map { "\($0) (\(words))" } ?? words, sandboxed: false)
  }

  /// What was asked, for reading the answer.
  private struct Question {
    let reason: String?
    let sandboxed: Bool
    let offers: [RuleOffer]
    let tuple: SessionApprovals.Command
    let judge: CommandJudge

    /// The offers as the protocol can say them: one list of words each.
    var amendments: [[String]] {
      var amendments: [[String]] = []
      for offer in offers where offer.rules.count == 1 {
        if !amendments.contains(offer.rules[0].pattern) { amendments.append(offer.rules[0].pattern) }
      }
      return amendments
    }
  }

  private var item: CommandExecutionItem {
    CommandExecutionItem(
      id: call.itemId, command: arguments.commandLine, cwd: arguments.cwd, status: .inProgress,
      commandActions: CommandActions.of(arguments.script))
  }

  private func ask(_ question: Question, _ judgement: CommandJudge.Judgement) async -> Settlement {
    let item = item
    let amendments = question.amendments
    let offered = amendments.map(CommandExecutionApprovalDecision.acceptWithExecpolicyAmendment)
    let params = CommandExecutionRequestApprovalParams(
      threadId: context.threadId, turnId: context.turnId, itemId: call.itemId,
      startedAtMs: WallClock.milliseconds,
      environmentId: "local", reason: question.reason, command: arguments.commandLine, cwd: arguments.cwd,
      commandActions: item.commandActions, proposedExecpolicyAmendment: amendments.last,
      availableDecisions: [.accept, .acceptForSession] + offered + [.decline, .cancel],
      stet: StetCommandApproval(
        undoable: context.changes.coversCommands ? .full : .none, sandboxed: question.sandboxed,
        consent: judgement.consent(outside: !question.sandboxed, offers: question.offers)))
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
      return decide(value, item, question)
    }
  }

  /// A refused command completes its item before the flag of the waiting turn is cleared (protocol.md §4).
  private static func isRefusal(_ answer: ApprovalAnswer) -> Bool {
    guard case .answered(let value) = answer else { return false }
    return value["decision"] == "decline" || value["decision"] == "cancel"
  }

  private func decide(
    _ value: JSONValue, _ item: CommandExecutionItem, _ question: Question
  ) -> Settlement {
    let response: CommandExecutionRequestApprovalResponse
    do {
      response = try value.decode(CommandExecutionRequestApprovalResponse.self)
    } catch {
      return failClosed(item, "the answer could not be read")
    }
    switch response.decision {
    case .accept:
      guard let wish = value["stet"]?["remember"], !wish.isNull else {
        return .run(sandboxed: question.sandboxed, item: item)
      }
      return remember(wish, item, question)
    case .acceptForSession:
      question.judge.session.accept(question.tuple)
      return .run(sandboxed: question.sandboxed, item: item)
    case .acceptWithExecpolicyAmendment(let words): return amend(words, item, question)
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

  /// Only an amendment that was offered counts; anything else fails closed (S5). Clients that say no scope mean every
  /// directory, as with Codex.
  private func amend(_ words: [String], _ item: CommandExecutionItem, _ question: Question) -> Settlement {
    guard
      let offer = question.offers.first(where: { offer in
        offer.rules.count == 1
          && offer.rules[0].pattern.elementsEqual(words) { $0.utf8.elementsEqual($1.utf8) }
      })
    else {
      return failClosed(item, "the rule `\(ShellQuoting.join(words))` was not among those offered")
    }
    return store(offer.rules, .user, item, question)
  }

  /// Fails closed like an amendment.
  private func remember(
    _ wish: JSONValue, _ item: CommandExecutionItem, _ question: Question
  ) -> Settlement {
    let wanted: RememberWish
    do {
      wanted = try RememberWish(wish, offers: question.offers.count)
    } catch {
      return failClosed(item, error.reason)
    }
    let rules = question.offers[wanted.offer].rules.map { rule in
      var rule = rule
      rule.lastDay = wanted.lastDay
      rule.project = wanted.scope == .project ? RealPath.of(context.settings.cwd) : nil
      return rule
    }
    return store(rules, wanted.scope, item, question)
  }

  private func store(
    _ rules: [PrefixRule], _ scope: RememberWish.Scope, _ item: CommandExecutionItem, _ question: Question
  ) -> Settlement {
    if scope == .thread {
      question.judge.session.accept(rules)
    } else {
      do {
        try question.judge.rules.remember(rules)
      } catch {
        question.judge.session.accept(rules)
        context.items.warn("The rule could not be stored and holds for this thread only: \(error)")
      }
    }
    return .run(sandboxed: question.sandboxed, item: item)
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
      let book = RuleBook(directory: context.home.rulesDirectory)
      for notice in book.notices { context.items.warn(notice) }
      return book
    }
  }
}
