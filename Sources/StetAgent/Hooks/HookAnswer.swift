import StetJSON

/// What one run of a hook said: by its exit status, its words on standard error, or JSON on standard output, as Claude
/// Code and Codex read them. Untrusted.
struct HookAnswer: Sendable {
  enum Decision: Sendable, Hashable {
    case none
    case allow
    case ask(String)
    case deny(String)
  }

  enum Entry: Sendable, Hashable {
    case warning(String), stop(String), feedback(String), context(String), error(String)
  }

  /// How a run ended.
  enum End: Sendable {
    case exited(Int32, output: String, errors: String)
    /// It was killed, took too long, or could not be started.
    case broken(String)
  }

  /// Bytes of one text for the model; a hook that says more is cut in the middle.
  private static let textLimit = 10_000

  var decision = Decision.none
  /// `continue: false`: what is under way ends.
  var stop: String?
  var contexts: [String] = []
  /// For the user.
  var message: String?
  /// In place of what the tool was called with.
  var input: JSONObject?
  /// Why it counts as broken.
  var fault: String?

  init(_ end: End, of event: HookEvent) {
    switch end {
    case .broken(let why): fault = why
    case .exited(2, _, let errors):
      let reason = Self.clean(errors) ?? "no reason was given"
      // Where there is nothing to block it is an error like any other.
      if event.mayBlock { decision = .deny(reason) } else { fault = reason }
    case .exited(0, let output, _): read(output, event)
    case .exited(let code, _, let errors):
      fault = "exit status \(code)" + (Self.clean(errors).map { ": \($0)" } ?? "")
    }
  }

  /// The status of the run in `hook/completed`.
  var status: String {
    if fault != nil { return "failed" }
    if case .deny = decision { return "blocked" }
    return stop == nil ? "completed" : "stopped"
  }

  var entries: [Entry] {
    var entries: [Entry] = []
    if let message { entries.append(.warning(message)) }
    if let fault { entries.append(.error(fault)) }
    if let stop { entries.append(.stop(stop)) }
    switch decision {
    case .deny(let reason), .ask(let reason): entries.append(.feedback(reason))
    case .none, .allow: break
    }
    return entries + contexts.map(Entry.context)
  }

  // MARK: - Reading

  private mutating func read(_ output: String, _ event: HookEvent) {
    guard let text = Self.clean(output) else { return }
    guard text.hasPrefix("{") else {
      // Plain words are context where there is a place for it, and else nobody's business.
      if event == .sessionStart || event == .userPromptSubmit { contexts = [text] }
      return
    }
    let value: JSONValue
    do {
      value = try JSONValue(parsing: output.drop(while: \.isWhitespace).description)
    } catch {
      fault = "its answer is no JSON: \(error.message)"
      return
    }
    let own = value["hookSpecificOutput"]
    if let said = value["systemMessage"]?.stringValue { message = Self.clean(said) }
    if value["continue"]?.boolValue == false {
      stop = value["stopReason"]?.stringValue.flatMap(Self.clean) ?? "a \(event.rawValue) hook ended it"
    }
    for place in [own, value] {
      if let said = place?["additionalContext"]?.stringValue.flatMap(Self.clean) { contexts.append(said) }
    }
    input = own?["updatedInput"]?.objectValue ?? own?["decision"]?["updatedInput"]?.objectValue
    decide(value, own)
  }

  private mutating func decide(_ value: JSONValue, _ own: JSONValue?) {
    let word: String?
    let reason: String?
    if let said = own?["permissionDecision"]?.stringValue {
      (word, reason) = (said, own?["permissionDecisionReason"]?.stringValue)
    } else if let behavior = own?["decision"]?["behavior"]?.stringValue {
      (word, reason) = (behavior, own?["decision"]?["message"]?.stringValue)
    } else {
      (word, reason) = (value["decision"]?.stringValue, value["reason"]?.stringValue)
    }
    let why = reason.flatMap(Self.clean) ?? "no reason was given"
    switch word {
    case nil, "defer"?: break
    case "allow"?, "approve"?: decision = .allow
    case "deny"?, "block"?: decision = .deny(why)
    case "ask"?: decision = .ask(why)
    case let word?: fault = "its decision \(word) is none that there is"
    }
  }

  /// Without blanks around it, cut where it is too long; nil when nothing is left.
  private static func clean(_ text: String) -> String? {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace ?? false { text = text.dropLast() }
    return text.isEmpty ? nil : OutputCutter.cut(PlainOutput.strip(String(text)), to: textLimit, file: nil)
  }
}

extension HookEvent {
  /// Whether exit status 2 keeps something from happening.
  fileprivate var mayBlock: Bool {
    switch self {
    case .preToolUse, .permissionRequest, .postToolUse, .userPromptSubmit, .stop, .subagentStop, .preCompact:
      true
    case .sessionStart, .sessionEnd, .postCompact, .subagentStart, .interrupt: false
    }
  }
}

/// What all hooks of an event said together: the strictest word wins.
struct HookOutcome: Sendable {
  var decision = HookAnswer.Decision.none
  var stop: String?
  var contexts: [String] = []
  private(set) var input: JSONObject?
  /// The hook that changed the call said yes to what it made of it.
  private var allowsInput = false
  /// Programs that broke, in words.
  var faults: [String] = []

  mutating func add(_ answer: HookAnswer, of handler: HookHandler) {
    if let fault = answer.fault { faults.append("`\(handler.shownCommand)`: \(fault)") }
    if stop == nil { stop = answer.stop }
    contexts += answer.contexts
    if let new = answer.input { (input, allowsInput) = (new, answer.decision == .allow) }
    switch (decision, answer.decision) {
    case (.deny(let first), .deny(let second)): decision = .deny("\(first)\n\(second)")
    case (.deny, _), (_, .none): break
    case (_, .deny): decision = answer.decision
    case (.ask(let first), .ask(let second)): decision = .ask("\(first)\n\(second)")
    case (.ask, _): break
    case (_, .ask), (.none, .allow), (.allow, .allow): decision = answer.decision
    }
  }

  /// Yes to the call that runs: the yes of one hook is none to what another one made of it.
  var isAllowed: Bool { decision == .allow && (input == nil || allowsInput) }

  /// The contexts as an item of the prompt each.
  func items(_ event: HookEvent) -> [JSONValue] {
    contexts.map { MessageItem.ours("<hook_context event=\"\(event.rawValue)\">\n\($0)\n</hook_context>") }
  }
}

extension HookHandler {
  /// The command in a sentence.
  var shownCommand: String { String(command.prefix(120)) }
}
