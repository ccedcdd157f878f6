import StetProcess

/// git as stet runs it: nothing that a repository configures is executed (S12). Reads only.
struct ReviewGit: Sendable {
  let cwd: String
  let environment: [String: String]

  /// A repository that takes longer is reviewed without what was asked.
  private static let timeLimit: Duration = .seconds(10)

  /// The output of a git command; nil when it failed or there is no git.
  func run(_ arguments: [String], limit: Int = 64 << 10) async -> String? {
    guard let result = await run(arguments, without: [], limit: limit) else { return nil }
    return result.status.isSuccess || result.truncated ? String(decoding: result.output, as: UTF8.self) : nil
  }

  /// A diff: without drivers, text conversions and filters, which may all be programs of the repository. nil also when
  /// the filters are not known.
  func diff(_ arguments: [String], limit: Int) async -> String? {
    guard let list = await run(GitGuards.listFilters, without: [], limit: 64 << 10), !list.truncated,
      // 1: there are none.
      list.status.isSuccess || list.status.code == 1, let filters = GitGuards.filters(in: list.output),
      let result = await run(["diff"] + GitGuards.diffOptions + arguments, without: filters, limit: limit)
    else { return nil }
    return result.status.isSuccess || result.truncated ? String(decoding: result.output, as: UTF8.self) : nil
  }

  /// The changes of one commit against its first parent.
  func show(_ commit: String, limit: Int) async -> String? {
    await run(
      [
        "show", "--format=", "--diff-merges=first-parent", "--no-show-signature", "--no-ext-diff",
        "--no-textconv", "--no-color", commit,
      ], limit: limit)
  }

  private func run(
    _ arguments: [String], without filters: [GitGuards.Filter], limit: Int
  ) async -> ProcessResult? {
    var variables = EnvironmentPolicy.filtered(environment)
    variables["GIT_OPTIONAL_LOCKS"] = "0"
    variables["GIT_TERMINAL_PROMPT"] = "0"
    let command = Command(
      argv: ["git"] + GitGuards.options + arguments, cwd: cwd,
      environment: GitGuards.environment(variables, without: filters), errors: .discarded)
    do {
      return try await ProcessSession.run(command, outputLimit: limit, timeLimit: Self.timeLimit)
    } catch {
      return nil  // no git here: the review goes on without
    }
  }
}
