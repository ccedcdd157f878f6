import Glibc
import StetConfig
import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// A thread with hooks: files as users have them, agreed to as `stet trust` does, and what the programs were told.
final class HookHouse: Sendable {
  let harness: AgentHarness
  let user: TempDirectory
  var work: TempDirectory { harness.work }

  /// - Parameters:
  ///   - files: paths below the user's home and what they hold; `@` stands for the home.
  ///   - project: the same below the workspace, which is trusted then.
  ///   - agreed: whether the user agreed to all of them.
  init(
    _ script: [FakeModel.Step], _ files: [String: String] = [:], project: [String: String] = [:],
    agreed: Bool = true, tools: [any Tool]? = nil, settings: String = "", environment: [String: String] = [:],
    provider: String = ""
  ) throws {
    user = TempDirectory("user")
    let user = user
    harness = AgentHarness(
      script, tools: tools, settings: settings, provider: provider,
      environment: ["HOME": user.path, "PATH": "/usr/local/bin:/usr/bin:/bin"].merging(environment) { $1 })
    for (path, text) in files { user.write(path, text.replacing("@", with: user.path)) }
    for (path, text) in project { harness.work.write(path, text.replacing("@", with: user.path)) }
    if !project.isEmpty {
      try ConfigurationFile.update(path: harness.home.path("config.toml")) {
        (file) throws(ConfigurationError) in try file.trust(directory: harness.work.path)
      }
    }
    if agreed { try agree() }
  }

  var catalog: HookCatalog { get throws { try catalog(in: harness.work.path) } }

  func catalog(in cwd: String) throws -> HookCatalog {
    let home = StetHome(root: harness.home.path)
    return HookCatalog(
      cwd: cwd, configuration: try ConfigurationLoader.load(home: home, cwd: cwd), home: home,
      environment: ["HOME": user.path])
  }

  /// Says yes to every hook as it is now.
  func agree() throws {
    let handlers = try catalog.handlers
    try ConfigurationFile.update(path: harness.home.path("config.toml")) {
      (file) throws(ConfigurationError) in
      for handler in handlers {
        try file.set(["hooks", "state", handler.key, "trusted_hash"], to: .string(handler.hash))
      }
    }
  }

  /// A thread in the workspace that asks nobody unless `approval` says so.
  func start(
    _ approval: AskForApproval = .never, sandbox: SandboxMode = .dangerFullAccess, in cwd: String? = nil
  ) async throws -> String {
    var params = ThreadStartParams(cwd: cwd ?? work.path)
    params.sandbox = sandbox
    params.approvalPolicy = approval
    return try await harness.start(params).thread.id
  }

  /// What a hook wrote into a file of the user's home, as JSON lines.
  func told(_ name: String) throws -> [JSONValue] {
    try (user.text(name) ?? "").split(separator: "\n").map { try JSONValue(parsing: String($0)) }
  }

  /// The runs that clients heard of: event and status.
  var runs: [String] {
    harness.sink.notifications.compactMap { notification in
      switch notification {
      case .hookStarted(let note): "\(note.run["eventName"]?.stringValue ?? "") started"
      case .hookCompleted(let note):
        "\(note.run["eventName"]?.stringValue ?? "") \(note.run["status"]?.stringValue ?? "")"
      default: nil
      }
    }
  }

  var items: [ThreadItem] {
    harness.sink.notifications.compactMap { if case .itemCompleted(let note) = $0 { note.item } else { nil } }
  }

  /// Outputs of calls that a request holds.
  func outputs(_ request: Int) -> [String] { harness.input(request).compactMap { $0["output"]?.stringValue } }

  /// `hooks` of one event with one command.
  static func one(_ event: String, _ command: String, matcher: String? = nil, more: String = "") -> String {
    let escaped = JSONValue.string(command).text
    let match = matcher.map { "\"matcher\": \(JSONValue.string($0).text), " } ?? ""
    return """
      {"hooks": {"\(event)": [{\(match)"hooks": [{"type": "command", "command": \(escaped)\(more)}]}]}}
      """
  }
}
