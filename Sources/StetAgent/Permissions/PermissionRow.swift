import StetConfig
import StetProtocol

/// One thing that is allowed, or asked for, as `/permissions` lists it.
struct PermissionRow: Sendable {
  /// What it came from, to take it back.
  enum Source: Sendable {
    case asked(ConsentRequest)
    case consent(ConsentRequest)
    case hook(HookHandler)
    case stored(RuleBook.Entry)
    case rule(PrefixRule)
    case storedHost(RuleBook.HostEntry)
    case host(HostRule)
    case command(SessionApprovals.Command)
    case path(String)
    case tool(MCPConsent.Key)
  }

  let id: String
  let source: Source
  private var members: JSONObject

  /// As it goes to clients.
  var value: JSONValue {
    var members = members
    members["id"] = .string(id)
    return .object(members)
  }

  private init(
    _ kind: String, _ id: String, _ text: String, _ source: Source, scope: String, outside: Bool = false,
    decision: String = "allow"
  ) {
    self.id = "\(kind):\(id)"
    self.source = source
    members = [
      "kind": .string(kind), "text": .string(text), "decision": .string(decision), "outside": .bool(outside),
      "scope": .string(scope),
    ]
  }

  /// An entry of a project that waits for the user's word: shown whole, a program with its command line.
  init(asked request: ConsentRequest) {
    self.init(
      "asked", request.hash, "\(request.key) = \(request.value.text)", .asked(request), scope: "project",
      decision: "prompt")
    members["place"] = .string(request.file)
  }

  /// An entry of a project that the user agreed to.
  init(consent: ConsentRequest) {
    self.init(
      "consent", consent.hash, "\(consent.key) = \(consent.value.text)", .consent(consent), scope: "project")
    members["place"] = .string(consent.file)
  }

  /// A hook that runs because the user agreed to it as it is, or waits for that word.
  init(hook: HookHandler) {
    let matcher = hook.matcher.map { " (\($0))" } ?? ""
    let text = "hook \(hook.event.rawValue)\(matcher): \(hook.shown)"
    self.init(
      hook.trust == .trusted ? "consent" : "asked", "\(hook.key) \(hook.hash)", text, .hook(hook),
      scope: hook.source.rawValue, outside: false, decision: hook.trust == .trusted ? "allow" : "prompt")
    members["place"] = .string(hook.path)
    members["source"] = "hook"
    if hook.trust == .modified { members["changed"] = true }
  }

  init(stored entry: RuleBook.Entry) {
    self.init(
      "rule", "\(entry.file):\(entry.line)", entry.rule.text, .stored(entry),
      scope: entry.rule.project == nil ? "user" : "project", outside: entry.rule.leavesSandbox,
      decision: entry.rule.decision.rawValue)
    members["place"] = entry.rule.project.map(JSONValue.string)
    members["until"] = entry.rule.lastDay.map(JSONValue.string)
    members["source"] = .string(entry.file)
  }

  init(storedHost entry: RuleBook.HostEntry) {
    self.init(
      "host", "\(entry.file):\(entry.line)", "reaching \(entry.rule.text)", .storedHost(entry),
      scope: entry.rule.project == nil ? "user" : "project",
      decision: entry.rule.isAllowed ? "allow" : "forbidden")
    members["place"] = entry.rule.project.map(JSONValue.string)
    members["until"] = entry.rule.lastDay.map(JSONValue.string)
    members["source"] = .string(entry.file)
  }

  init(tool key: MCPConsent.Key, scope: String) {
    self.init(
      "tool", "\(scope):\(key.server):\(key.tool)", "\(key.server): \(key.tool)", .tool(key), scope: scope)
  }

  /// What holds as long as the thread is loaded.
  static func session(_ state: SessionApprovals.State) -> [PermissionRow] {
    let rules = state.rules.map { rule in
      var row = PermissionRow(
        "rule", "thread:\(rule.line)", rule.text, .rule(rule), scope: "thread", outside: rule.leavesSandbox)
      row.members["until"] = rule.lastDay.map(JSONValue.string)
      return row
    }
    let commands = state.commands.map { command in
      var row = PermissionRow(
        "command", "\(command.wallsKey):\(command.cwd):\(command.script)", command.script,
        .command(command), scope: "thread", outside: command.walls == nil)
      row.members["place"] = .string(command.cwd)
      return row
    }
    let paths = state.paths.map(\.path).map {
      PermissionRow("edit", $0, "edits of \($0)", .path($0), scope: "thread")
    }
    let hosts = state.hosts.map { rule in
      var row = PermissionRow(
        "host", "thread:\(rule.line)", "reaching \(rule.text)", .host(rule), scope: "thread")
      row.members["until"] = rule.lastDay.map(JSONValue.string)
      return row
    }
    return rules + commands + paths + hosts
  }
}
