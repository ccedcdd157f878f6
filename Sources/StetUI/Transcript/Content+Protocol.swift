import StetProtocol
import StetText

extension TranscriptItem.Content {
  /// What the server's item becomes on the screen. The router has no logic; each kind converts itself.
  init(_ item: ThreadItem) {
    switch item {
    case .userMessage(let item): self = .user(UserContent(item))
    case .agentMessage: self = .agent
    case .reasoning(let item): self = .reasoning(ReasoningContent(summary: item.summary, raw: item.content))
    case .plan: self = .plan(PlanContent(isText: true))
    case .commandExecution(let item): self = .command(CommandContent(item))
    case .fileChange(let item): self = .fileChange(FileChangeContent(item))
    case .mcpToolCall(let item): self = .tool(ToolContent(item))
    case .dynamicToolCall(let item): self = .tool(ToolContent(item))
    case .functionCallOutput(let item): self = .tool(ToolContent(item))
    case .webSearch(let item): self = .webSearch(WebSearchContent(item))
    case .imageView(let item): self = .image(ImageContent(path: item.path))
    case .enteredReviewMode(let item): self = .review(ReviewNoteContent(isStart: true, text: item.review))
    case .exitedReviewMode(let item): self = .review(ReviewNoteContent(isStart: false, text: item.review))
    case .contextCompaction: self = .compaction
    case .unknown(let value):
      self = .unknown(type: value["type"]?.stringValue ?? "unknown item", text: value.text)
    }
  }
}

extension UserContent {
  init(_ item: UserMessageItem) {
    var texts: [String] = []
    attachments = []
    for part in item.content {
      switch part {
      case .text(let input): texts.append(input.text)
      case .image(let input): attachments.append("image " + (input.url.map { String($0.prefix(80)) } ?? ""))
      case .localImage(let path, _): attachments.append("image " + path)
      case .audio: attachments.append("audio")
      case .localAudio(let path): attachments.append("audio " + path)
      case .skill(let name, _): attachments.append("skill " + name)
      case .mention(let name, _): attachments.append("@" + name)
      case .unknown(let value): attachments.append(value["type"]?.stringValue ?? "attachment")
      }
    }
    text = texts.joined(separator: "\n")
  }
}

extension PlanContent {
  init(_ update: TurnPlanUpdatedNotification) {
    explanation = update.explanation
    steps = update.plan.map { step in
      switch step.status {
      case .completed: Step(text: step.step, state: .done)
      case .inProgress: Step(text: step.step, state: .doing)
      case .pending, .unknown: Step(text: step.step, state: .todo)
      }
    }
  }
}

extension CommandContent {
  init(_ item: CommandExecutionItem) {
    command = ShellWords.script(of: item.command)
    directory = item.cwd
    exitCode = item.exitCode
    durationMs = item.durationMs
    isUserShell = item.source == .userShell
    switch item.status {
    // Until it runs, a command has no process.
    case .inProgress: state = item.processId == nil ? .waiting : .running
    case .completed: state = .succeeded
    case .failed, .unknown: state = .failed
    case .declined: state = .declined
    }
    quiet = Self.quiet(item.commandActions)
    denied = item.stet?["denied"]?.stringValue
  }

  /// Set if every part of the command only reads, lists or searches.
  private static func quiet(_ actions: [CommandAction]) -> Quiet? {
    var verbs: [String] = []
    var subjects: [String] = []
    for action in actions {
      switch action {
      case .read(let action):
        verbs.append("Read")
        subjects.append(action.name.isEmpty ? action.path : action.name)
      case .listFiles(let action):
        verbs.append("Listed")
        subjects.append(action.path ?? ".")
      case .search(let action):
        verbs.append("Searched")
        subjects.append((action.query ?? action.command) + (action.path.map { " in " + $0 } ?? ""))
      case .unknown, .unlisted: return nil
      }
    }
    guard let verb = verbs.first else { return nil }
    let isOne = verbs.allSatisfy { $0 == verb }
    return Quiet(verb: isOne ? verb : "Looked at", subject: subjects.joined(separator: ", "))
  }
}

extension ToolContent {
  init(_ item: McpToolCallItem) {
    server = item.server
    tool = item.tool
    arguments = item.arguments.isNull ? "" : item.arguments.text
    isRunning = item.status == .inProgress
    hasFailed = item.status == .failed
    durationMs = item.durationMs
    let parts = item.result?.content.map { $0["text"]?.stringValue ?? $0.text } ?? []
    result = item.error?.message ?? parts.joined(separator: "\n")
  }

  init(_ item: DynamicToolCallItem) {
    server = item.namespace
    tool = item.tool
    arguments = item.arguments.isNull ? "" : item.arguments.text
    isRunning = item.status == .inProgress
    hasFailed = item.status == .failed || item.success == false
    durationMs = item.durationMs
    result = (item.contentItems ?? []).map { part in
      switch part {
      case .inputText(let text): text
      case .inputImage: "[image]"
      case .inputAudio: "[audio]"
      case .unknown(let value): value.text
      }
    }.joined(separator: "\n")
  }

  init(_ item: FunctionCallOutputItem) {
    server = item.namespace
    tool = item.name
    arguments = ""
    isRunning = false
    hasFailed = false
    switch item.output {
    case .text(let text): result = text
    case .parts(let parts): result = parts.map { $0["text"]?.stringValue ?? $0.text }.joined(separator: "\n")
    }
  }
}

extension WebSearchContent {
  init(_ item: WebSearchItem) {
    query = item.query
    action = "Searched the web for"
    switch item.action {
    case .openPage(let url):
      action = "Opened"
      query = url ?? item.query
    case .findInPage(let find):
      action = "Looked in a page for"
      query = find.pattern ?? item.query
    case .search(let search):
      query = search.query ?? search.queries?.joined(separator: ", ") ?? item.query
    case .other, .unknown, nil: break
    }
  }
}
