import StetConfig
import StetProcess

/// The variables that programs of hooks get.
struct HookEnvironment: Sendable {
  /// For the user's own programs: what their commands get, less what looks like a secret (S8).
  private(set) var user: [String: String] = [:]
  /// For those of a project, which came with it: no more than the commands of the model get.
  private var project: [String: String] = [:]

  /// What Claude Code calls the directory of the project.
  static let directoryName = "CLAUDE_PROJECT_DIR"

  static let none = HookEnvironment()
  private init() {}

  init(_ variables: [String: String], _ configuration: Configuration, cwd: String) {
    let policy = CommandEnvironment.policy(configuration.secretNames, configuration.shellEnvironment)
    user = policy.forClient(variables)
    user[Self.directoryName] = configuration.projectDirectories(of: cwd).first ?? cwd
    project = policy.forModel(variables)
  }

  /// The variable that names the project says the directory whose files the user's word covers.
  func variables(for handler: HookHandler) -> [String: String] {
    guard let directory = handler.project else { return user }
    var variables = project
    variables[Self.directoryName] = directory
    return variables
  }
}
