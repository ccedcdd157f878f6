import StetConfig
import StetProtocol

/// All that allows something in one thread, each with a way to take it back.
struct ThreadPermissions: Sendable {
  let settings: TurnSettings
  let home: StetHome
  let judge: CommandJudge
  private let environment: [String: String]
  private let configuration: @Sendable () throws -> Configuration
  private let tools: MCPConsent
  private let toolFile: MCPConsentFile
  let rows: [PermissionRow]
  /// Why the configuration could not be read; what it asks for is not known then.
  private let problem: String?

  init(_ session: isolated ThreadSession) async {
    let services = session.services
    let settings = session.settings
    let sandbox = await SandboxChoice.make(
      settings, network: false, memory: services.processMemory,
      environment: services.environment.processEnvironment)
    let home = services.environment.home
    let (meta, environment) = (session.meta, services.environment)
    self.init(
      settings: settings, home: home,
      judge: CommandJudge(
        approvalPolicy: settings.approvalPolicy, wantsSandbox: sandbox.isWanted,
        sandboxProblem: sandbox.problem, session: session.threadMemory.value { SessionApprovals() },
        rules: services.processMemory.value { RuleBook(directory: home.rulesDirectory) },
        sandboxWords: sandbox.words, wallsAreWhole: sandbox.isWhole, walls: sandbox.kind),
      environment: environment.processEnvironment,
      configuration: { try environment.configuration(settings.cwd, meta.sessionConfig) },
      tools: session.threadMemory.value { MCPConsent() },
      toolFile: services.processMemory.value { MCPConsentFile(path: MCPConsentFile.path(home)) })
  }

  /// The same, as it is now.
  init(_ old: ThreadPermissions) {
    self.init(
      settings: old.settings, home: old.home, judge: old.judge, environment: old.environment,
      configuration: old.configuration, tools: old.tools, toolFile: old.toolFile)
  }

  private init(
    settings: TurnSettings, home: StetHome, judge: CommandJudge, environment: [String: String],
    configuration: @escaping @Sendable () throws -> Configuration, tools: MCPConsent, toolFile: MCPConsentFile
  ) {
    self.settings = settings
    self.home = home
    self.judge = judge
    self.environment = environment
    self.configuration = configuration
    self.tools = tools
    self.toolFile = toolFile
    var rows: [PermissionRow] = []
    do {
      let configuration = try configuration()
      let hooks = HookCatalog(
        cwd: settings.cwd, configuration: configuration, home: home, environment: environment
      ).handlers.filter { $0.isEnabled && $0.concerns(configuration) }
      rows = configuration.consentRequests.map(PermissionRow.init(asked:))
      rows += hooks.filter { $0.trust != .trusted }.map(PermissionRow.init(hook:))
      rows += configuration.consents.map(PermissionRow.init(consent:))
      rows += hooks.filter { $0.trust == .trusted }.map(PermissionRow.init(hook:))
      problem = nil
    } catch {
      problem = "\(error)"
    }
    rows += judge.rules.entries.map(PermissionRow.init(stored:))
    rows += judge.rules.hosts.map(PermissionRow.init(storedHost:))
    rows += PermissionRow.session(judge.session.all)
    rows += tools.all.map { PermissionRow(tool: $0, scope: "thread") }
    rows += toolFile.all.map { PermissionRow(tool: $0, scope: "user") }
    self.rows = rows
  }

  var answer: StetPermissions {
    let words = judge.sandboxWords + (problem.map { " (config: \($0))" } ?? "")
    return StetPermissions(
      data: rows.map(\.value),
      sandbox: [
        "wanted": .bool(judge.wantsSandbox), "works": .bool(judge.sandboxProblem == nil),
        "whole": .bool(judge.wallsAreWhole), "words": .string(words),
      ])
  }

  // MARK: - Changing

  func change(_ id: String, allow: Bool) throws {
    guard let row = rows.first(where: { $0.id.utf8.elementsEqual(id.utf8) }) else {
      throw RPCError.invalidRequest("it is no longer there; the list has changed")
    }
    switch row.source {
    case .asked(let request):
      guard allow else { throw RPCError.invalidRequest("nothing was allowed yet") }
      try ConfigurationFile.update(path: home.configFile) { (file) throws(ConfigurationError) in
        try file.consent(to: request)
      }
    case .hook(let hook) where hook.trust != .trusted:
      guard allow else { throw RPCError.invalidRequest("nothing was allowed yet") }
      try agree(to: hook, .string(hook.hash))
    case _ where allow: throw RPCError.invalidRequest("it is allowed already")
    case .consent(let consent):
      try ConfigurationFile.update(path: home.configFile) { (file) throws(ConfigurationError) in
        try file.revoke(consent)
      }
    case .hook(let hook): try agree(to: hook, .null)
    case .stored(let entry): try judge.rules.revoke(entry)
    case .storedHost(let entry): try judge.rules.revoke(entry)
    case .host(let rule): judge.session.revoke { state in state.hosts.removeAll { $0 == rule } }
    case .rule(let rule): judge.session.revoke { state in state.rules.removeAll { $0 == rule } }
    case .command(let command): judge.session.revoke { state in state.commands.removeAll { $0 == command } }
    case .path(let path): judge.session.revoke { state in state.paths.removeAll { $0.isAt(path) } }
    case .tool(let key):
      tools.remove(key)
      if let problem = toolFile.remove(key) { throw RPCError.invalidRequest(problem) }
    }
  }

  /// The user's word on a hook as it is now; null takes it back.
  private func agree(to hook: HookHandler, _ hash: JSONValue) throws {
    try ConfigurationFile.update(path: home.configFile) { (file) throws(ConfigurationError) in
      try file.set(["hooks", "state", hook.key, "trusted_hash"], to: hash)
    }
  }

  // MARK: - Testing

  /// What would become of a typed command: the same judge as for the model's.
  func test(_ script: String, cwd: String?) throws -> JSONValue {
    let directory = RealPath.of(cwd.map { PathText.join(settings.cwd, $0) } ?? settings.cwd)
    let judgement = judge.judge(
      CommandRequest(script: script, cwd: directory, escalates: false, justification: nil))
    var answer: JSONObject = [:]
    switch judgement.verdict {
    case .run(let sandboxed):
      answer["verdict"] = "run"
      answer["sandboxed"] = .bool(sandboxed)
    case .ask(let reason, let sandboxed):
      answer["verdict"] = "ask"
      answer["sandboxed"] = .bool(sandboxed)
      answer["reason"] =
        (reason ?? judgement.script.opaqueReason.map { "no rule can cover it: it has \($0)" })
        .map(JSONValue.string)
    case .refuse(let text, let lacking):
      answer["verdict"] = "refuse"
      answer["reason"] = .string(lacking ?? text)
    }
    answer["parts"] = .array(
      zip(judgement.script.commands, judgement.rulings).map { words, ruling in
        ["text": .string(ShellQuoting.join(words)), "verdict": .string(Self.word(ruling))]
      })
    return .object(answer)
  }

  private static func word(_ ruling: Ruling?) -> String {
    switch ruling {
    case .allow(outsideSandbox: true): "allowed, outside too"
    case .allow: "allowed"
    case .prompt: "a rule asks"
    case .forbidden: "forbidden"
    case nil: "no rule"
    }
  }
}
