import StetConfig
import StetProcess
import StetProtocol

/// The variables that a command of the model gets: those of the user's login shell, taken once a thread (T10), less
/// what looks like a secret (S8).
enum CommandEnvironment {
  static func make(_ context: ToolContext, _ arguments: ExecArguments) async -> [String: String] {
    let login = await context.threadMemory.value { LoginCache() }.variables(
      inherited: context.processEnvironment)
    if let problem = login.newProblem {
      context.items.warn("Commands run without the login shell's environment: \(problem)")
    }
    return policy(context.secretNames, context.shellEnvironment)
      .forModel(login.variables, terminal: arguments.tty)
  }

  /// - Parameter wanted: the table `[shell_environment_policy]`.
  static func policy(_ secretNames: Set<String>, _ wanted: ShellEnvironmentConfig?) -> EnvironmentPolicy {
    var policy = EnvironmentPolicy(excluded: secretNames)
    if let wanted { policy.choice = choice(wanted) }
    return policy
  }

  private static func choice(_ config: ShellEnvironmentConfig) -> EnvironmentChoice {
    var choice = EnvironmentChoice()
    choice.inherit =
      switch config.inherit {
      case .all?: .all
      case .core?: .core
      case ShellEnvironmentConfig.Inherit.none?: .none
      case nil: .allowed
      }
    choice.keepsSecretNames = config.ignoresDefaultExcludes
    (choice.exclude, choice.includeOnly, choice.set) = (config.exclude, config.includeOnly, config.set)
    return choice
  }
}

/// The login environment of a thread, captured at the first command; later commands wait for the same capture.
private actor LoginCache {
  private var capture: Task<LoginEnvironment, Never>?
  private var isReported = false

  /// - Returns: the variables, and once the reason why they are only the inherited ones.
  func variables(inherited: [String: String]) async -> (variables: [String: String], newProblem: String?) {
    let task = capture ?? Task { await LoginEnvironment.capture(inherited: inherited) }
    capture = task
    let environment = await task.value
    defer { isReported = true }
    return (environment.variables, isReported ? nil : environment.problem)
  }
}
