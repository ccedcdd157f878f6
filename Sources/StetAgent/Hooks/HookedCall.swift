import StetJSON
import StetProtocol

/// A call of the model with the user's programs before and behind it (X7).
struct HookedCall: Sendable {
  let hooks: HookRunner
  let tool: any Tool
  let call: ToolCall
  let context: ToolContext
  /// The tool that the model called to reach this one, if it did.
  var way: String?

  func run() async -> ToolOutput { await resolved().hooked() }

  /// The call by the one name of its tool, and the tool that `call_tool` leads to: whoever denies, allows or is told of
  /// `mcp__server__tool` means that tool, however the model spelled it.
  private func resolved() async -> HookedCall {
    switch tool {
    case let tool as MCPTool:
      return HookedCall(hooks: hooks, tool: tool, call: tool.named(call), context: context)
    case let pair as MCPCallTool:
      guard let (tool, call) = await pair.target(of: call) else { return self }
      return HookedCall(hooks: hooks, tool: tool, call: call, context: context, way: pair.name)
    default: return self
    }
  }

  private func hooked() async -> ToolOutput {
    let around: [HookEvent] = [.preToolUse, .permissionRequest, .postToolUse]
    guard around.contains(where: hooks.has) else {
      var context = context
      context.approvals.reviewer = context.autoReview?.reviewer(call, context)
      return await tool.run(call, context)
    }
    let before = await hooks.run(.preToolUse, hookCall)
    if Task.isCancelled { return .text("aborted by user before it ran", success: false) }
    if let stop = before.stop { return stopped(stop) }
    if case .deny(let reason) = before.decision { return blocked(reason) }
    guard let input = before.input else { return await run(behind: before) }
    // What is judged, asked about and run is the call as it is then, never the one that was.
    let changed = HookTool(call: call, cwd: context.settings.cwd).changed(input)
    var output = await HookedCall(hooks: hooks, tool: tool, call: changed, context: context, way: way)
      .run(behind: before)
    if changed != call {
      output.content.append(
        .text("A PreToolUse hook changed what the tool was called with to: \(Self.shown(changed))"))
    }
    return output
  }

  private func run(behind before: HookOutcome) async -> ToolOutput {
    let isAllowed: Bool
    switch await judge(before) {
    case .answer(let output): return output
    case .run(let allowed): isAllowed = allowed
    }
    var context = context
    context.approvals.reviewer = reviewer(call, allowed: isAllowed)
    var output = await tool.run(call, context)
    for text in before.contexts { output.content.append(Self.contextPart(text, .preToolUse)) }
    if output.success, hooks.has(.postToolUse), !Task.isCancelled { await look(at: &output) }
    return output
  }

  private var hookCall: HookCall { HookTool(call: call, cwd: context.settings.cwd, way: way).hookCall }

  // MARK: - Before

  private enum Judgement {
    /// It may run; `allowed`: somebody has said yes to it already.
    case run(allowed: Bool)
    case answer(ToolOutput)
  }

  /// A hook that broke is no consent: the user decides, or nobody may be asked and it does not run.
  private func judge(_ outcome: HookOutcome) async -> Judgement {
    var doubts = outcome.faults.map { "A PreToolUse hook failed: \($0)" }
    if case .ask(let reason) = outcome.decision { doubts.insert("A PreToolUse hook asks: \(reason)", at: 0) }
    guard !doubts.isEmpty else { return .run(allowed: outcome.isAllowed) }
    let why = doubts.joined(separator: "\n")
    guard context.settings.approvalPolicy.mayAskForCommands else {
      context.items.refused(HookQuestion.shown(call), because: why)
      return .answer(blocked(why + "\nNobody may be asked, so it did not run."))
    }
    switch await HookQuestion(call: call, context: context, why: why).ask() {
    case .yes: return .run(allowed: true)
    case .no: return .answer(blocked("The user refused. \(why)"))
    case .cancelled: return .answer(.text("aborted by user before it ran", success: false))
    }
  }

  private func blocked(_ reason: String) -> ToolOutput {
    DeclinedCall(call: call, tool: tool, context: context).show(reason)
    let what = call.name == "exec_command" ? "Command" : "Call of \(call.name)"
    return .text("\(what) blocked by PreToolUse hook: \(reason)", success: false)
  }

  private func stopped(_ reason: String) -> ToolOutput {
    var output = blocked(reason)
    output.interruptsTurn = true
    return output
  }

  private static func shown(_ call: ToolCall) -> String {
    let text = if case .text(let text) = call.input { text } else { call.arguments.text }
    return OutputCutter.cut(text, to: 2_000, file: nil)
  }

  // MARK: - Questions

  /// Answers a question in the user's place: with the yes that a hook gave before, or with what the hooks for such
  /// questions say. Nil: the user is asked.
  /// What they leave open is reviewed by a model, if the user chose that.
  private func reviewer(_ call: ToolCall, allowed: Bool) -> ApprovalDesk.Reviewer? {
    let next = context.autoReview?.reviewer(call, context)
    guard allowed || hooks.has(.permissionRequest) else { return next }
    return { [hooks, context, hookCall] request, isOutside, usersOnly, open in
      guard let answers = HookVerdict(request, isOutside: isOutside) else {
        return await next?(request, isOutside, usersOnly, open)
      }
      // A yes to the call is no yes to leaving the sandbox (S3).
      if allowed, !answers.isOutside { return answers.yes }
      guard hooks.has(.permissionRequest) else { return await next?(request, isOutside, usersOnly, open) }
      let outcome = await hooks.run(.permissionRequest, hookCall)
      for fault in outcome.faults { context.items.warn("A PermissionRequest hook failed: \(fault)") }
      switch outcome.decision {
      case .allow where outcome.faults.isEmpty: return answers.yes
      case .deny(let reason):
        context.items.warn("A PermissionRequest hook refused \(HookQuestion.shown(call)): \(reason)")
        return answers.no(reason)
      case .none: return await next?(request, isOutside, usersOnly, open)
      // A hook that broke, or wants the user to be asked, is no case for a model.
      case .allow, .ask: return nil
      }
    }
  }

  // MARK: - Behind

  private func look(at output: inout ToolOutput) async {
    var hookCall = hookCall
    hookCall.fields["tool_response"] = [
      "success": .bool(output.success), "output": .string(output.text), "stdout": .string(output.text),
      "stderr": "", "interrupted": false,
    ]
    for index in hookCall.alternatives.indices {
      hookCall.alternatives[index]["tool_response"] = hookCall.fields["tool_response"]
    }
    guard hooks.handlers.contains(where: { $0.event == .postToolUse && !hookCall.inputs(for: $0).isEmpty })
    else {
      return
    }
    // A formatter changes files: its work is part of the turn, and is undone with it.
    let window = await context.changes.willRun("PostToolUse hooks")
    let outcome = await hooks.run(.postToolUse, hookCall)
    await context.changes.didRun(window)
    for fault in outcome.faults { context.items.warn("A PostToolUse hook failed: \(fault)") }
    if case .deny(let reason) = outcome.decision {
      output.content.append(.text("A PostToolUse hook says: \(reason)"))
    }
    for text in outcome.contexts { output.content.append(Self.contextPart(text, .postToolUse)) }
    if let stop = outcome.stop {
      context.items.warn("A PostToolUse hook ended the turn: \(stop)")
      output.content.append(.text("A PostToolUse hook ended the turn: \(stop)"))
      output.interruptsTurn = true
    }
  }

  private static func contextPart(_ text: String, _ event: HookEvent) -> ToolOutput.Content {
    .text("<hook_context event=\"\(event.rawValue)\">\n\(text)\n</hook_context>")
  }
}
