import StetProtocol

/// What the policy says of a command before it runs.
enum CommandVerdict: Hashable, Sendable {
  /// Runs at once; `sandboxed` says whether inside the sandbox.
  case run(sandboxed: Bool)
  /// The user is asked; if allowed it runs as told.
  case ask(reason: String?, sandboxed: Bool)
  /// Refused without asking; the text is the model's. `lacking` says why an approval would have been needed, where
  /// only the approval policy stood in the way.
  case refuse(String, lacking: String? = nil)
}

/// A command as the policy sees it.
struct CommandRequest: Hashable, Sendable {
  var script: String
  var cwd: String
  /// The model asked to leave the sandbox.
  var escalates: Bool
  /// Why, in the model's words.
  var justification: String?
}

/// Decides without asking anyone and without any I/O.
struct CommandPolicy: Sendable {
  var approvalPolicy: AskForApproval
  /// The policy asks for a sandbox (all but full access and an external one).
  var wantsSandbox: Bool
  /// Why there is none though one is wanted; nil when it works.
  var sandboxProblem: String?
  /// What the stored rules say of the script.
  var ruling: Ruling?
  /// The user accepted exactly this tuple for the session (S11).
  var acceptedForSession: Bool

  func verdict(for request: CommandRequest) -> CommandVerdict {
    if ruling == .forbidden {
      return .refuse("A rule of the user forbids this command. Do not try it in another form; ask the user.")
    }
    let leavesSandbox = wantsSandbox && (request.escalates || sandboxProblem != nil)
    if acceptedForSession { return .run(sandboxed: wantsSandbox && !leavesSandbox) }
    if leavesSandbox {
      // Without walls only what was allowed word by word runs unasked (S1).
      return ruling == .allow(outsideSandbox: true) ? .run(sandboxed: false) : outside(request)
    }
    if case .allow(let outside) = ruling, wantsSandbox || outside { return .run(sandboxed: wantsSandbox) }
    let mustAsk = ruling == .prompt || approvalPolicy.asksForEveryCommand
    guard mustAsk else { return .run(sandboxed: wantsSandbox) }
    if ruling == .prompt ? !approvalPolicy.mayAskForRules : !approvalPolicy.mayAskForCommands {
      return .refuse(
        "This command needs an approval and the approval policy allows no questions. Find another way.",
        lacking: ruling == .prompt ? "a rule wants it to be asked about" : "every command needs an approval")
    }
    return .ask(reason: request.justification, sandboxed: wantsSandbox)
  }

  /// A command that would run without the sandbox that the policy wants.
  private func outside(_ request: CommandRequest) -> CommandVerdict {
    guard approvalPolicy.mayAskForCommands, ruling != .prompt || approvalPolicy.mayAskForRules else {
      if let sandboxProblem, !request.escalates {
        return .refuse(
          "The sandbox does not work here (\(sandboxProblem)) and the approval policy allows no questions.",
          lacking: "the sandbox does not work here (\(sandboxProblem))")
      }
      let why =
        approvalPolicy == .never
        ? "The approval policy is `never`: commands can't leave the sandbox."
        : "The approval policy allows no question about leaving the sandbox."
      return .refuse(
        "\(why) Work inside of it, or tell the user what is needed.",
        lacking: request.justification ?? "it was to run outside of the sandbox")
    }
    let reason =
      request.escalates
      ? request.justification
      : sandboxProblem.map { "There is no sandbox here (\($0)); this runs without one." }
    return .ask(reason: reason, sandboxed: false)
  }
}

extension AskForApproval {
  /// `untrusted` asks for every command, even `ls`.
  var asksForEveryCommand: Bool { self == .untrusted }

  /// Whether the user may be asked because a rule says so. Of the other members of a granular policy,
  /// `mcp_elicitations` is looked at where servers ask; `skill_approval` and `request_permissions` are about questions
  /// that stet never puts: skills run no scripts of their own, and permissions grow with a command's escalation only.
  var mayAskForRules: Bool {
    switch self {
    case .never: false
    case .granular(let granular): granular.rules
    default: true
    }
  }

  /// Whether a question about a command or an edit that the sandbox does not allow may be put to the user at all.
  var mayAskForCommands: Bool {
    switch self {
    case .never: false
    case .granular(let granular): granular.sandboxApproval
    default: true
    }
  }
}
