import StetProcess

/// git as stet runs it: nothing that a repository configures is executed (S12). Reads only.
struct ReviewGit: Sendable {
  let cwd: String
  let environment: [String: String]

  /// A repository that takes longer is reviewed without what was asked.
  private static let timeLimit: Duration = .seconds(10)

  /// The output of a git command; nil when it failed or there is no git.
  func run(_ arguments: [String], limit: Int = 64 << 10) async -> String? {
    await run(arguments, GitGuards.options, limit: limit)
  }

  /// A diff: without drivers, text conversions and filters, which may all be programs of the repository.
  func diff(_ arguments: [String], limit: Int) async -> String? {
    let filters = await filterGuards()
    return await run(
      ["diff"] + GitGuards.diffOptions + arguments, GitGuards.options + filters,
      limit: limit)
  }

  /// The changes of one commit against its first parent.
  func show(_ commit: String, limit: Int) async -> String? {
    await run(
      [
        "show", "--format=", "--diff-merges=first-parent", "--no-show-signature", "--no-ext-diff",
        "--no-textconv", "--no-color", commit,
      ], GitGuards.options, limit: limit)
  }

  private func run(_ arguments: [String], _ options: [String], limit: Int) async -> String? {
    var variables = EnvironmentPolicy.filtered(environment)
    variables["GIT_OPTIONAL_LOCKS"] = "0"
    variables["GIT_TERMINAL_PROMPT"] = "0"
    variables["GIT_EXTERNAL_DIFF"] = nil
    let command = Command(
      argv: ["git"] + options + arguments, cwd: cwd, environment: variables, errors: .discarded)
    do {
      let result = try await ProcessSession.run(command, outputLimit: limit, timeLimit: Self.timeLimit)
      guard result.status.isSuccess || result.truncated else { return nil }
      return String(decoding: result.output, as: UTF8.self)
    } catch {
      return nil  // no git here: the review goes on without
    }
  }

  /// Empty commands for every filter that the configuration names.
  private func filterGuards() async -> [String] {
    GitGuards.filters(await run(GitGuards.listFilters) ?? "")
  }
}
